// `meterproof objects` against a world that was started apart: what a person sees of a meter.
#include "suites/app/test_only/program_rig.hpp"

namespace meterproof::suites {
namespace {

using rig::ExitedWith;
using ::testing::HasSubstr;
using ::testing::Not;

class LookingAtObjects : public ::testing::Test {
 protected:
  rig::Ended look(std::vector<std::string> more) {
    std::vector<std::string> all{"objects", world_.bench(), "--energise"};
    all.insert(all.end(), more.begin(), more.end());
    return rig::run_program(scratch_, all);
  }
  const rig::Scratch scratch_;
  const rig::World world_{scratch_ / "world", {"--scale", "1"}};
};

TEST_F(LookingAtObjects, TheManagementClientSeesNamesRightsAndValuesWithUnits) {
  const rig::Ended ended = look({"--position", "p02", "--client", "management", "--read"});
  EXPECT_THAT(ended, ExitedWith(0));
  EXPECT_THAT(ended.out, HasSubstr("p02, client 'management'"));
  EXPECT_THAT(ended.out,
              HasSubstr("1-0:1.8.0.255  Register v0  Active energy import (+A), total, time "
                        "integral 1"));
  EXPECT_THAT(ended.out, HasSubstr("10^0 Wh"));
  EXPECT_THAT(ended.out, ::testing::ContainsRegex("value +[0-9]+ Wh"));
  EXPECT_THAT(ended.out, ::testing::ContainsRegex("value +2[0-9]+\\.[0-9] V"));
  EXPECT_THAT(ended.out, HasSubstr("remote_disconnect"));
  EXPECT_THAT(ended.out, Not(HasSubstr("deviates from its class")));
  EXPECT_FALSE(world_.is_on()) << "the supply was held only meanwhile";
}

TEST_F(LookingAtObjects, ThePublicClientSeesLittle) {
  const rig::Ended ended = look({"--client", "public"});
  EXPECT_THAT(ended, ExitedWith(0));
  EXPECT_THAT(ended.out, HasSubstr("COSEM logical device name"));
  EXPECT_THAT(ended.out, Not(HasSubstr("Active energy import")));
}

TEST_F(LookingAtObjects, AWrongPositionOrClientIsAConfigurationError) {
  EXPECT_THAT(look({"--position", "p99"}), ExitedWith(2));
  EXPECT_THAT(look({"--client", "nobody"}), ExitedWith(2));
  EXPECT_FALSE(world_.is_on());
}

TEST_F(LookingAtObjects, AMeterWithoutSupplyIsSaidToBeSilent) {
  const rig::Ended ended = rig::run_program(scratch_, {"objects", world_.bench()});
  EXPECT_THAT(ended, ExitedWith(3));
  EXPECT_THAT(ended.out, HasSubstr("no association"));
}

}  // namespace
}  // namespace meterproof::suites
