#include "devices/simulated/metrology.hpp"

#include <gtest/gtest.h>

#include <numbers>

namespace meterproof::simulated {
namespace {

bench::MeterType direct_class_1() {
  bench::MeterType type;
  type.phases = 3;
  type.nominal_voltage = {230};
  type.base_current = {5};
  type.minimum_current = {0.25};
  type.transitional_current = {0.5};
  type.maximum_current = {100};
  type.starting_current = {0.02};
  type.constant = 1000;
  type.accuracy_class = "1";
  return type;
}

devices::Load three_phases(double amperes, double degrees, double volts = 230) {
  devices::Load load;
  for (auto& phase : load.phases) phase = {{volts}, {amperes}, {degrees * std::numbers::pi / 180}};
  return load;
}

double error(const ErrorModel& model, const bench::MeterType& type, const devices::Load& load) {
  return measured_power(model, type, load, false) / true_power(load) - 1;
}

MeterUnit unit_with(std::uint64_t seed, std::set<std::string> weaknesses = {}) {
  MeterUnit unit;
  unit.name = "p01";
  unit.type = std::make_shared<bench::MeterType>(direct_class_1());
  unit.seed = seed;
  unit.weaknesses = std::move(weaknesses);
  return unit;
}

TEST(Metrology, FiveMinutesOfPhaseErrorCostAQuarterPercentAtHalfInductive) {
  ErrorModel model;
  model.phase_error = 5 * std::numbers::pi / 10'800;
  const auto type = direct_class_1();
  EXPECT_NEAR(error(model, type, three_phases(5, 60)), -0.0025, 0.00005);
  EXPECT_NEAR(error(model, type, three_phases(5, -60)), +0.0025, 0.00005);
  EXPECT_NEAR(error(model, type, three_phases(5, 36.87)), -0.0011, 0.00002);
  EXPECT_NEAR(error(model, type, three_phases(5, 0)), 0, 2e-6);
}

TEST(Metrology, EachTermActsWhereItShould) {
  const auto type = direct_class_1();
  ErrorModel model;
  model.gain = 0.01;
  EXPECT_NEAR(error(model, type, three_phases(50, 30)), 0.01, 1e-12);
  model = {};
  model.low_current = 0.0025;  // 1 % at 0.25 A
  EXPECT_NEAR(error(model, type, three_phases(0.25, 0)), 0.01, 1e-12);
  EXPECT_NEAR(error(model, type, three_phases(100, 0)), 0.000025, 1e-12);
  model = {};
  model.offset_power = 1;
  EXPECT_NEAR(error(model, type, three_phases(0.25, 0)), 1 / (3 * 230 * 0.25), 1e-12);
}

TEST(Metrology, HealthyMetersOfAnySeedStayInsideTheirClass) {
  struct Point {
    double amperes, degrees, limit;
  };
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    const MeterUnit unit = unit_with(seed);
    const ErrorModel model = draw_error_model(unit);
    for (const Point point :
         {Point{0.25, 0, 1.5}, Point{0.5, 0, 1.0}, Point{5, 0, 1.0}, Point{100, 0, 1.0},
          Point{0.5, 60, 1.5}, Point{1, 60, 1.0}, Point{100, 60, 1.0}, Point{0.5, -36.87, 1.5},
          Point{1, -36.87, 1.0}, Point{100, -36.87, 1.0}}) {
      EXPECT_LT(std::abs(error(model, *unit.type, three_phases(point.amperes, point.degrees))),
                0.9 * point.limit / 100)
          << "seed " << seed << ", " << point.amperes << " A, " << point.degrees << " deg";
    }
    EXPECT_EQ(measured_power(model, *unit.type, three_phases(0, 0), false), 0) << "creeps";
    EXPECT_GT(measured_power(model, *unit.type, three_phases(0.02, 0), false), 10)
        << "does not start";
    EXPECT_EQ(measured_power(model, *unit.type, three_phases(0.009, 0), false), 0);
  }
}

TEST(Metrology, EveryMetrologicalWeaknessShowsInItsOwnWayOnly) {
  const auto type = direct_class_1();
  const auto model = [](const char* weakness) {
    return draw_error_model(unit_with(7, {weakness}));
  };

  EXPECT_GT(error(model("ACC_GAIN"), type, three_phases(5, 0)), 0.015);
  const ErrorModel phase = model("ACC_PHASE");
  EXPECT_LT(std::abs(error(phase, type, three_phases(5, 0))), 0.01);
  EXPECT_LT(error(phase, type, three_phases(5, 60)), -0.015);
  const ErrorModel deaf = model("ACC_NO_START");
  EXPECT_EQ(measured_power(deaf, type, three_phases(0.02, 0), false), 0);
  EXPECT_LT(std::abs(error(deaf, type, three_phases(0.25, 0))), 0.015);
  const ErrorModel creeping = model("ACC_NOLOAD_CREEP");
  const double minutes = 600e6 / (1000.0 * 3 * 230 * 100);
  EXPECT_GE(measured_power(creeping, type, three_phases(0, 0), false) * minutes / 60, 2.0);
  EXPECT_LT(std::abs(error(creeping, type, three_phases(0.25, 0))), 0.015);
  EXPECT_EQ(measured_power(creeping, type, three_phases(0, 0, 0), false), 0);
  const ErrorModel starved = model("MUT_RES_001");
  const auto load = three_phases(5, 0);
  EXPECT_NEAR(
      measured_power(starved, type, load, true) / measured_power(starved, type, load, false), 0.98,
      0.0005);
  const ErrorModel steady = draw_error_model(unit_with(7));
  EXPECT_EQ(measured_power(steady, type, load, true), measured_power(steady, type, load, false));
}

}  // namespace
}  // namespace meterproof::simulated
