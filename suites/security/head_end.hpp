// HeadEnd: the legitimate client beside an attack. Each transaction is what a head-end does with a
// meter it has not talked to for a while: a TCP connection, an authenticated association, the
// energy register, release.
#pragma once

#include <stop_token>
#include <string>

#include "devices/meters/dlms_meter.hpp"
#include "suites/security/goodput.hpp"

namespace meterproof::suites {

struct HeadEndSettings {
  std::string interface = "tcp";
  std::string client;
  std::string own_address;  // empty: the system's choice
  std::chrono::milliseconds timeout{2000};
  std::chrono::milliseconds period{100};  // from the due time of a transaction to the next
};

class HeadEnd {
 public:
  // origin: zero of the times in Transaction. One thread at a time.
  HeadEnd(devices::DlmsMeter& meter, HeadEndSettings settings, harness::WallTime origin,
          std::stop_token stop)
      : meter_(meter), settings_(std::move(settings)), origin_(origin), stop_(std::move(stop)) {}

  // A transaction that is due now.
  Transaction transact() const { return transact(harness::WallClock::now()); }
  // Transactions by the schedule for that long. One that is late goes at once; those that could not
  // even begin within a fifth more than the span are offered and not begun. Throws Cancelled.
  TrafficPhase serve(std::string name, harness::WallDuration span) const;
  // By the schedule until so many were good one after another or the patience is over. Throws
  // Cancelled.
  TrafficPhase serve_until_good(std::string name, int in_a_row,
                                harness::WallDuration patience) const;
  double since_origin(harness::WallTime when) const;

 private:
  Transaction transact(harness::WallTime due) const;
  harness::Result<double> read_once(harness::Deadline deadline) const;  // Wh

  devices::DlmsMeter& meter_;
  HeadEndSettings settings_;
  harness::WallTime origin_;
  std::stop_token stop_;
};

}  // namespace meterproof::suites
