// Wrong passwords as fast as the link carries them: guessing must become slow or blocked.
//
// An answer alone does not tell whether a guess was evaluated: a locked meter refuses without
// looking. So the right password is offered in the middle of the flood: as long as it opens the
// association at once, every guess before it was evaluated too.
#include <fmt/format.h>

#include "fixtures/attacks/attack_addresses.hpp"
#include "harness/catalogue.hpp"
#include "suites/security/catalogue_entry.hpp"
#include "suites/security/target.hpp"

namespace meterproof::suites {
namespace {

constexpr double k_most_guesses_per_second =
    0.1;  // after ten failures; thresholds of the catalogue (GER)
constexpr int k_free_failures = 10;

enum class GuessForm { same_connection, new_connections, rotating_source, rotating_sap };

struct GuessFlood {
  int delivered = 0;  // guesses that reached the meter
  int answered = 0;
  double seconds = 0;
  bool right_password_opens = false;
  double rate_after_free() const {
    return answered <= k_free_failures || seconds <= 0
               ? 0
               : static_cast<double>(answered - k_free_failures) / seconds;
  }
};

// Own addresses to guess from in turn; the last one is kept for the right password, so that it is
// not locked for what the others did.
struct GuessSources {
  std::vector<std::string> guessing;
  std::string honest;
};

GuessSources guess_sources(const Target& target, int guesses) {
  std::vector<std::string> all = fixtures::attack_addresses(target.host(), guesses + 1).bots;
  if (all.size() < 3) return {};
  std::string honest = std::move(all.back());
  all.pop_back();
  return {std::move(all), std::move(honest)};
}

GuessFlood flood_with_guesses(Target& target, const std::string& client, GuessForm form,
                              int guesses, const GuessSources& sources) {
  Context& ctx = target.context();
  const cosem::ClientSettings right = target.settings(client);
  GuessFlood flood;
  std::optional<cosem::Client> kept;
  const harness::WallTime begun = harness::WallClock::now();
  for (int guess = 0; guess < guesses; ++guess) {
    cosem::ClientSettings wrong = right;
    wrong.password = cosem::to_bytes(fmt::format("{:08d}", 40'000'000 + guess));
    const std::string own =
        form == GuessForm::rotating_source
            ? sources.guessing[static_cast<std::size_t>(guess) % sources.guessing.size()]
            : "";
    if (form == GuessForm::rotating_sap && guess % 2 == 1) {
      // A guess at another client in between, which must not reset or dilute the count.
      auto other = target.connect(client, wrong, own, 100 + guess % 16);
      if (other) (void)other->associate(target.deadline(), ctx.stop());
      continue;
    }
    if (form == GuessForm::same_connection && kept) {
      const auto aarq = cosem::ClientAssociation(wrong).aarq();
      if (aarq && kept->raw_exchange(*aarq, target.deadline(), ctx.stop())) {
        ++flood.delivered;
        ++flood.answered;
        continue;
      }
      kept.reset();  // the meter hung up: go on with a new connection
    }
    auto session = target.connect(client, wrong, own);
    if (!session) continue;
    ++flood.delivered;
    const auto answer = session->associate(target.deadline(), ctx.stop());
    if (answer || cosem::is_refusal(answer.error())) ++flood.answered;
    if (form == GuessForm::same_connection) kept = std::move(*session);
  }
  flood.seconds = std::chrono::duration<double>(harness::WallClock::now() - begun).count();
  kept.reset();
  flood.right_password_opens =
      target.login(client, right, form == GuessForm::rotating_source ? sources.honest : "")
          .has_value();
  return flood;
}

bool judge_flood(Context& ctx, const std::string& name, const GuessFlood& flood, int guesses) {
  // Guesses that never arrived prove nothing, unless the meter has shut the door after the first.
  const int needed = flood.right_password_opens ? k_free_failures : 0;
  ctx.require(
      flood.delivered > needed, "guesses_reached_the_meter",
      fmt::format("{}: {} of {} guesses reached the meter", name, flood.delivered, guesses));
  const double rate = flood.rate_after_free();
  ctx.property("answered_per_second: " + name, fmt::format("{:.3g}", rate));
  const bool throttled = !flood.right_password_opens || rate <= k_most_guesses_per_second;
  ctx.expect(throttled, "guessing_is_throttled",
             throttled
                 ? fmt::format("{}: after {} guesses the right password does not open at once",
                               name, guesses)
                 : fmt::format("{}: {} of {} guesses evaluated at {:.0f}/s and the right password "
                               "opens at once; all 10^8 numbers of 8 digits would take {:.1f} days",
                               name, flood.answered, guesses, rate, 1e8 / rate / 86400));
  ctx.exercised(name);
  return throttled;
}

struct GuessWay {
  std::string name;
  std::string interface;
  GuessForm form;
};

// The one that is hardest to see comes first: every tier has time for it.
const std::vector<GuessWay>& guess_ways() {
  static const std::vector<GuessWay> k_ways{
      {"TCP, rotating source addresses", "tcp", GuessForm::rotating_source},
      {"TCP, rotating client addresses (SAP)", "tcp", GuessForm::rotating_sap},
      {"TCP, a new connection for each guess", "tcp", GuessForm::new_connections},
      {"TCP, one connection", "tcp", GuessForm::same_connection},
      {"optical port, a new HDLC connection for each guess", "optical",
       GuessForm::new_connections}};
  return k_ways;
}

void guess_passwords(Context& ctx) {
  const auto& interfaces = ctx.position().interfaces;
  Target home(ctx, interfaces.contains("tcp") ? "tcp" : interfaces.begin()->first);
  const std::string client = home.client_with("lls");
  home.control_before(client);

  const int guesses = ctx.by_tier(24, 200, 200);
  bool first = true;
  for (const GuessWay& way : guess_ways()) {
    if (!interfaces.contains(way.interface)) {
      ctx.not_exercised(way.name, "the position has no interface '" + way.interface + "'");
      continue;
    }
    Target target(ctx, way.interface);
    const GuessSources sources =
        way.form == GuessForm::rotating_source ? guess_sources(target, guesses) : GuessSources{};
    if (way.form == GuessForm::rotating_source && sources.guessing.empty()) {
      ctx.not_exercised(way.name, "the bench has too few addresses in the meter's network");
      continue;
    }
    if (!first && ctx.tier() == harness::Tier::demo) {
      ctx.not_exercised(way.name, "the tier demo does not wait for the lock-out of another way");
      continue;
    }
    // A meter still locked by the way before would pass this one without having seen it.
    if (!first) home.control_after(client);
    first = false;
    ctx.step(fmt::format("{} guesses: {}", guesses, way.name));
    const GuessFlood flood = flood_with_guesses(target, client, way.form, guesses, sources);
    if (!judge_flood(ctx, way.name, flood, guesses)) break;
  }
  home.control_after(client);
}

const harness::Registration k_sec_auth_001{security_procedure(
    "SEC_AUTH_001",
    [](harness::Procedure& p) {
      p.needs = {"auth.lls"};
      p.declaration.consumes = {"lock_out"};
      p.declaration.disturbs = harness::Disturbs::communication;
      p.mutants = {{"MUT_AUTH_001", "guessing_is_throttled", {}}};
    },
    guess_passwords)};

}  // namespace
}  // namespace meterproof::suites
