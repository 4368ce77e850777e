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

}  // namespace meterproof::harness
