// The accuracy procedures over the wire: a world at 500 bench seconds a second, the real drivers of
// source, reference and counter, the scheduler, three meters in lockstep. Each weakness of a meter
// must be found by its procedure and each defect of the bench must be the bench's.
#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio/dispatch.hpp>
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <future>
#include <map>
#include <thread>

#include "devices/registry.hpp"
#include "devices/simulated/world_server.hpp"
#include "devices/sources/safety_envelope.hpp"
#include "harness/errors.hpp"
#include "harness/journal/journal.hpp"
#include "harness/scheduler.hpp"
#include "suites/context.hpp"

namespace meterproof::suites {
namespace {

using harness::Verdict;

constexpr double k_world_scale = 500;

// Reads the register where the meter keeps it; how a meter is asked is not the matter here.
class PlantMeter final : public devices::Meter {
 public:
  PlantMeter(boost::asio::io_context& io, simulated::MeterPlant& plant) : io_(io), plant_(plant) {}

  harness::Result<devices::MeterIdentity> identity(harness::Deadline, std::stop_token) override {
    return devices::MeterIdentity{};
  }
  harness::Result<devices::RegisterReading> read_energy(harness::Deadline,
                                                        std::stop_token) override {
    std::promise<double> wh;
    boost::asio::dispatch(io_, [&] { wh.set_value(std::floor(plant_.import_energy_wh())); });
    return devices::RegisterReading{{wh.get_future().get() * 3600}, {3600}};
  }
  harness::Result<void> probe(harness::Deadline, std::stop_token) override { return {}; }
  harness::Result<std::optional<bool>> relay_closed(harness::Deadline, std::stop_token) override {
    return std::optional<bool>{};
  }

 private:
  boost::asio::io_context& io_;
  simulated::MeterPlant& plant_;
};

class SilentEndpoint final : public simulated::MeterEndpoint {
 public:
  explicit SilentEndpoint(std::string name) : name_(std::move(name)) {}
  void power(bool) override {}
  std::map<std::string, std::string> links() const override {
    return {{"tcp", "tcp://127.0.0." + name_.substr(name_.size() - 1) + ":1"},
            {"optical", "pty:///dev/" + name_ + "?baud=9600&frame=8N1"}};
  }

 private:
  std::string name_;
};

class WorldBench final : public harness::BenchPort {
 public:
  explicit WorldBench(simulated::WorldConfig config)
      : directory_(std::filesystem::path(testing::TempDir()) /
                   ("accuracy_world_" + std::to_string(::getpid()))),
        clock_(k_world_scale) {
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_ / "world");
    config.scale = k_world_scale;
    config.type_directories = {METERPROOF_SOURCE_DIR "/devices/types"};
    server_ = std::make_unique<simulated::WorldServer>(
        io_, config, (directory_ / "world").string(),
        [this](boost::asio::io_context&, const simulated::MeterUnit& unit,
               simulated::MeterPlant& plant) {
          plants_[unit.name] = &plant;
          return std::make_unique<SilentEndpoint>(unit.name);
        });
    thread_ = std::thread([this] { io_.run(); });
    connect();
  }
  ~WorldBench() override {
    resources_.clear();
    supply_.reset();
    io_.stop();
    thread_.join();
    server_.reset();
    std::filesystem::remove_all(directory_);
  }

  std::vector<harness::PositionInfo> positions() const override {
    std::vector<harness::PositionInfo> infos;
    for (const auto& position : bench_.positions) {
      infos.push_back({position.name, position.type->name, {"source", "reference", "pulse"}});
    }
    return infos;
  }
  const harness::Resources& resources(const std::string& position) const override {
    return resources_.at(position);
  }
  const harness::BenchClock& clock() const override { return clock_; }
  std::shared_ptr<void> hold_voltage(std::stop_token stop) override {
    const bench::MeterType& type = *bench_.positions.front().type;
    return std::make_shared<devices::Energised>(supply_->energise(
        devices::balanced_load(type.phases, type.nominal_voltage, {0}, {0}), stop));
  }
  bool healthy(const std::string&, std::stop_token) override { return true; }
  harness::WallDuration recovery_time(const std::string&) const override { return {}; }
  void power_cycle(std::stop_token) override {}

  // Runs the cases that the pattern selects; results by case string.
  std::map<std::string, harness::CaseResult> run(const std::string& pattern) {
    auto journal = journal::Journal::create(directory_ / "journal.jsonl");
    harness::Selection selection;
    selection.cases = {pattern};
    const harness::Plan plan =
        harness::make_plan(harness::Catalogue::instance(), positions(), selection);
    harness::SchedulerOptions options;
    options.run_folder = directory_;
    std::map<std::string, harness::CaseResult> results;
    {
      harness::Scheduler scheduler(plan, *this, *journal, options);
      scheduler.run_all();
      scheduler.release_supply();
      for (const auto& [id, result] : scheduler.results()) results[id.to_string()] = result;
    }
    journal.reset();
    std::filesystem::remove(directory_ / "journal.jsonl");
    return results;
  }

