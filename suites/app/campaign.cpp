#include "suites/app/campaign.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <exception>
#include <random>

#include "devices/simulated/world_process.hpp"
#include "harness/bench/bench_file.hpp"
#include "harness/errors.hpp"
#include "harness/journal/case_journal.hpp"
#include "harness/journal/journal.hpp"
#include "harness/journal/journal_reader.hpp"
#include "harness/journal/run_folder.hpp"
#include "harness/journal/run_model.hpp"
#include "harness/journal/run_summary.hpp"
#include "harness/link/capture.hpp"
#include "harness/link/transcript_files.hpp"
#include "reports/junit_observer.hpp"
#include "reports/regenerate.hpp"
#include "suites/app/bench_session.hpp"
#include "suites/app/earlier_run.hpp"
#include "suites/app/planned_event.hpp"
#include "suites/app/virtual_config.hpp"

namespace meterproof::suites {
namespace {

namespace fs = std::filesystem;

std::uint64_t drawn_seed() {
  std::random_device device;
  return (static_cast<std::uint64_t>(device()) << 32 | device()) >> 1;
}

// A directory of this run's own under the system's temporary one, removed at the end.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string name = (fs::temp_directory_path() / "meterproof-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw harness::BenchError("no temporary directory");
    path_ = name;
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

// A bench and the part of the plan that runs on it.
struct Section {
  std::string name;
  bench::Bench bench;
  std::unique_ptr<simulated::WorldProcess> world;
  harness::Plan plan;
  std::unique_ptr<BenchSession> session;
  std::unique_ptr<harness::Scheduler> scheduler;
};

bool wants_real_time(const harness::Procedure& procedure) {
  // What needs no bench time gains nothing from a fast world and keeps its wall clock honest in a
  // slow one.
  return procedure.declaration.real_time || (!procedure.declaration.changes_supply &&
                                             procedure.declaration.supply != harness::Supply::load);
}

}  // namespace

class Campaign::Impl {
 public:
  explicit Impl(CampaignOptions options) : options_(std::move(options)) {
    if (options_.resume) {
      earlier_ = read_earlier_run(*options_.resume);
      take_up(*earlier_, options_);
    }
    if (options_.seed == 0) options_.seed = drawn_seed();
    if (options_.bench) {
      sections_.push_back({"bench", load_bench_file(options_.bench->string()), {}, {}, {}, {}});
      if (earlier_) require_same_bench(*earlier_, sections_.front().bench);
      sections_.front().plan = make_plan(harness::Catalogue::instance(),
                                         positions_of(sections_.front().bench), options_.selection);
    } else {
      plan_virtual_bench();
    }
    for (Section& section : sections_) {
      plan_.insert(plan_.end(), section.plan.begin(), section.plan.end());
    }
  }

  ~Impl() {
    for (Section& section : sections_) {
      section.scheduler.reset();
      section.session.reset();
    }
  }

  const harness::Plan& plan() const { return plan_; }
  std::vector<harness::PositionInfo> positions() const {
    return positions_of(sections_.back().bench);
  }
  const fs::path& run_folder() const { return folder_->path(); }

  void begin(const std::set<harness::CaseId>& selected) {
    folder_ = options_.resume ? journal::RunFolder::open(*options_.resume)
                              : journal::RunFolder::create(options_.runs);
    journal_ = options_.resume ? journal::Journal::resume(folder_->journal())
                               : journal::Journal::create(folder_->journal());
    junit_ = std::make_shared<reports::JunitObserver>(folder_->path(), options_.junit_dialect,
                                                      journal_->history());
    journal_->add_observer(junit_);
    for (const auto& observer : options_.observers) journal_->add_observer(observer);
    for (Section& section : sections_) {
      std::erase_if(section.plan, [&](const harness::PlannedCase& planned) {
        return (!selected.empty() && !selected.contains(planned.id)) ||
               (earlier_ && earlier_->judged.contains(planned.id.to_string()));
      });
    }
    if (!options_.resume) journal_run_started();
    journal_planned_skips();
  }

  void run_all() {
    for (Section& section : sections_) {
      if (stopping() || stages_of(section.plan).empty()) continue;
      try {
        open(section);
        section.scheduler->run_all();
        close(section);
      } catch (const std::exception& fault) {
        stopped_by_ = fault.what();
        throw;
      }
    }
  }

  harness::CaseResult result(const harness::CaseId& id) {
    for (Section& section : sections_) {
      for (const harness::PlannedCase& planned : section.plan) {
        if (planned.id != id) continue;
        if (planned.skip) {
          return {harness::Verdict::skipped, planned.skip->type, planned.skip->message, "", 1};
        }
        if (!section.session) open(section);
        return section.scheduler->result(id);
      }
    }
    throw harness::InternalError("case " + id.to_string() + " is not in the plan");
  }

