#include "devices/simulated/world_server.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>

#include "devices/simulated/test_only/world_fixture.hpp"
#include "harness/bench/bench_file.hpp"
#include "harness/link/link.hpp"

namespace meterproof::simulated {
namespace {

using namespace std::chrono_literals;
using harness::Deadline;

// A raw SCPI client: what a person with netcat would see.
class ScpiLine {
 public:
  explicit ScpiLine(const std::string& url) : link_(link::open(url, {}).value()) {}

  void say(const std::string& text) {
    const std::string line = text + "\n";
    ASSERT_TRUE(link_->write(std::as_bytes(std::span(line)), Deadline::after(5s), {}));
  }
  std::string ask(const std::string& text) {
    say(text);
    std::string answer;
    std::array<std::byte, 4096> buffer;
    while (!answer.ends_with('\n')) {
      const auto got = link_->read(buffer, Deadline::after(5s), {});
      if (!got) return "(" + got.error().message() + ")";
      answer.append(reinterpret_cast<const char*>(buffer.data()), *got);
    }
    answer.pop_back();
    return answer;
  }

 private:
  std::unique_ptr<link::Link> link_;
};

TEST(WorldServer, WritesABenchFileThatLoads) {
  const TestWorld world({});
  const bench::Bench bench = world.bench();
  EXPECT_EQ(bench.positions.size(), 3u);
  EXPECT_EQ(bench.positions[2].name, "p03");
  EXPECT_EQ(bench.positions[2].pulse.channel, 3);
  EXPECT_TRUE(bench.simulated());
  const auto& access = bench.positions[0].interfaces.at("tcp").clients.at("management");
  EXPECT_EQ(bench::resolve(access.encryption_key, bench.file).size(), 16u);
  const auto& other = bench.positions[1].interfaces.at("tcp").clients.at("management");
  EXPECT_NE(bench::resolve(access.encryption_key, bench.file),
            bench::resolve(other.encryption_key, bench.file));
}

TEST(WorldServer, TheSameSeedMakesTheSameUnits) {
  const TestWorld one({}), two({});
  EXPECT_EQ(one.bench().positions[1].serial, two.bench().positions[1].serial);
  WorldConfig config;
  config.seed = 2;
  const TestWorld other(config);
  EXPECT_NE(one.bench().positions[1].serial, other.bench().positions[1].serial);
}

TEST(WorldServer, InstrumentsAnswerAndQueueErrorsForEachClientAlone) {
  const TestWorld world({});
  const std::string url = world.bench().source->link;
  ScpiLine first(url), second(url);
  EXPECT_THAT(first.ask("*IDN?"), ::testing::StartsWith("Meterproof,Virtual Source"));
  first.say("NONSENSE 1");
  first.say("SOUR:VOLT1 400");
  EXPECT_EQ(second.ask("SYST:ERR?"), "0,\"No error\"");
  EXPECT_EQ(first.ask("SYST:ERR?"), "-113,\"Undefined header\"");
  EXPECT_EQ(first.ask("SYST:ERR?"), "-222,\"Data out of range\"");
  EXPECT_EQ(first.ask("SYST:ERR?"), "0,\"No error\"");
}

TEST(WorldServer, GoesOnServingWhenClientsDieAndHoldsTheLoad) {
  const TestWorld world({});
  const std::string url = world.bench().source->link;
  {
    ScpiLine client(url);
    client.say("SOUR:VOLT1 230;CURR1 5;:OUTP ON");
    EXPECT_EQ(client.ask("*OPC?"), "1");
    client.say("SOUR:VOLT1");  // dies without reading
  }
  ScpiLine supervisor(url);
  EXPECT_THAT(supervisor.ask("SOUR:STAT?"), ::testing::StartsWith("1,230,0,0,5,0,0,"));
  supervisor.say("OUTP OFF");
  EXPECT_EQ(supervisor.ask("OUTP?"), "0");
}

TEST(WorldServer, OperationCompleteMeansSettled) {
  const TestWorld world({});
  ScpiLine source(world.bench().source->link), reference(world.bench().reference->link);
  EXPECT_EQ(source.ask("SOUR:VOLT1 230;CURR1 5;:OUTP ON;*OPC?"), "1");
  const std::string reading = reference.ask("READ?");
  std::vector<double> fields;
  std::stringstream text(reading);
  for (std::string field; std::getline(text, field, ',');) fields.push_back(std::stod(field));
  ASSERT_EQ(fields.size(), 13u) << reading;
  EXPECT_NEAR(fields[2], 1150, 1150 * 0.002);
  EXPECT_NEAR(fields[3], 230, 230 * 0.001);
}

TEST(WorldServer, SupplyReachesTheMetersAndTheTruthIsWritten) {
  TestWorld world({});
  ScpiLine source(world.bench().source->link);
  EXPECT_EQ(source.ask("SOUR:VOLT1 230;VOLT2 230;VOLT3 230;:OUTP ON;*OPC?"), "1");
  EXPECT_TRUE(world.wait_for_power("p02", true));
  EXPECT_EQ(source.ask("OUTP OFF;*OPC?"), "1");
  EXPECT_TRUE(world.wait_for_power("p02", false));
  world.stop();
  std::ifstream truth(world.directory() + "/truth.jsonl");
  std::vector<std::string> types;
  for (std::string line; std::getline(truth, line);)
    types.emplace_back(boost::json::parse(line).at("type").as_string());
  EXPECT_EQ(types.front(), "world");
  EXPECT_EQ(std::count(types.begin(), types.end(), "power"), 6);
  EXPECT_EQ(types.back(), "end");
}

TEST(WorldConfig, JsonRoundTripsAndProblemsAreAllNamed) {
  WorldConfig config;
  config.seed = 7;
  config.scale = 60;
  config.noise = false;
  config.positions = {{"p01", "some_type", {"ACC_GAIN"}, "S1"}};
  config.weaknesses = {"SOURCE_LIES"};
  EXPECT_EQ(to_json(parse_world_config(to_json(config), "w")), to_json(config));
  try {
    parse_world_config(R"({"sead":1,"positions":[{"name":"p-1"},{"name":"a"},{"name":"a"}],
                           "weaknesses":["NONE"],"scale":0})",
                       "w");
    FAIL();
  } catch (const harness::ConfigError& error) {
    EXPECT_EQ(error.diagnostics().size(), 5u) << error.what();
  }
}

}  // namespace
}  // namespace meterproof::simulated
