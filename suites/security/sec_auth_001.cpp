// Wrong passwords as fast as the link carries them: guessing must become slow or blocked.
//
// An answer alone does not tell whether a guess was evaluated: a locked meter refuses without
// looking. So the right password is offered in the middle of the flood: as long as it opens the
// association at once, every guess before it was evaluated too.
#include <fmt/format.h>

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
  int answered = 0;
  double seconds = 0;
  bool right_password_opens = false;
  double rate_after_free() const {
    return answered <= k_free_failures || seconds <= 0
               ? 0
               : static_cast<double>(answered - k_free_failures) / seconds;
  }
};

bool opens(Target& target, cosem::ClientSettings settings, const std::string& client,
           const std::string& own_address) {
  return target.login(client, std::move(settings), own_address).has_value();
}

GuessFlood flood_with_guesses(Target& target, const std::string& client, GuessForm form,
                              int guesses) {
  Context& ctx = target.context();
  const cosem::ClientSettings right = target.settings(client);
  GuessFlood flood;
  std::optional<cosem::Client> kept;
  const harness::WallTime begun = harness::WallClock::now();
  for (int guess = 0; guess < guesses; ++guess) {
    cosem::ClientSettings wrong = right;
    wrong.password = cosem::to_bytes(fmt::format("{:08d}", 40'000'000 + guess));
    const std::string own =
        form == GuessForm::rotating_source ? fmt::format("127.66.1.{}", 1 + guess % 200) : "";
    if (form == GuessForm::rotating_sap && guess % 2 == 1) {
      // A guess at another client in between, which must not reset or dilute the count.
      auto other = target.connect(client, wrong, own, 100 + guess % 16);
      if (other) (void)other->associate(target.deadline(), ctx.stop());
      continue;
    }
    if (form == GuessForm::same_connection && kept) {
      const auto aarq = cosem::ClientAssociation(wrong).aarq();
      if (aarq && kept->raw_exchange(*aarq, target.deadline(), ctx.stop())) {
        ++flood.answered;
        continue;
      }
      kept.reset();  // the meter hung up: go on with a new connection
    }
    auto session = target.connect(client, wrong, own);
    if (!session) continue;
    const auto answer = session->associate(target.deadline(), ctx.stop());
    if (answer || cosem::is_refusal(answer.error())) ++flood.answered;
    if (form == GuessForm::same_connection) kept = std::move(*session);
  }
  flood.seconds = std::chrono::duration<double>(harness::WallClock::now() - begun).count();
  kept.reset();
  flood.right_password_opens = opens(target, right, client, "");
  return flood;
}

void guess_passwords(Context& ctx) {
  Target target(ctx, ctx.variant() == "optical" ? "optical" : "tcp");
  const std::string client = target.client_with("lls");
  target.control_before(client);

  const int guesses = ctx.by_tier(24, 200, 200);
  std::vector<std::pair<std::string, GuessForm>> forms;
  if (target.interface() == "tcp") {
    forms = {{"one connection", GuessForm::same_connection},
             {"a new connection for each guess", GuessForm::new_connections},
             {"rotating source addresses", GuessForm::rotating_source},
             {"rotating client addresses (SAP)", GuessForm::rotating_sap}};
  } else {
    forms = {{"new HDLC connections", GuessForm::new_connections}};
  }
  for (const auto& [name, form] : forms) {
    ctx.step(fmt::format("{} guesses, {}", guesses, name));
    const GuessFlood flood = flood_with_guesses(target, client, form, guesses);
    const double rate = flood.rate_after_free();
    ctx.property("guesses_answered_per_second." + std::to_string(static_cast<int>(form)),
                 fmt::format("{:.3g}", rate));
    const bool throttled = !flood.right_password_opens || rate <= k_most_guesses_per_second;
    ctx.expect(
        throttled, "guessing_is_throttled",
        throttled
            ? fmt::format("{}: after {} guesses the right password does not open at once", name,
                          guesses)
            : fmt::format("{}: {} of {} guesses evaluated at {:.0f}/s and the right password "
                          "opens at once; all 10^8 numbers of 8 digits would take {:.1f} days",
                          name, flood.answered, guesses, rate, 1e8 / rate / 86400));
    ctx.exercised(name);
    if (!throttled) break;
  }
  target.control_after(client);
}

const harness::Registration k_sec_auth_001{security_procedure(
    "SEC_AUTH_001",
    [](harness::Procedure& p) {
      p.needs = {"auth.lls"};
      p.declaration.consumes = {"lock_out"};
      p.declaration.disturbs = harness::Disturbs::communication;
      p.variants = {{"tcp", "over TCP", {"interface.tcp"}},
                    {"optical", "over the optical port", {"interface.optical"}}};
      p.mutants = {{"MUT_AUTH_001", "guessing_is_throttled", {}}};
    },
    guess_passwords)};

}  // namespace
}  // namespace meterproof::suites
