// BenchSession: one bench opened for work. It holds the locks, the drivers, the safety envelope
// with its supervisor, and the typed resources of each position; to the scheduler it is the
// BenchPort.
//
// Construction wires and touches nothing. open() takes the locks and arms the supervisor; only then
// may anything be energised. close() makes safe; the destructor does so too.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "devices/meter.hpp"
#include "devices/sources/safety_envelope.hpp"
#include "harness/bench/bench_file.hpp"
#include "harness/bench/lock.hpp"
#include "harness/bench/supervisor.hpp"
#include "harness/journal/journal.hpp"
#include "harness/link/transcript.hpp"
#include "harness/scheduler.hpp"
#include "suites/context.hpp"
#include "suites/neighbours.hpp"

namespace meterproof::suites {

// Loads a bench file with the names that this program knows. Throws ConfigError.
bench::Bench load_bench_file(const std::string& path);

// What the plan must know of each position; needs nothing but the bench file.
std::vector<harness::PositionInfo> positions_of(const bench::Bench& bench);

class BenchSession final : public harness::BenchPort {
 public:
  // Takes the bench's locks and keeps them as long as it lives. bench, journal and sink outlive the
  // session. log_file: the supervisor's. Throws BenchError: a lock is held elsewhere.
  BenchSession(const bench::Bench& bench, journal::Journal& journal,
               std::shared_ptr<link::TransferSink> sink, std::string log_file);
  ~BenchSession() override;

  // Throws BenchError: the supervisor is not ready.
  void open();
  // Source off, confirmed. Throws BenchError when it cannot be confirmed.
  void close();
  // Reads every meter's identity into the journal; when: "before" or "after". Throws BenchError for
  // an unexpected serial number.
  void identify(std::string_view when, std::stop_token stop);

  std::vector<harness::PositionInfo> positions() const override { return positions_of(bench_); }
  const harness::Resources& resources(const std::string& position) const override;
  const harness::BenchClock& clock() const override { return clock_; }
  std::shared_ptr<void> hold_voltage(std::stop_token stop) override;
  bool healthy(const std::string& position, std::stop_token stop) override;
  harness::WallDuration recovery_time(const std::string& position) const override;
  void power_cycle(std::stop_token stop) override;

 private:
  devices::Load nominal_voltage() const;
  void wait_for_boot(std::stop_token stop);
  void note(std::string_view type, boost::json::object fields) noexcept;

  const bench::Bench& bench_;
  journal::Journal& journal_;
  std::shared_ptr<link::TransferSink> sink_;
  std::string log_file_;
  harness::BenchClock clock_;
  std::vector<bench::ResourceLock> locks_;
  std::unique_ptr<bench::Supervisor> supervisor_;
  std::shared_ptr<devices::SafetyEnvelope> envelope_;
  std::map<std::string, std::shared_ptr<devices::Meter>> meters_;
  std::map<std::string, harness::Resources> resources_;
  bool identified_ = false;
};

}  // namespace meterproof::suites
