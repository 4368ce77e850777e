// The GoogleTest front end: every case of the plan is a test, so that filters, repeats and sharding
// work. A body only asks the campaign for its case; the scheduler runs the whole stage for all
// selected positions.
//
//   meterproof-gtest --gtest_filter='ACC_LOAD_001.*' [--bench=bench.toml] [--tier=demo]
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "harness/bench/signals.hpp"
#include "harness/errors.hpp"
#include "suites/app/campaign.hpp"

namespace {

using meterproof::harness::CaseId;
using meterproof::harness::CaseResult;
using meterproof::harness::Verdict;
using meterproof::suites::Campaign;
using meterproof::suites::CampaignOptions;

class CaseTest : public testing::Test {
 public:
  CaseTest(Campaign& campaign, CaseId id) : campaign_(campaign), id_(std::move(id)) {}

  void TestBody() override {
    const CaseResult result = campaign_.result(id_);
    const std::string text = result.type + ": " + result.reason;
    RecordProperty("verdict", std::string(to_string(result.verdict)));
    if (result.verdict == Verdict::skipped) GTEST_SKIP() << text;
    if (result.verdict != Verdict::pass) ADD_FAILURE() << to_string(result.verdict) << ": " << text;
  }

 private:
  Campaign& campaign_;
  CaseId id_;
};

// Begins the campaign with what the filter left, which GoogleTest knows only when it runs.
class CampaignEnvironment : public testing::Environment {
 public:
  explicit CampaignEnvironment(Campaign& campaign) : campaign_(campaign) {}
  void SetUp() override {
    if (begun_) return;  // --gtest_repeat
    begun_ = true;
    std::set<CaseId> selected;
    const testing::UnitTest& all = *testing::UnitTest::GetInstance();
    for (const auto& planned : campaign_.plan()) {
      for (int s = 0; s < all.total_test_suite_count(); ++s) {
        const testing::TestSuite& suite = *all.GetTestSuite(s);
        if (suite.name() != planned.id.procedure) continue;
        for (int t = 0; t < suite.total_test_count(); ++t) {
          const testing::TestInfo& test = *suite.GetTestInfo(t);
          if (test.should_run() && test.name() == planned.id.variant + "/" + planned.id.position) {
            selected.insert(planned.id);
          }
        }
      }
    }
    campaign_.begin(selected);
    std::printf("run folder: %s\n", campaign_.run_folder().c_str());
  }

 private:
  Campaign& campaign_;
  bool begun_ = false;
};

std::string flag(int argc, char** argv, const std::string& name) {
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument.starts_with("--" + name + "=")) return argument.substr(name.size() + 3);
  }
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  try {
    meterproof::bench::SignalStops signals;
    CampaignOptions options;
    options.after_step = signals.after_step();
    options.abort = signals.abort();
    if (const std::string bench = flag(argc, argv, "bench"); !bench.empty()) options.bench = bench;
    const std::string tier = flag(argc, argv, "tier");
    if (tier == "standard") options.tier = meterproof::harness::Tier::standard;
    if (tier == "full") options.tier = meterproof::harness::Tier::full;
    Campaign campaign(options);
    for (const auto& planned : campaign.plan()) {
      const CaseId id = planned.id;
      testing::RegisterTest(id.procedure.c_str(), (id.variant + "/" + id.position).c_str(), nullptr,
                            nullptr, __FILE__, __LINE__, [&campaign, id]() -> testing::Test* {
                              return new CaseTest(campaign, id);
                            });
    }
    testing::AddGlobalTestEnvironment(new CampaignEnvironment(campaign));
    const int gtest_code = RUN_ALL_TESTS();
    if (testing::GTEST_FLAG(list_tests)) return gtest_code;
    const int code = campaign.finish();
    return code != 0 ? code : gtest_code;
  } catch (const meterproof::harness::ConfigError& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "meterproof-gtest: %s\n", error.what());
    return 3;
  }
}