  const harness::Resources& resources(const std::string& position) {
    Section& section = sections_.back();
    if (!section.session) open(section);
    if (!held_) held_ = section.session->hold_voltage(options_.abort);
    return section.session->resources(position);
  }

  int finish() {
    if (!folder_) return 4;
    held_.reset();
    // One thing that cannot be closed or written (a dead bench, a full disk) keeps no other from
    // being brought to a good end; the first is what the caller hears of.
    std::exception_ptr first;
    const auto attempt = [&first](const auto& work) {
      try {
        work();
      } catch (...) {
        if (!first) first = std::current_exception();
      }
    };
    for (Section& section : sections_) attempt([&] { close(section); });
    attempt([&] { journal_run_finished(); });
    attempt([&] { junit_->finish(); });
    attempt([&] {
      if (transcripts_) transcripts_->flush();
    });
    attempt([&] {
      if (capture_) capture_->flush();
    });
    journal_.reset();
    int code = 3;
    attempt([&] {
      code = exit_code(summarise(reports::regenerate(folder_->path(), options_.junit_dialect)));
    });
    attempt([&] { folder_->write_manifest(); });
    if (first) std::rethrow_exception(first);
    return code;
  }

 private:
  bool stopping() const {
    return options_.after_step.stop_requested() || options_.abort.stop_requested();
  }

  void journal_run_finished() {
    journal_->flush();
    const journal::RunSummary totals =
        summarise(journal::RunModel(journal::read_journal(folder_->journal())));
    journal_->append("run_finished", {{"pass", totals.pass},
                                      {"skipped", totals.skipped},
                                      {"inconclusive", totals.inconclusive},
                                      {"fail", totals.fail},
                                      {"error", totals.error},
                                      {"complete", totals.complete},
                                      {"stopped_by", stopping() ? "signal" : stopped_by_}});
    journal_->flush();
  }

  void plan_virtual_bench() {
    const bool scaled = options_.virtual_scale != 1.0;
    if (scaled) add_virtual_section("scaled", options_.virtual_scale);
    add_virtual_section("real_time", 1.0);
    if (!scaled) return;
    std::erase_if(sections_[0].plan, [](const harness::PlannedCase& planned) {
      return wants_real_time(*planned.procedure);
    });
    std::erase_if(sections_[1].plan, [](const harness::PlannedCase& planned) {
      return !wants_real_time(*planned.procedure);
    });
  }

  void add_virtual_section(const std::string& name, double scale) {
    Section section;
    section.name = name;
    section.world = std::make_unique<simulated::WorldProcess>(
        virtual_config({.positions = options_.virtual_positions,
                        .scale = scale,
                        .seed = options_.seed,
                        .weaknesses = options_.weaknesses}),
        (temporary_.path() / name).string());
    section.bench = load_bench_file(section.world->bench_file());
    section.plan =
        make_plan(harness::Catalogue::instance(), positions_of(section.bench), options_.selection);
    sections_.push_back(std::move(section));
  }

  void journal_run_started() {
    const bench::Bench& bench = sections_.front().bench;
    boost::json::array planned;
    for (const Section& section : sections_) {
      for (const harness::PlannedCase& each : section.plan) {
        planned.push_back(planned_event(each, section.bench, options_.weaknesses));
      }
    }
    char host[256] = {};
    ::gethostname(host, sizeof host - 1);
    boost::json::object event{{"run_id", folder_->id()},
                              {"version", METERPROOF_VERSION},
                              {"seed", std::to_string(options_.seed)},
                              {"tier", to_string(options_.tier)},
                              {"simulated", bench.simulated()},
                              {"bench",
                               {{"name", bench.name},
                                {"file", options_.bench ? fs::absolute(*options_.bench).string()
                                                        : std::string(k_virtual_bench)},
                                {"sha256", bench.sha256},
                                {"time_scale", bench.time_scale}}},
                              {"host", host},
                              {"planned", std::move(planned)}};
    if (!options_.bench) {
      event["virtual"] = {{"positions", options_.virtual_positions},
                          {"scale", options_.virtual_scale},
                          {"weaknesses", boost::json::value_from(options_.weaknesses)}};
    }
    journal_->append("run_started", std::move(event));
  }

  void journal_planned_skips() {
    for (const Section& section : sections_) {
      for (const harness::PlannedCase& planned : section.plan) {
        if (!planned.skip) continue;
        harness::CaseJournal journal(*journal_, folder_->path(), planned.id);
        harness::CaseOutcome outcome;
        outcome.skipped(planned.skip->type, planned.skip->message);
        journal.started(planned.id.position);
        journal.verdict(outcome, to_string(options_.tier), 0);
      }
    }
  }

