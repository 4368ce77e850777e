// Goodput: what a legitimate head-end gets done, while it is alone and while others flood the
// meter.
//
// The head-end's transactions are due by a schedule, whether or not the ones before have been slow.
// A transaction is good when everything in it worked within the head-end's time-out. Latency counts
// from when it was due, so that a meter that is slow does not look better by being asked less. Pure
// functions.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace meterproof::suites {

// Times in s since the origin of the procedure.
struct Transaction {
  double due = 0;
  double begun = 0;
  double ended = 0;
  bool good = false;
  std::string problem;              // why not
  std::optional<double> energy_wh;  // the register that was read

  double latency() const { return ended - due; }
};

struct TrafficPhase {
  std::string name;  // "baseline"
  int offered = 0;   // transactions that were due; fewer may have been begun
  double seconds = 0;
  std::vector<Transaction> transactions;

  int good() const;
  double goodput() const;       // good ones per second; 0 when nothing was offered
  double failed_share() const;  // of those offered: not good or never begun, 0..1
};

struct Ratio {
  double value = 0;
  double expanded_uncertainty = 0;  // k = 2, from counting
};
// Nothing when the baseline has no goodput.
std::optional<Ratio> goodput_ratio(const TrafficPhase& attacked, const TrafficPhase& baseline);

// Of the good ones, nearest rank; share 0..1. Nothing when there is none.
std::optional<double> latency_percentile(const TrafficPhase& phase, double share);

// From `stopped` to the end of the first of `in_a_row` good transactions one after another.
// Nothing when there are none.
std::optional<double> recovery_time(std::span<const Transaction> after, double stopped,
                                    int in_a_row = 10);

// Empty when no register reading is less than one before it; else which two.
std::string runs_backwards(std::span<const TrafficPhase> phases);

// The 95 % upper bound of a probability of which nothing was seen in so many tries (rule of three).
double rule_of_three(double tries);

std::string to_csv(std::span<const TrafficPhase> phases);

}  // namespace meterproof::suites
