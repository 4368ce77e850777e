// What the scheduler does with one case: run it, record how it ended, look after the position, and
// say how long the rest will take.
#include <algorithm>
#include <future>
#include <optional>
#include <utility>

#include "harness/context.hpp"
#include "harness/errors.hpp"
#include "harness/journal/case_journal.hpp"
#include "harness/journal/journal.hpp"
#include "harness/lockstep.hpp"
#include "harness/scheduler.hpp"

namespace meterproof::harness {

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
