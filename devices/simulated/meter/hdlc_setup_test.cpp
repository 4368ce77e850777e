#include "devices/simulated/meter/hdlc_setup.hpp"

#include <gtest/gtest.h>

#include "devices/simulated/meter/test_meter.hpp"

namespace meterproof::simulated {
namespace {

using cosem::Data;
using cosem::DataAccessResult;

constexpr std::size_t k_inactivity = 6;

TEST(HdlcSetupObject, SaysWhatTheTypeDeclaresUntilItIsSet) {
  Nonvolatile kept("");
  bench::MeterType type = testing::test_type();
  type.inactivity_timeout = std::chrono::milliseconds(2500);
  HdlcSetup setup(kept, type);
  Object object = setup.object();
  EXPECT_EQ(setup.inactivity(), std::chrono::milliseconds(2500));
  ASSERT_EQ(object.attributes[k_inactivity].set(Data(std::uint16_t{7})), DataAccessResult::success);
  EXPECT_EQ(setup.inactivity(), std::chrono::seconds(7));
  EXPECT_EQ(HdlcSetup(kept, type).inactivity(), std::chrono::seconds(7));
  EXPECT_EQ(object.attributes[k_inactivity].set(Data(true)), DataAccessResult::type_unmatched);
}

TEST(HdlcSetupObject, ZeroIsNever) {
  Nonvolatile kept("");
  const bench::MeterType type = testing::test_type();
  HdlcSetup setup(kept, type);
  Object object = setup.object();
  ASSERT_EQ(object.attributes[k_inactivity].set(Data(std::uint16_t{0})), DataAccessResult::success);
  EXPECT_GT(setup.inactivity(), std::chrono::hours(24));
}

}  // namespace
}  // namespace meterproof::simulated