  void keep_bench_files(const Section& section) {
    // A bench file may change before a run is resumed; what was measured before keeps its own.
    const fs::path target =
        folder_->bench() / (options_.resume
                                ? fmt::format("{}_resumed_{}", section.name,
                                              (earlier_ ? earlier_->times_resumed : 0) + 1)
                                : section.name);
    fs::create_directories(target);
    fs::copy_file(section.bench.file, target / fs::path(section.bench.file).filename(),
                  fs::copy_options::overwrite_existing);
    for (const bench::Position& position : section.bench.positions) {
      fs::copy_file(position.type->file, target / fs::path(position.type->file).filename(),
                    fs::copy_options::overwrite_existing);
    }
  }

  void open(Section& section) {
    if (!transcripts_) {
      transcripts_ = std::make_shared<link::TranscriptFiles>(folder_->transcripts().string());
      capture_ = std::make_shared<link::Capture>((folder_->captures() / "bench.pcapng").string());
      sink_ = std::make_shared<link::TransferFanOut>(
          std::vector<std::shared_ptr<link::TransferSink>>{transcripts_, capture_});
    }
    keep_bench_files(section);
    auto session = std::make_unique<BenchSession>(
        section.bench, *journal_, sink_,
        (folder_->path() / ("supervisor_" + section.name + ".log")).string());
    journal_->set_bench_clock(session->clock());
    session->open();  // throws: there is no session then, and the next request tries again
    section.session = std::move(session);
    section.scheduler = std::make_unique<harness::Scheduler>(
        section.plan, *section.session, *journal_,
        harness::SchedulerOptions{.tier = options_.tier,
                                  .seed = options_.seed,
                                  .after_step = options_.after_step,
                                  .abort = options_.abort,
                                  .run_folder = folder_->path(),
                                  .cases_elsewhere = cases_after(section)});
  }

  std::size_t cases_after(const Section& section) const {
    std::size_t count = 0;
    for (auto later = sections_.rbegin(); later != sections_.rend() && &*later != &section;
         ++later) {
      for (const harness::Stage& stage : stages_of(later->plan)) count += stage.cases.size();
    }
    return count;
  }

  // Identities once more, source off, supervisor sent home, world ended.
  void close(Section& section) {
    if (!section.session) return;
    if (section.scheduler && !stopping() && stopped_by_.empty()) {
      identify_again(section);
    }
    section.scheduler.reset();
    // The world ends last: also the envelope's end switches off, and must find a source.
    const std::unique_ptr<simulated::WorldProcess> world = std::move(section.world);
    const std::unique_ptr<BenchSession> session = std::move(section.session);
    session->close();
  }

  // What is on the bench at the end is evidence, but the verdicts stand without it.
  void identify_again(Section& section) {
    try {
      const auto hold = section.session->hold_voltage(options_.abort);
      section.session->identify("after", options_.abort);
    } catch (const harness::BenchError& fault) {
      journal_->append("health",
                       {{"position", ""},
                        {"ok", false},
                        {"action", "probe"},
                        {"detail", std::string("no identity at the end: ") + fault.what()}});
    } catch (const harness::Cancelled&) {
    }
  }

  CampaignOptions options_;
  TemporaryDirectory temporary_;
  std::vector<Section> sections_;
  harness::Plan plan_;
  std::optional<EarlierRun> earlier_;  // that is resumed
  std::string stopped_by_;             // the fault that ended the run, if one did
  std::optional<journal::RunFolder> folder_;
  std::unique_ptr<journal::Journal> journal_;
  std::shared_ptr<reports::JunitObserver> junit_;
  std::shared_ptr<link::TranscriptFiles> transcripts_;
  std::shared_ptr<link::Capture> capture_;
  std::shared_ptr<link::TransferSink> sink_;
  std::shared_ptr<void> held_;
};

Campaign::Campaign(CampaignOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Campaign::~Campaign() = default;
const harness::Plan& Campaign::plan() const { return impl_->plan(); }
std::vector<harness::PositionInfo> Campaign::positions() const { return impl_->positions(); }
void Campaign::begin(const std::set<harness::CaseId>& selected) { impl_->begin(selected); }
void Campaign::run_all() { impl_->run_all(); }
harness::CaseResult Campaign::result(const harness::CaseId& id) { return impl_->result(id); }
int Campaign::finish() { return impl_->finish(); }
const fs::path& Campaign::run_folder() const { return impl_->run_folder(); }
const harness::Resources& Campaign::resources(const std::string& position) {
  return impl_->resources(position);
}

}  // namespace meterproof::suites
