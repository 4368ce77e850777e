#include "devices/cosem/security_policy.hpp"

#include <gtest/gtest.h>

namespace meterproof::cosem {
namespace {

TEST(SecurityPolicy, EveryValueOfBothVersionsComesBack) {
  for (int version = 0; version < 2; ++version) {
    for (int value = 0; value < 256; ++value) {
      const auto number = static_cast<std::uint8_t>(value);
      const auto policy = security_policy_from(static_cast<std::uint8_t>(version), number);
      const bool known = version == 0 ? value < 4 : value % 4 == 0;
      ASSERT_EQ(policy.has_value(), known) << version << " " << value;
      if (known) {
        EXPECT_EQ(security_policy_value(static_cast<std::uint8_t>(version), *policy), number);
      }
    }
  }
  EXPECT_FALSE(security_policy_from(2, 0));
}

TEST(SecurityPolicy, DirectionsAreSeparate) {
  const auto policy = security_policy_from(1, 0x0C | 0x20).value();
  EXPECT_EQ(policy, (SecurityPolicy{0x30, 0x10, false, false}));
  EXPECT_FALSE(security_policy_value(0, policy));
  EXPECT_EQ(security_policy_from(1, 0x90).value(), (SecurityPolicy{0, 0, true, true}));
}

TEST(SecurityPolicy, OnlyMoreIsStronger) {
  const SecurityPolicy both{0x30, 0x30, false, false}, one{0x10, 0x30, false, false};
  EXPECT_TRUE(at_least_as_strong(both, one));
  EXPECT_TRUE(at_least_as_strong(both, both));
  EXPECT_FALSE(at_least_as_strong(one, both));
  EXPECT_FALSE(at_least_as_strong(both, {0, 0, true, false}));
}

TEST(SecurityPolicy, LessThanDemandedIsSaid) {
  EXPECT_TRUE(check_protection(0x31, 0x30));
  EXPECT_TRUE(check_protection(0, 0));
  EXPECT_EQ(check_protection(0x11, 0x30).error(), CosemError::policy_not_met);
  EXPECT_EQ(check_protection(0x20, 0x10).error(), CosemError::policy_not_met);
  EXPECT_EQ(check_protection(0, 0x10).error(), CosemError::policy_not_met);
}

}  // namespace
}  // namespace meterproof::cosem
