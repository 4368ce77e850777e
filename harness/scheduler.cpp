#include "harness/scheduler.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <future>
#include <optional>
#include <thread>
#include <utility>

#include "harness/context.hpp"
#include "harness/errors.hpp"
#include "harness/journal/case_journal.hpp"
#include "harness/journal/journal.hpp"
#include "harness/lockstep.hpp"

namespace meterproof::harness {
namespace {

bool sets_load(const Stage& stage) {
  return stage.procedure->declaration.changes_supply ||
         stage.procedure->declaration.supply == Supply::load;
}

}  // namespace

Scheduler::Scheduler(const Plan& plan, BenchPort& bench, journal::Journal& journal,
                     SchedulerOptions options)
    : bench_(bench), journal_(journal), options_(std::move(options)) {
  make_blocks(stages_of(plan));
}

Scheduler::~Scheduler() = default;

void Scheduler::make_blocks(const std::vector<Stage>& stages) {
  std::deque<Stage> guests;
  const auto hosted = [&](const Stage& stage) {
    return may_be_guest(*stage.procedure) &&
           std::any_of(stages.begin(), stages.end(), [&](const Stage& host) {
             return host.procedure->declaration.hosts_guests && host.group == stage.group;
           });
  };
  for (const Stage& stage : stages) {
    total_ += stage.cases.size();
    if (hosted(stage)) {
      guests.push_back(stage);
      continue;
    }
    if (stage.procedure->declaration.one_position_at_a_time) {
      blocks_.push_back({Kind::solo, {stage}, {}});
    } else if (sets_load(stage)) {
      blocks_.push_back({Kind::lockstep, {stage}, {}});
    } else {
      if (blocks_.empty() || blocks_.back().kind != Kind::queue) {
        blocks_.push_back({Kind::queue, {}, {}});
      }
      blocks_.back().stages.push_back(stage);
    }
  }
  for (Block& block : blocks_) {
    if (block.kind != Kind::lockstep || !block.stages.front().procedure->declaration.hosts_guests) {
      continue;
    }
    for (auto guest = guests.begin(); guest != guests.end();) {
      if (guest->group != block.stages.front().group) {
        ++guest;
        continue;
      }
      block.guests.push_back(*guest);
      guest = guests.erase(guest);
    }
  }
}

void Scheduler::run_all() {
  for (const Block& block : blocks_) {
    if (stopping()) break;
    run_block(block);
  }
  release_supply();
}

CaseResult Scheduler::result(const CaseId& id) {
  const auto holds = [&](const Stage& stage) {
    return std::find(stage.cases.begin(), stage.cases.end(), id) != stage.cases.end();
  };
  const auto known = [&]() -> std::optional<CaseResult> {
    const std::lock_guard lock(mutex_);
    const auto found = results_.find(id);
    if (found == results_.end() || given_out_.contains(id)) return std::nullopt;
    given_out_.insert(id);
    return found->second;
  };
  const std::lock_guard running(running_);
  if (auto result = known()) return *result;
  for (const Block& block : blocks_) {
    for (const auto* stages : {&block.stages, &block.guests}) {
      const auto stage = std::find_if(stages->begin(), stages->end(), holds);
      if (stage == stages->end()) continue;
      bool repeated = false;
      {
        const std::lock_guard lock(mutex_);
        repeated = results_.contains(id);
        for (const CaseId& other : stage->cases) {
          if (repeated) given_out_.erase(other);
        }
      }
      // A repeat runs the one stage; the first request runs the block it belongs to.
      if (repeated) {
        const bool lockstep = sets_load(*stage) && block.kind != Kind::solo;
        run_block(Block{lockstep ? Kind::lockstep : block.kind, {*stage}, {}});
      } else {
        run_block(block);
      }
      if (auto result = known()) return *result;
      throw Cancelled("the run was stopped before " + id.to_string());
    }
  }
  throw InternalError("case " + id.to_string() + " is not in the plan");
}

std::map<CaseId, CaseResult> Scheduler::results() const {
  const std::lock_guard lock(mutex_);
  return results_;
}

void Scheduler::release_supply() { supply_.reset(); }

bool Scheduler::guarded(const std::function<bool()>& work) {
  try {
    return work();
  } catch (...) {
    // The journal cannot be written, or we have a bug outside any procedure: nothing after this
    // could be recorded.
    const std::lock_guard lock(mutex_);
    if (!fatal_) fatal_ = std::current_exception();
    return true;
  }
}

void Scheduler::rethrow_fatal() const {
  const std::lock_guard lock(mutex_);
  if (fatal_) std::rethrow_exception(fatal_);
}

bool Scheduler::stopping() const {
  {
    const std::lock_guard lock(mutex_);
    if (fatal_) return true;
  }
  return options_.after_step.stop_requested() || options_.abort.stop_requested();
}

void Scheduler::hold_supply() {
  const WallTime now = WallClock::now();
  if (supply_ && now - supply_since_ < options_.renew_supply) return;
  // Taken before the older one is let go.
  supply_ = bench_.hold_voltage(options_.abort);
  supply_since_ = now;
}

void Scheduler::run_block(const Block& block) {
  try {
    const bool needs_supply = std::any_of(
        block.stages.begin(), block.stages.end(),
        [](const Stage& stage) { return stage.procedure->declaration.supply != Supply::none; });
    if (needs_supply) hold_supply();
    if (block.kind == Kind::lockstep) {
      run_lockstep(block);
    } else {
      run_queues(queues_of(block.stages), block.kind == Kind::solo);
    }
  } catch (const BenchError& fault) {
    bench_failed(block, fault.what());
    // A supply at fault gives nothing until it is let go.
    release_supply();
  }
  rethrow_fatal();
}

void Scheduler::run_lockstep(const Block& block) {
  const Stage& stage = block.stages.front();
  std::set<std::string> to_mend;
  std::mutex to_mend_mutex;
  Queues guests = queues_of(block.guests);
  {
    Lockstep lockstep(static_cast<int>(stage.cases.size()));
    std::vector<std::jthread> threads;
    for (const CaseId& id : stage.cases) {
      threads.emplace_back([&, id] {
        const bool fine = guarded([&] { return run_case(stage, id, lockstep); });
        const std::lock_guard lock(to_mend_mutex);
        if (!fine) to_mend.insert(id.position);
      });
    }
    // A power cycle that a guest's position needs waits for the host: in the dark every no-load
    // test passes.
    std::jthread guest_thread([&] {
      const auto sick = work_through(guests, false);
      const std::lock_guard lock(to_mend_mutex);
      to_mend.insert(sick.begin(), sick.end());
    });
  }
  mend(to_mend);
  if (block.guests.empty() || stopping()) return;
  // A guest may have disturbed its host: what did not pass beside guests is repeated alone before
  // it counts.
  for (const CaseId& id : stage.cases) {
    const auto all = results();
    const auto found = all.find(id);
    if (found == all.end()) continue;
    const CaseResult& result = found->second;
    if (result.verdict == Verdict::pass || quarantined_.contains(id.position)) continue;
    note_health(id.position, true, "repeated",
                id.to_string() + " was " + std::string(to_string(result.verdict)) +
                    " while guests ran; repeating it alone");
    Lockstep alone(1);
    if (!run_case(stage, id, alone)) mend({id.position});
  }
  run_queues(std::move(guests), false);
}

Scheduler::Queues Scheduler::queues_of(const std::vector<Stage>& stages) {
  Queues queues;
  for (const Stage& stage : stages) {
    for (const CaseId& id : stage.cases) queues[id.position].push_back({&stage, id});
  }
  return queues;
}

void Scheduler::run_queues(Queues queues, bool one_at_a_time) {
  while (!queues.empty() && !stopping()) mend(work_through(queues, one_at_a_time));
}

std::set<std::string> Scheduler::work_through(Queues& queues, bool one_at_a_time) {
  std::set<std::string> to_mend;
  std::mutex to_mend_mutex;
  const auto work = [&](const std::string& position, std::deque<Work>& queue) {
    while (!queue.empty() && !stopping()) {
      const Work next = queue.front();
      queue.pop_front();
      Lockstep alone(1);
      if (!guarded([&] { return run_case(*next.stage, next.id, alone); })) {
        const std::lock_guard lock(to_mend_mutex);
        to_mend.insert(position);
        return;
      }
    }
  };
  {
    std::vector<std::jthread> threads;
    for (auto& [position, queue] : queues) {
      threads.emplace_back(work, std::cref(position), std::ref(queue));
      if (one_at_a_time) threads.back().join();
    }
  }
  std::erase_if(queues, [](const auto& entry) { return entry.second.empty(); });
  return to_mend;
}

bool Scheduler::run_case(const Stage& stage, const CaseId& id, Lockstep& lockstep) {
  std::optional<CaseResult> quarantine;
  {
    const std::lock_guard lock(mutex_);
    const auto found = quarantined_.find(id.position);
    if (found != quarantined_.end()) quarantine = found->second;
  }
  if (stopping()) {
    lockstep.leave();
    return true;
  }
  const WallTime begun = WallClock::now();
  CaseResult result;
  if (quarantine) {
    lockstep.leave();
    CaseJournal journal(journal_, options_.run_folder, id);
    result = *quarantine;
    CaseOutcome outcome;
    outcome.bench_fault(result.type, result.reason);
    journal.started(id.position);
    journal.verdict(outcome, to_string(options_.tier), 0);
  } else {
    result = execute(stage, id, lockstep);
  }
  keep(id, result);
  report_progress(id.procedure, WallClock::now() - begun);
  return quarantine.has_value() || stopping() || recovered(id.position);
}

CaseResult Scheduler::execute(const Stage& stage, const CaseId& id, Lockstep& lockstep) {
  const WallTime begun = WallClock::now();
  // Also when the journal cannot be written: the other positions must not wait for this one.
  struct Leaver {
    Lockstep* lockstep;
    void leave() {
      if (lockstep) std::exchange(lockstep, nullptr)->leave();
    }
    ~Leaver() { leave(); }
  } leaver{&lockstep};
  CaseJournal journal(journal_, options_.run_folder, id);
  Context context({.id = id,
                   .procedure = stage.procedure,
                   .tier = options_.tier,
                   .seed = options_.seed,
                   .stop = options_.abort,
                   .stop_after_step = options_.after_step,
                   .clock = &bench_.clock(),
                   .resources = &bench_.resources(id.position),
                   .lockstep = &lockstep,
                   .journal = &journal});
  CaseOutcome& outcome = context.outcome();
  try {
    journal.started(id.position);
    for (const NotExercised& form : stage.procedure->not_exercised) {
      context.not_exercised(form.form, form.reason);
    }
    stage.procedure->body(context);
  } catch (const ControlFailed&) {  // already recorded
  } catch (const BenchError& fault) {
    outcome.bench_fault("BenchError", fault.what());
  } catch (const ConfigError& fault) {
    outcome.bench_fault("BenchError", fault.what());
  } catch (const Cancelled& stop) {
    outcome.bench_fault("Interrupted", stop.what());
  } catch (const std::exception& bug) {
    outcome.bench_fault("InternalError", bug.what());
  }
  leaver.leave();
  journal.verdict(outcome, to_string(options_.tier),
                  std::chrono::duration<double>(WallClock::now() - begun).count());
  return {outcome.verdict(), outcome.type(), outcome.message(), outcome.expectation(),
          journal.attempt()};
}

bool Scheduler::recovered(const std::string& position) {
  if (bench_.healthy(position, options_.abort)) return true;
  note_health(position, false, "probe", "the position did not answer the health probe");
  try {
    wait(bench_.recovery_time(position), options_.abort);
  } catch (const Cancelled&) {
    return true;
  }
  const bool healthy = bench_.healthy(position, options_.abort);
  note_health(position, healthy, "waited", "waited the declared recovery time");
  return healthy;
}

void Scheduler::mend(const std::set<std::string>& positions) {
  if (positions.empty() || stopping()) return;
  std::string fault;
  try {
    bench_.power_cycle(options_.abort);
  } catch (const BenchError& error) {
    fault = error.what();
  } catch (const Cancelled&) {
    return;
  }
  // All at once: silence takes its time to be told from slowness.
  std::map<std::string, std::future<bool>> answers;
  for (const std::string& position : positions) {
    answers[position] = std::async(std::launch::async, [this, &position, dead = !fault.empty()] {
      return !dead && bench_.healthy(position, options_.abort);
    });
  }
  for (const std::string& position : positions) {
    if (answers.at(position).get()) {
      note_health(position, true, "power_cycled", "answers again after a power cycle");
      continue;
    }
    note_health(position, false, "quarantined",
                fault.empty() ? "silent after a power cycle" : "power cycle failed: " + fault);
    const std::lock_guard lock(mutex_);
    quarantined_[position] =
        fault.empty()
            ? CaseResult{Verdict::error, "Quarantined",
                         "position " + position + " was quarantined after a failed health probe",
                         "", 0}
            : CaseResult{Verdict::error, "BenchError", fault, "", 0};
  }
}

void Scheduler::bench_failed(const Block& block, const std::string& what) {
  for (const auto* stages : {&block.stages, &block.guests}) {
    for (const Stage& stage : *stages) {
      for (const CaseId& id : stage.cases) {
        if (results().contains(id)) continue;
        CaseJournal journal(journal_, options_.run_folder, id);
        CaseOutcome outcome;
        outcome.bench_fault("BenchError", what);
        journal.started(id.position);
        journal.verdict(outcome, to_string(options_.tier), 0);
        keep(id, {Verdict::error, "BenchError", what, "", journal.attempt()});
      }
    }
  }
}

void Scheduler::keep(const CaseId& id, const CaseResult& result) {
  const std::lock_guard lock(mutex_);
  results_[id] = result;
}

void Scheduler::note_health(const std::string& position, bool ok, std::string_view action,
                            const std::string& detail) {
  journal_.append("health",
                  {{"position", position}, {"ok", ok}, {"action", action}, {"detail", detail}});
}

void Scheduler::report_progress(const std::string& procedure, WallDuration took) {
  boost::json::object event;
  {
    const std::lock_guard lock(mutex_);
    auto& [sum, count] = took_[procedure];
    sum += took;
    ++count;
    // What is left is estimated per case from its own procedure's mean so far, or from the mean of
    // all.
    WallDuration all{};
    int all_count = 0;
    for (const auto& [name, entry] : took_) {
      all += entry.first;
      all_count += entry.second;
    }
    WallDuration left = (all / all_count) * static_cast<int>(options_.cases_elsewhere);
    for (const Block& block : blocks_) {
      for (const auto* stages : {&block.stages, &block.guests}) {
        for (const Stage& stage : *stages) {
          const auto known = took_.find(stage.procedure->id);
          const WallDuration mean =
              known == took_.end() ? all / all_count : known->second.first / known->second.second;
          const bool together = block.kind == Kind::lockstep;
          int remaining = 0;
          for (const CaseId& id : stage.cases) remaining += results_.contains(id) ? 0 : 1;
          left += mean * (together ? std::min(remaining, 1) : remaining);
        }
      }
    }
    event = {{"done", results_.size()},
             {"total", total_},
             {"eta_s", std::chrono::duration<double>(left).count()}};
  }
  journal_.append("progress", std::move(event));
}

}  // namespace meterproof::harness
