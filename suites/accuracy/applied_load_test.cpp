#include "suites/accuracy/applied_load.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "harness/errors.hpp"

namespace meterproof::suites {
namespace {

devices::ReferenceReading reading_of(const devices::Load& load) {
  devices::ReferenceReading reading;
  for (std::size_t i = 0; i < 3; ++i) {
    reading.u[i] = load.phases[i].u;
    reading.i[i] = load.phases[i].i;
    reading.phi[i] = load.phases[i].phi;
  }
  reading.frequency = load.frequency;
  return reading;
}

const devices::Load k_load = devices::balanced_load(3, {230}, {5}, {std::acos(0.5)});

TEST(AppliedLoad, ACountThatStandsStillIsNotBelieved) {
  auto before = reading_of(k_load), after = before;
  before.power = after.power = {1725};
  before.instrument_ns = 1'000'000'000;
  after.instrument_ns = 11'000'000'000;
  after.energy_count = before.energy_count + 1725.0 * 10 / 3.6e6 * 1e9;
  EXPECT_EQ(implausible(before, after, 1e9), "");
  EXPECT_NE(implausible(before, after, 1e8), "");
  after.energy_count = before.energy_count;
  EXPECT_NE(implausible(before, after, 1e9), "");
  EXPECT_NE(implausible(before, before, 1e9), "");
}

TEST(Calibration, IsValidOnItsLastDay) {
  using namespace std::chrono;
  const sys_days day = 2026y / March / 31;
  EXPECT_NO_THROW(require_calibrated("2026-03-31", day));
  EXPECT_NO_THROW(require_calibrated("", day));
  EXPECT_THROW(require_calibrated("2026-03-30", day), harness::BenchError);
  EXPECT_THROW(require_calibrated("next year", day), harness::BenchError);
  EXPECT_THROW(require_calibrated("2026-13-01", day), harness::BenchError);
}

TEST(AppliedLoad, TheAngleIsThatOfTheLoadedPhases) {
  auto load = k_load;
  load.phases[1].i = load.phases[2].i = {0};
  load.phases[1].phi = load.phases[2].phi = {1.5};
  EXPECT_NEAR(load_angle(reading_of(load)), std::acos(0.5), 1e-12);
}

}  // namespace
}  // namespace meterproof::suites
