#include "devices/source.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace meterproof::devices {
namespace {

TEST(Load, SaysWhatALabEngineerWouldSay) {
  EXPECT_EQ(to_string(balanced_load(3, {230}, {5}, {std::acos(0.5)})),
            "3x230 V, 5 A, PF 0.5 ind, 50 Hz");
  EXPECT_EQ(to_string(balanced_load(1, {230}, {0.25}, {-std::acos(0.8)}, {60})),
            "1x230 V, 0.25 A, PF 0.8 cap, 60 Hz");
  EXPECT_EQ(to_string(balanced_load(3, {264.5}, {0}, {0})), "3x264.5 V, 0 A, 50 Hz");
  EXPECT_EQ(to_string(balanced_load(3, {230}, {5}, {0})), "3x230 V, 5 A, PF 1, 50 Hz");
}

TEST(Load, AnUnbalancedLoadNamesEveryPhase) {
  Load load = balanced_load(3, {230}, {5}, {0});
  load.phases[1].i = {0};
  EXPECT_EQ(to_string(load), "L1 230 V, 5 A, PF 1; L2 230 V, 0 A; L3 230 V, 5 A, PF 1, 50 Hz");
}

TEST(Load, ASinglePhaseLoadLeavesTheOthersOff) {
  const Load load = balanced_load(1, {230}, {5}, {0.1});
  EXPECT_EQ(load.phases[0], (PhaseLoad{{230}, {5}, {0.1}}));
  EXPECT_EQ(load.phases[1], PhaseLoad{});
  EXPECT_EQ(load.phases[2], PhaseLoad{});
}

}  // namespace
}  // namespace meterproof::devices