 private:
  void connect() {
    bench::Vocabulary vocabulary;
    vocabulary.source_drivers = vocabulary.reference_drivers = vocabulary.pulse_drivers = {"scpi"};
    vocabulary.protocols = {"dlms"};
    vocabulary.type_directories = {METERPROOF_SOURCE_DIR "/devices/types"};
    vocabulary.profile_directories = {METERPROOF_SOURCE_DIR "/devices/profiles"};
    bench_ = bench::load_bench((directory_ / "world/bench.toml").string(), vocabulary);
    const devices::DriverOptions options{{METERPROOF_SOURCE_DIR "/devices/profiles"}, nullptr};
    supply_ = std::make_shared<devices::SafetyEnvelope>(
        devices::SourceDrivers::instance().make(*bench_.source, options), bench_.safety.envelope);
    const std::shared_ptr<devices::ReferenceStandard> reference =
        devices::ReferenceDrivers::instance().make(*bench_.reference, options);
    const std::shared_ptr<devices::PulseInput> counter =
        devices::PulseInputDrivers::instance().make(bench_.pulse_inputs.at(0), options);
    const auto stage = std::make_shared<StageSupply>(supply_);
    for (const auto& position : bench_.positions) {
      harness::Resources& resources = resources_[position.name];
      resources.put(std::make_shared<bench::Position>(position));
      resources.put(stage);
      resources.put<devices::ReferenceStandard>(reference);
      resources.put<devices::PulseInput>(counter);
      resources.put<devices::Meter>(std::make_shared<PlantMeter>(io_, *plants_.at(position.name)));
    }
  }

  std::filesystem::path directory_;
  harness::BenchClock clock_;
  boost::asio::io_context io_{1};
  std::map<std::string, simulated::MeterPlant*> plants_;
  std::unique_ptr<simulated::WorldServer> server_;
  std::thread thread_;
  bench::Bench bench_;
  std::shared_ptr<devices::SafetyEnvelope> supply_;
  std::map<std::string, harness::Resources> resources_;
};

simulated::WorldConfig world_of(std::vector<std::set<std::string>> meters,
                                std::set<std::string> bench = {}) {
  simulated::WorldConfig config;
  for (auto& weaknesses : meters) {
    simulated::WorldPosition position;
    position.name = "p0" + std::to_string(config.positions.size() + 1);
    position.weaknesses = std::move(weaknesses);
    config.positions.push_back(std::move(position));
  }
  config.weaknesses = std::move(bench);
  return config;
}

std::string said(const harness::CaseResult& result) {
  return std::string(to_string(result.verdict)) + " " + result.reason;
}

TEST(AccuracyOnTheWorld, HealthyMetersPassEverything) {
  WorldBench bench(world_of({{}, {}, {}}));
  const auto results = bench.run("ACC_*");
  EXPECT_EQ(results.size(), 3U * 16);
  for (const auto& [id, result] : results) {
    EXPECT_EQ(result.verdict, Verdict::pass) << id << ": " << said(result);
  }
}

TEST(AccuracyOnTheWorld, EveryMutantIsKilledAtItsExpectationAndItsNeighbourIsNot) {
  std::set<std::string> weaknesses;
  for (const harness::Procedure* procedure : harness::Catalogue::instance().all()) {
    if (procedure->suite != "accuracy") continue;
    for (const harness::Mutant& mutant : procedure->mutants) {
      SCOPED_TRACE(procedure->id + " x " + mutant.weakness);
      weaknesses.insert(mutant.weakness);
      WorldBench bench(world_of({{mutant.weakness}, {}}));
      const auto results = bench.run(procedure->id);
      const std::vector<std::string>& must = mutant.variants;
      for (const harness::Variant& variant : procedure->variants) {
        const std::string id = procedure->id + "/" + variant.name + "/p0";
        EXPECT_EQ(results.at(id + "2").verdict, Verdict::pass) << said(results.at(id + "2"));
        if (!must.empty() && std::find(must.begin(), must.end(), variant.name) == must.end()) {
          continue;
        }
        EXPECT_EQ(results.at(id + "1").verdict, Verdict::fail) << id << said(results.at(id + "1"));
        EXPECT_EQ(results.at(id + "1").expectation, mutant.expectation);
      }
    }
  }
  EXPECT_EQ(weaknesses.size(), 5U);
}

TEST(AccuracyOnTheWorld, DefectsOfTheBenchAreNeverHeldAgainstTheMeter) {
  for (const char* defect : {"SOURCE_LIES", "REFERENCE_FROZEN"}) {
    WorldBench bench(world_of({{"ACC_GAIN"}, {}}, {defect}));
    for (const char* pattern : {"ACC_LOAD_001/i1_*", "ACC_START_001", "ACC_REG_001"}) {
      const auto results = bench.run(pattern);
      EXPECT_FALSE(results.empty()) << pattern;
      for (const auto& [id, result] : results) {
        EXPECT_TRUE(result.verdict == Verdict::error || result.verdict == Verdict::inconclusive)
            << defect << " " << id << ": " << said(result);
      }
    }
  }
}

}  // namespace
}  // namespace meterproof::suites
