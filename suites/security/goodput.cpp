#include "suites/security/goodput.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace meterproof::suites {
namespace {

// Variance of a share estimated from n tries; one try is added to each side (Agresti and Coull's
// simple form), so that 0 of n and n of n are not taken for certain.
double variance_of_share(int good, int tries) {
  const double n = tries + 2;
  const double p = (good + 1) / n;
  return p * (1 - p) / n;
}

}  // namespace

int TrafficPhase::good() const {
  return static_cast<int>(std::count_if(transactions.begin(), transactions.end(),
                                        [](const Transaction& one) { return one.good; }));
}

double TrafficPhase::goodput() const { return seconds > 0 ? good() / seconds : 0; }

double TrafficPhase::failed_share() const {
  return offered > 0 ? static_cast<double>(offered - good()) / offered : 0;
}

std::optional<Ratio> goodput_ratio(const TrafficPhase& attacked, const TrafficPhase& baseline) {
  if (!(baseline.goodput() > 0) || attacked.offered <= 0) return std::nullopt;
  Ratio ratio{attacked.goodput() / baseline.goodput(), 0};
  const double share = static_cast<double>(attacked.good()) / attacked.offered;
  const double base = static_cast<double>(baseline.good()) / baseline.offered;
  ratio.expanded_uncertainty = 2 / base *
                               std::sqrt(variance_of_share(attacked.good(), attacked.offered) +
                                         share * share / (base * base) *
                                             variance_of_share(baseline.good(), baseline.offered));
  return ratio;
}

std::optional<double> latency_percentile(const TrafficPhase& phase, double share) {
  std::vector<double> latencies;
  for (const Transaction& one : phase.transactions) {
    if (one.good) latencies.push_back(one.latency());
  }
  if (latencies.empty()) return std::nullopt;
  std::sort(latencies.begin(), latencies.end());
  const auto rank =
      static_cast<std::size_t>(std::ceil(share * static_cast<double>(latencies.size())));
  return latencies[std::clamp<std::size_t>(rank, 1, latencies.size()) - 1];
}

std::optional<double> recovery_time(std::span<const Transaction> after, double stopped,
                                    int in_a_row) {
  int row = 0;
  for (std::size_t i = 0; i < after.size(); ++i) {
    row = after[i].good ? row + 1 : 0;
    if (row != in_a_row) continue;
    return std::max(0.0, after[i + 1 - static_cast<std::size_t>(in_a_row)].ended - stopped);
  }
  return std::nullopt;
}

std::string runs_backwards(std::span<const TrafficPhase> phases) {
  const Transaction* last = nullptr;
  for (const TrafficPhase& phase : phases) {
    for (const Transaction& one : phase.transactions) {
      if (!one.energy_wh) continue;
      if (last && *one.energy_wh < *last->energy_wh) {
        return fmt::format("{} Wh at {:.3f} s, {} Wh at {:.3f} s", *last->energy_wh, last->ended,
                           *one.energy_wh, one.ended);
      }
      last = &one;
    }
  }
  return {};
}

double rule_of_three(double tries) { return tries > 3 ? 3 / tries : 1; }

std::string to_csv(std::span<const TrafficPhase> phases) {
  std::string text = "phase,due_s,begun_s,ended_s,good,energy_wh,problem\n";
  for (const TrafficPhase& phase : phases) {
    for (const Transaction& one : phase.transactions) {
      std::string problem = one.problem;
      std::replace(problem.begin(), problem.end(), '"', '\'');
      text +=
          fmt::format("{},{:.6f},{:.6f},{:.6f},{},{},\"{}\"\n", phase.name, one.due, one.begun,
                      one.ended, one.good ? 1 : 0,
                      one.energy_wh ? fmt::format("{}", *one.energy_wh) : std::string{}, problem);
    }
  }
  return text;
}

}  // namespace meterproof::suites
