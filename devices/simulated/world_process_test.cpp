#include "devices/simulated/world_process.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "devices/registry.hpp"
#include "harness/errors.hpp"
#include "harness/link/link.hpp"

namespace meterproof::simulated {
namespace {

using namespace std::chrono_literals;

class WorldProcessTest : public ::testing::Test {
 protected:
  ~WorldProcessTest() override { std::filesystem::remove_all(directory_); }

  WorldConfig config() const {
    WorldConfig config;
    config.type_directories = {METERPROOF_SOURCE_DIR "/devices/types"};
    return config;
  }
  static bench::Bench load(const std::string& file) {
    bench::Vocabulary vocabulary;
    vocabulary.source_drivers = devices::SourceDrivers::instance().names();
    vocabulary.reference_drivers = devices::ReferenceDrivers::instance().names();
    vocabulary.pulse_drivers = devices::PulseInputDrivers::instance().names();
    vocabulary.protocols = {"dlms"};
    vocabulary.type_directories = {METERPROOF_SOURCE_DIR "/devices/types"};
    vocabulary.profile_directories = {METERPROOF_SOURCE_DIR "/devices/profiles"};
    return bench::load_bench(file, vocabulary);
  }
  const devices::DriverOptions options_{{METERPROOF_SOURCE_DIR "/devices/profiles"}, nullptr};
  std::string directory_ = ::testing::TempDir() + "world_process_" + std::to_string(::getpid());
};

TEST_F(WorldProcessTest, MetersListenOnlyWhileTheyHaveVoltage) {
  WorldProcess world(config(), directory_);
  const bench::Bench bench = load(world.bench_file());
  const std::string url = bench.positions[0].interfaces.at("tcp").link;
  EXPECT_EQ(bench.positions[0].interfaces.at("optical").framing, "hdlc");
  // Until its connections are refused (off) or accepted (on), whichever is waited for.
  const auto waits_for = [&](bool listening) {
    const auto deadline = harness::Deadline::after(10s);
    while (!deadline.passed()) {
      if (link::open(url, {harness::Deadline::after(1s), {}, nullptr}).has_value() == listening)
        return true;
      harness::wait(5ms, {});
    }
    return false;
  };
  const auto source = devices::SourceDrivers::instance().make(*bench.source, options_);
  EXPECT_TRUE(waits_for(false));
  source->apply(devices::balanced_load(3, {230}, {0}, {0}), harness::Deadline::after(5s), {});
  EXPECT_TRUE(waits_for(true));
  source->off();
  EXPECT_TRUE(waits_for(false));
}

TEST_F(WorldProcessTest, SigtermEndsItOrderlyWithEveryRegisterOnDisk) {
  {
    WorldProcess world(config(), directory_);
    EXPECT_TRUE(world.running());
    EXPECT_TRUE(world.stop());
  }
  const auto energy_files = [&] {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(directory_ + "/state"))
      if (entry.path().extension() == ".energy") files.push_back(entry.path().filename());
    std::sort(files.begin(), files.end());
    return files;
  };
  EXPECT_THAT(energy_files(), ::testing::ElementsAre("p01.energy", "p02.energy", "p03.energy"));
  WorldProcess again(config(), directory_);
  EXPECT_TRUE(again.stop());
}

TEST_F(WorldProcessTest, TwoWorldsLiveSideBySide) {
  WorldConfig scaled = config();
  scaled.scale = 60;
  const WorldProcess one(config(), directory_ + "/one"), other(scaled, directory_ + "/other");
  EXPECT_EQ(load(one.bench_file()).time_scale, 1);
  EXPECT_EQ(load(other.bench_file()).time_scale, 60);
}

TEST_F(WorldProcessTest, AWorldThatCannotStartSaysWhy) {
  WorldConfig wrong = config();
  wrong.positions = {{"p01", "no_such_type", {}, ""}};
  try {
    const WorldProcess world(wrong, directory_);
    FAIL();
  } catch (const harness::BenchError& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("no_such_type"));
  }
}

}  // namespace
}  // namespace meterproof::simulated
