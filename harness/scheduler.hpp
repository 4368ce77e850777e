// The scheduler executes stages on its own threads, one std::jthread per position. It knows no test
// framework: GoogleTest bodies, pytest items and `meterproof run` only ask for a case; the first
// case of a block to be asked for runs the block for all selected positions.
//
//   lockstep block   one stage that sets the load: all its positions at once, plus guests that only
//   read meanwhile queue block      stages that use the voltage that is held: every position works
//   through its own queue solo block       one position at a time
//
// After every procedure a health probe: if it fails, the declared recovery time is waited; else the
// bench is power-cycled when the block has ended; else the position is quarantined and its
// remaining cases are errors with that reason.
#pragma once

#include <cstdint>
#include <deque>
#include <exception>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "harness/clock.hpp"
#include "harness/plan.hpp"
#include "harness/resources.hpp"
#include "harness/verdict.hpp"

namespace meterproof::journal {
class Journal;
}

namespace meterproof::harness {

class Lockstep;

// What the scheduler asks of a bench; suites/app implements it.
class BenchPort {
 public:
  virtual ~BenchPort() = default;
  virtual std::vector<PositionInfo> positions() const = 0;
  virtual const Resources& resources(const std::string& position) const = 0;
  virtual const BenchClock& clock() const = 0;
  // Nominal voltage on all positions while the returned hold lives. Throws BenchError.
  virtual std::shared_ptr<void> hold_voltage(std::stop_token stop) = 0;
  // Asks the DUT a harmless question.
  virtual bool healthy(const std::string& position, std::stop_token stop) = 0;
  // What the DUT declares to need after an attack or a boot.
  virtual WallDuration recovery_time(const std::string& position) const = 0;
  // Voltage off and on again for the whole bench, then the declared boot time. Throws BenchError.
  virtual void power_cycle(std::stop_token stop) = 0;
};

struct CaseResult {
  Verdict verdict = Verdict::error;
  std::string type;
  std::string reason;
  std::string expectation;  // first failed expectation
  int attempt = 1;
};

struct SchedulerOptions {
  Tier tier = Tier::demo;
  std::uint64_t seed = 1;
  std::stop_token after_step;        // first signal: stop at the next step
  std::stop_token abort;             // second signal: stop every wait
  std::filesystem::path run_folder;  // where attachments go
  std::size_t cases_elsewhere = 0;   // still to come on another bench; for the time left
  // A bench permits a load for so long only: the voltage held between blocks is taken anew, without
  // a gap, before a block when it is older than this.
  WallDuration renew_supply = std::chrono::minutes(10);
};

class Scheduler {
 public:
  Scheduler(const Plan& plan, BenchPort& bench, journal::Journal& journal,
            SchedulerOptions options);
  ~Scheduler();

  // Runs every block in order. Returns early when a stop was asked for; cases not begun have no
  // result then.
  void run_all();
  // Runs the case's block unless its result is at hand and was not given out before; asking again
  // repeats the stage as a new attempt. Throws InternalError for a case that is not in the plan.
  CaseResult result(const CaseId& id);
  std::map<CaseId, CaseResult> results() const;
  // Lets go of the voltage held between blocks.
  void release_supply();

 private:
  enum class Kind { lockstep, queue, solo };
  struct Block {
    Kind kind = Kind::queue;
    std::vector<Stage> stages;
    std::vector<Stage> guests;
  };
  struct Work {
    const Stage* stage = nullptr;
    CaseId id;
  };

  void make_blocks(const std::vector<Stage>& stages);
  void run_block(const Block& block);
  void run_lockstep(const Block& block);
  using Queues = std::map<std::string, std::deque<Work>>;  // by position
  static Queues queues_of(const std::vector<Stage>& stages);
  void run_queues(Queues queues, bool one_at_a_time);
  // Until the queues are empty or their positions need a power cycle; gives those positions.
  std::set<std::string> work_through(Queues& queues, bool one_at_a_time);
  // Returns false when the position needs a power cycle before it can go on.
  bool run_case(const Stage& stage, const CaseId& id, Lockstep& lockstep);
  bool recovered(const std::string& position);
  void mend(const std::set<std::string>& positions);
  CaseResult execute(const Stage& stage, const CaseId& id, Lockstep& lockstep);
  void hold_supply();
  void bench_failed(const Block& block, const std::string& what);
  void keep(const CaseId& id, const CaseResult& result);
  void report_progress(const std::string& procedure, WallDuration took);
  bool stopping() const;
  // Runs work of a thread; what it throws ends the run and is thrown to whoever asked for it.
  bool guarded(const std::function<bool()>& work);
  void rethrow_fatal() const;
  void note_health(const std::string& position, bool ok, std::string_view action,
                   const std::string& detail);

  BenchPort& bench_;
  journal::Journal& journal_;
  SchedulerOptions options_;
  std::vector<Block> blocks_;
  std::mutex running_;  // one block at a time
  std::shared_ptr<void> supply_;
  WallTime supply_since_;

  mutable std::mutex mutex_;  // guards what follows
  std::map<CaseId, CaseResult> results_;
  std::set<CaseId> given_out_;
  std::map<std::string, CaseResult> quarantined_;  // with what their remaining cases get
  std::map<std::string, std::pair<WallDuration, int>> took_;
  std::size_t total_ = 0;
  std::exception_ptr fatal_;
};

}  // namespace meterproof::harness
