// Refusals must not tell which part of a credential was wrong, neither by what they say nor by how
// long they take.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "harness/catalogue.hpp"
#include "suites/security/catalogue_entry.hpp"
#include "suites/security/statistics.hpp"
#include "suites/security/target.hpp"

namespace meterproof::suites {
namespace {

// Failures in a row that stay below every declared lock-out; a right log-in after them sets the
// count back.
constexpr int k_failures_in_a_row = 4;
constexpr double k_t_threshold = 4.5;

enum Guess : std::size_t {
  unknown_client,
  wrong_length,
  none_right,
  first_right,
  all_but_last,
  guess_count
};
constexpr std::array<const char*, guess_count> k_guess_names{"unknown client", "wrong length",
                                                             "no octet right", "first octet right",
                                                             "all but the last octet right"};

struct RefusalSample {
  std::array<std::vector<double>, guess_count> microseconds;
  std::array<std::map<std::string, int>, guess_count> answers;
  int unanswered = 0;
};

cosem::Bytes guess_password(Guess guess, cosem::Bytes right) {
  const auto wrong = [](std::byte octet) { return octet ^ std::byte{0x15}; };
  switch (guess) {
    case wrong_length:
      right.push_back(std::byte{'0'});
      right.push_back(std::byte{'0'});
      break;
    case first_right:
      std::transform(right.begin() + 1, right.end(), right.begin() + 1, wrong);
      break;
    case all_but_last:
      right.back() = wrong(right.back());
      break;
    default:
      std::transform(right.begin(), right.end(), right.begin(), wrong);
  }
  return right;
}

RefusalSample collect_refusals(Target& target, const std::string& client, int per_class,
                               std::string_view purpose) {
  Context& ctx = target.context();
  RefusalSample sample;
  std::vector<Guess> order;
  for (int i = 0; i < per_class; ++i) {
    for (std::size_t g = 0; g < guess_count; ++g) order.push_back(static_cast<Guess>(g));
  }
  std::mt19937_64 random = ctx.random(purpose);
  std::shuffle(order.begin(), order.end(), random);
  const cosem::ClientSettings right = target.settings(client);
  int in_a_row = k_failures_in_a_row;  // what came before is not known: begin with a right log-in
  for (const Guess guess : order) {
    if (in_a_row == k_failures_in_a_row) {
      ctx.step("setting the failure count back by a right log-in");
      const auto reset = target.log_in_and_read(client);
      ctx.require(reset.has_value(), "count_set_back", said(reset));
      in_a_row = 0;
    }
    cosem::ClientSettings wrong = right;
    wrong.password = guess_password(guess, right.password);
    auto session = target.connect(client, wrong, {},
                                  guess == unknown_client ? std::optional<int>(99) : std::nullopt);
    ctx.require(session.has_value(), "connected", said(session));
    const harness::WallTime begun = harness::WallClock::now();
    const auto answer = session->associate(target.deadline(), ctx.stop());
    const auto took = harness::WallClock::now() - begun;
    if (guess != unknown_client) ++in_a_row;
    if (!answer && !cosem::is_refusal(answer.error())) ++sample.unanswered;
    sample.answers[guess][said(answer)]++;
    sample.microseconds[guess].push_back(std::chrono::duration<double, std::micro>(took).count());
  }
  return sample;
}

struct TimingLeak {
  double t = 0;
  std::string between;
};

// Only a monotone relation to the matched prefix is a leak; |t| alone may be a neighbour on the
// machine.
TimingLeak worst_leak(const RefusalSample& sample) {
  const auto& times = sample.microseconds;
  const double whole = welch_t(times[all_but_last], times[none_right]);
  const double part = welch_t(times[all_but_last], times[first_right]);
  const bool monotone = whole > 0 && part > 0;
  return {monotone ? std::min(whole, part) : 0, "no, one and all but one octets right"};
}

void refusals_tell_nothing(Context& ctx) {
  Target target(ctx, ctx.variant());
  const std::string client = target.client_with("lls");
  target.control_before(client);
  const int per_class = ctx.by_tier(100, 1000, 2000);
  ctx.step(fmt::format("{} refusals of each of {} classes", per_class, +guess_count));
  RefusalSample sample = collect_refusals(target, client, per_class, "order");
  ctx.require(sample.unanswered == 0, "every_guess_was_answered",
              fmt::format("{} without an answer", sample.unanswered));

  std::string differing;
  for (std::size_t g = 0; g < guess_count; ++g) {
    if (sample.answers[g] == sample.answers[none_right] && sample.answers[g].size() == 1) continue;
    differing += fmt::format("{}{}: {}", differing.empty() ? "" : "; ", k_guess_names[g],
                             sample.answers[g].begin()->first);
  }
  ctx.expect(differing.empty(), "refusals_say_the_same",
             differing.empty() ? sample.answers[none_right].begin()->first : differing);

  TimingLeak leak = worst_leak(sample);
  if (leak.t >= k_t_threshold) {
    ctx.step("a difference in time: collecting once more");
    const TimingLeak again =
        worst_leak(collect_refusals(target, client, per_class, "order of the second run"));
    leak.t = std::min(leak.t, again.t);
  }
  ctx.expect(
      leak.t < k_t_threshold, "refusals_take_the_same_time",
      fmt::format("Welch t = {:.1f} between {} (limit {})", leak.t, leak.between, k_t_threshold));
  ctx.property("welch_t", fmt::format("{:.2f}", leak.t));
  ctx.property("samples_per_class", std::to_string(per_class));
  ctx.exercised(
      fmt::format("answers and times of {} refusals", per_class * static_cast<int>(guess_count)));
  target.control_after(client);
}

const harness::Registration k_sec_auth_004{security_procedure(
    "SEC_AUTH_004",
    [](harness::Procedure& p) {
      p.needs = {"auth.lls"};
      p.declaration.disturbs = harness::Disturbs::communication;
      p.declaration.one_position_at_a_time =
          true;  // times are compared: nothing else may use the processor
      p.variants = {{"tcp", "over TCP", {"interface.tcp"}}};
      p.not_exercised = {{"over the optical port", "the line is slower than what is looked for"}};
      p.mutants = {{"MUT_AUTH_004", "refusals_take_the_same_time", {}}};
    },
    refusals_tell_nothing)};

}  // namespace
}  // namespace meterproof::suites
