#include "harness/bench/bench_file.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "harness/bench/bench_reader.hpp"
#include "harness/bench/type_reader.hpp"

namespace meterproof::bench {
namespace {

namespace fs = std::filesystem;

const std::string k_source = METERPROOF_SOURCE_DIR;

std::string slurp(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

void spill(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

// The complete example of docs/bench-file.md: what a user copies must work.
std::string documented_example(int number) {
  const std::string page = slurp(k_source + "/docs/bench-file.md");
  std::size_t at = 0;
  for (int i = 0;; ++i) {
    at = page.find("```toml\n", at);
    EXPECT_NE(at, std::string::npos);
    at += 8;
    if (i == number) return page.substr(at, page.find("```", at) - at);
  }
}

Vocabulary vocabulary() {
  return {{"scpi"},
          {"scpi"},
          {"scpi"},
          {"dlms"},
          {k_source + "/devices/types"},
          {k_source + "/devices/profiles"}};
}

class BenchFile : public testing::Test {
 protected:
  BenchFile() {
    std::string pattern = (fs::temp_directory_path() / "meterproof_bench_XXXXXX").string();
    directory_ = ::mkdtemp(pattern.data());
    spill(directory_ / "secrets/p01_reader.txt", "open sesame\n");
    spill(directory_ / "secrets/p01_guek.hex", "00112233445566778899aabbccddeeff\n");
    spill(directory_ / "secrets/p01_gak.hex", "ffeeddccbbaa9988 7766554433221100");
    spill(directory_ / "secrets/short.hex", "0011");
    spill(directory_ / "secrets/odd.hex", "00112");
    spill(directory_ / "secrets/empty.hex", "\n");
    spill(directory_ / "secrets/loop/inside", "");
  }
  ~BenchFile() override { fs::remove_all(directory_); }

  std::string file() const { return (directory_ / "bench.toml").string(); }

  // Every problem, a line each, with the directory taken out.
  std::string problems(const std::string& text) {
    try {
      read_bench(text, file(), vocabulary());
      return "";
    } catch (const harness::ConfigError& error) {
      std::string all = error.what();
      const std::string prefix = directory_.string() + "/";
      for (std::size_t at; (at = all.find(prefix)) != std::string::npos;)
        all.erase(at, prefix.size());
      return all;
    }
  }

  fs::path directory_;
};

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

int line_with(const std::string& text, const std::string& part) {
  const std::size_t at = text.find(part);
  EXPECT_NE(at, std::string::npos) << part;
  return 1 + static_cast<int>(std::count(text.begin(), text.begin() + static_cast<long>(at), '\n'));
}

TEST_F(BenchFile, LoadsTheDocumentedExample) {
  spill(file(), documented_example(0));
  const Bench bench = load_bench(file(), vocabulary());
  EXPECT_EQ(bench.name, "demo");
  EXPECT_EQ(bench.sha256.size(), 64u);
  EXPECT_TRUE(bench.simulated());
  EXPECT_EQ(bench.safety.envelope.max_voltage.value, 276);
  EXPECT_EQ(bench.safety.envelope.max_duration, std::chrono::hours(2));
  EXPECT_EQ(bench.safety.make_safe, std::vector<std::string>{"source"});
  EXPECT_EQ(bench.reference->constant, 1'000'000);
  EXPECT_EQ(bench.reference->calibrated_until, "2027-11-30");
  EXPECT_DOUBLE_EQ(bench.reference->certificate_expanded_percent, 0.01);
  EXPECT_EQ(bench.pulse_inputs.at(0).name, "counter");
  const Position& position = bench.positions.at(0);
  EXPECT_EQ(position.name, "p01");
  EXPECT_EQ(position.type->maximum_current.value, 100);
  EXPECT_EQ(position.type->boot, std::chrono::milliseconds(300));
  EXPECT_EQ(position.pulse.channel, 1);
  EXPECT_TRUE(position.allow_state_changing);
  EXPECT_FALSE(position.sacrificial);
  // Without a list, an interface offers every client of the meter type.
  EXPECT_EQ(position.interfaces.at("optical").clients.size(), 3u);
  const ClientAccess& management = position.interfaces.at("tcp").clients.at("management");
  EXPECT_EQ(management.system_title_hex, "4D50480000000001");
  EXPECT_EQ(resolve(management.encryption_key, file()).size(), 16u);
  const auto& password = position.interfaces.at("tcp").clients.at("reader").password;
  EXPECT_EQ(resolve(password, file()).size(), std::string("open sesame").size());
}

TEST_F(BenchFile, ReportsAFileThatIsNotThere) {
  EXPECT_THROW(load_bench((directory_ / "none.toml").string(), vocabulary()), harness::ConfigError);
  EXPECT_THROW(load_bench(directory_.string(), vocabulary()), harness::ConfigError);
}

TEST_F(BenchFile, SecretsCanComeFromTheEnvironment) {
  const std::string text = replaced(documented_example(0), "{ file = \"secrets/p01_gak.hex\" }",
                                    "{ env = \"METERPROOF_TEST_GAK\" }");
  ::unsetenv("METERPROOF_TEST_GAK");
  EXPECT_NE(problems(text).find("environment variable METERPROOF_TEST_GAK is not set"),
            std::string::npos);
  ::setenv("METERPROOF_TEST_GAK", "000102030405060708090a0b0c0d0e0f", 1);
  EXPECT_EQ(problems(text), "");
  ::unsetenv("METERPROOF_TEST_GAK");
}

TEST_F(BenchFile, NeverQuotesASecret) {
  const std::string text =
      replaced(documented_example(0), "{ file = \"secrets/p01_gak.hex\" }", "\"5EC4E75EC4E7\"");
  EXPECT_NE(problems(text), "");
  EXPECT_EQ(problems(text).find("5EC4E7"), std::string::npos);
}

// One slip each: what is written instead of what, the line it is reported at (that of a text in the
// wrong file), and the message.
struct Slip {
  const char* from;
  const char* to;
  const char* at;
  const char* message;
};

TEST_F(BenchFile, NamesEverySlipWithItsLine) {
  const Slip slips[] = {
#include "harness/bench/test_data/slips.inc"
  };
  const std::string good = documented_example(0);
  ASSERT_EQ(problems(good), "");
  for (const Slip& slip : slips) {
    const std::string bad = replaced(good, slip.from, slip.to);
    const int line = *slip.at ? line_with(bad, slip.at) : 0;
    const std::string place = line > 0 ? "bench.toml:" + std::to_string(line) : "bench.toml";
    EXPECT_EQ(problems(bad), place + ": " + slip.message) << "slip: " << slip.to;
  }
}

TEST_F(BenchFile, ReportsEveryProblemAtOnceInTheOrderOfLines) {
  std::string bad = documented_example(0);
  bad = replaced(bad, "name = \"demo\"", "nmae = \"demo\"");
  bad = replaced(bad, "\"276 V\"", "276");
  bad = replaced(bad, "\"virtual_counter\"", "\"virtual_conter\"");
  bad = replaced(bad, "framing = \"hdlc\" ", "framing = 1 ");
  EXPECT_EQ(problems(bad),
            "bench.toml:1: missing key 'name' in [bench]\n"
            "bench.toml:2: unknown key 'nmae' in [bench] (did you mean 'name'?)\n"
            "bench.toml:10: 'max_voltage' in [safety.envelope]: a number without a unit: a voltage "
            "like \"230 V\" is expected here\n"
            "bench.toml:35: 'profile' in [pulse_input]: unknown 'virtual_conter' (did you mean "
            "'virtual_counter'?)\n"
            "bench.toml:61: 'framing' in [position.interface]: a string is expected, not a whole "
            "number");
}

TEST_F(BenchFile, SaysWhereItIsNotToml) {
  EXPECT_EQ(
      problems("[bench]\nname = \n"),
      "bench.toml:2: not TOML: Error while parsing key-value pair: expected value, saw '\\n'");
  EXPECT_EQ(problems("[bench]\n[bench]\n").substr(0, 12), "bench.toml:2");
  // The library asserts that this cannot be.
  EXPECT_EQ(problems("[ # comment\n"), "bench.toml: not TOML: malformed key or header");
  for (const std::string letters : {"\u0407", "\u00b5\ufeff", "\u3001"}) {
    EXPECT_EQ(problems("[[" + letters + "]]\n"), "bench.toml: not TOML: malformed key or header");
  }
}

TEST_F(BenchFile, RefusesATimeScaleUnlessEverythingIsSimulated) {
  const std::string fast = replaced(documented_example(0), "time_scale = 1.0", "time_scale = 60.0");
  EXPECT_EQ(problems(fast), "");
  std::string real = replaced(fast, "simulated = true                # optional, false", "");
  real = replaced(real, "channels count from 1\nsimulated = true", "");
  EXPECT_EQ(problems(real),
            "bench.toml:3: 'time_scale' in [bench]: must be 1 unless every device is simulated; "
            "these are not: source, position p01");
}

TEST_F(BenchFile, FindsWhatIsUsedTwice) {
  const std::string good = documented_example(0);
  const std::string position = good.substr(good.find("[[position]]"));
  const std::string all = problems(good + position);
  const int first = line_with(good + "\n", "[[position]]");
  EXPECT_NE(all.find("position 'p01' is already defined in line " + std::to_string(first)),
            std::string::npos);
  EXPECT_NE(all.find("counter channel 1 already belongs to position p01 (line "),
            std::string::npos);
  EXPECT_NE(all.find("tcp://127.0.0.1:4059 already belongs to interface tcp of position p01"),
            std::string::npos);
  const std::string interface = good.substr(good.rfind("[[position.interface]]"));
  EXPECT_NE(problems(good + interface).find("position 'p01' has interface 'tcp' twice"),
            std::string::npos);
}

TEST_F(BenchFile, PrefersTheMeterTypeBesideTheBenchFile) {
  std::string type = slurp(k_source + "/devices/types/virtual_3x230_5_100.toml");
  spill(directory_ / "virtual_3x230_5_100.toml", replaced(type, "\"100 A\"", "\"4 A\""));
  EXPECT_EQ(problems(documented_example(0)),
            "virtual_3x230_5_100.toml:9: 'base_current' in [ratings]: impossible rating: must be "
            "at most 'maximum_current'");
}

TEST(MeterTypeFile, NamesEverySlipWithItsLine) {
  const Slip slips[] = {
#include "harness/bench/test_data/type_slips.inc"
  };
  const std::string good = documented_example(1);
  {
    Problems problems("type.toml");
    const MeterType type = read_meter_type(good, problems);
    ASSERT_NO_THROW(problems.raise_if_any());
    EXPECT_EQ(type.name, "type");
    EXPECT_EQ(type.client("public")->client_sap, 16);
  }
  for (const Slip& slip : slips) {
    const std::string bad = replaced(good, slip.from, slip.to);
    const int line = *slip.at ? line_with(bad, slip.at) : 0;
    Problems problems("type.toml");
    read_meter_type(bad, problems);
    try {
      problems.raise_if_any();
      ADD_FAILURE() << "accepted: " << slip.to;
    } catch (const harness::ConfigError& error) {
      EXPECT_EQ(error.what(), (line > 0 ? "type.toml:" + std::to_string(line) : "type.toml") +
                                  ": " + slip.message);
    }
  }
}

TEST(MeterTypeFile, EveryShippedTypeLoads) {
  int types = 0;
  for (const auto& entry : fs::directory_iterator(k_source + "/devices/types")) {
    if (!entry.is_regular_file()) continue;  // the folder of market profiles
    EXPECT_NO_THROW(load_meter_type(entry.path().string())) << entry.path();
    ++types;
  }
  EXPECT_GT(types, 0);
}

}  // namespace
}  // namespace meterproof::bench
