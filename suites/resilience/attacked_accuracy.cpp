#include "suites/resilience/attacked_accuracy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace meterproof::suites {
namespace {

// Variance of the mean, %^2: what the runs scatter, or what each could not resolve, whichever is
// more.
double variance_of_mean_error(std::span<const ErrorRun> runs) {
  const double n = static_cast<double>(runs.size());
  double resolution = 0;
  for (const ErrorRun& run : runs) {
    resolution += run.expanded_resolution_percent * run.expanded_resolution_percent / 4;
  }
  const double scatter = repeatability(runs);
  return std::max(resolution / n, scatter * scatter) / n;
}

}  // namespace

double mean_error(std::span<const ErrorRun> runs) {
  double sum = 0;
  for (const ErrorRun& run : runs) sum += run.error_percent;
  return runs.empty() ? 0 : sum / static_cast<double>(runs.size());
}

double repeatability(std::span<const ErrorRun> runs) {
  if (runs.size() < 2) return 0;
  const double mean = mean_error(runs);
  double squares = 0;
  for (const ErrorRun& run : runs)
    squares += (run.error_percent - mean) * (run.error_percent - mean);
  return std::sqrt(squares / static_cast<double>(runs.size() - 1));
}

harness::Measurement accuracy_shift(std::span<const ErrorRun> quiet,
                                    std::span<const ErrorRun> attacked, double mpe_percent) {
  const double limit = std::max(0.1 * mpe_percent, 2 * repeatability(quiet));
  harness::Measurement shift;
  shift.name = "accuracy_shift";
  shift.unit = "%";
  shift.value = mean_error(attacked) - mean_error(quiet);
  shift.expanded_uncertainty =
      2 * std::sqrt(variance_of_mean_error(quiet) + variance_of_mean_error(attacked));
  shift.lower_limit = -limit;
  shift.upper_limit = limit;
  // A tenth of the MPE is a narrow limit already; a shift far outside it needs no finer ruler.
  shift.rule = {"simple acceptance, U <= limit", 1};
  shift.observations = static_cast<int>(quiet.size() + attacked.size());
  shift.limit_source = "security catalogue, AES: max(0.1 MPE, 2 s_r); MID 2014/32/EU Annex I 8.1";
  return shift;
}

std::string register_strays(const RegisterPoint& first, const RegisterPoint& last,
                            double resolution_wh, double constant) {
  const double wh_per_pulse = 1000 / constant;
  const auto pulses = [](std::uint64_t later, std::uint64_t earlier) {
    return static_cast<double>(static_cast<std::int64_t>(later - earlier));
  };
  const double advanced = last.wh - first.wh;
  const double slack = resolution_wh + wh_per_pulse;
  const double least = pulses(last.pulses_before, first.pulses_after) * wh_per_pulse - slack;
  const double most = pulses(last.pulses_after, first.pulses_before) * wh_per_pulse + slack;
  if (advanced >= least && advanced <= most) return {};
  return fmt::format("the register advanced by {} Wh, the pulses say {} to {} Wh", advanced, least,
                     most);
}

}  // namespace meterproof::suites
