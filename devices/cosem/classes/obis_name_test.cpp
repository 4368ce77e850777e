#include "devices/cosem/classes/obis_name.hpp"

#include <gtest/gtest.h>

#include <array>

namespace meterproof::cosem::classes {
namespace {

std::string named(const char* name) { return obis_name(*LogicalName::parse(name)); }

TEST(ObisName, ElectricityIsNamedByQuantityPhaseRateAndProcessing) {
  EXPECT_EQ(named("1-0:1.8.0.255"), "Active energy import (+A), total, time integral 1");
  EXPECT_EQ(named("1-0:2.8.2.255"), "Active energy export (-A), rate 2, time integral 1");
  EXPECT_EQ(named("1-0:1.7.0.255"), "Active power import (+A), instantaneous value");
  EXPECT_EQ(named("1-0:32.7.0.255"), "Voltage L1, instantaneous value");
  EXPECT_EQ(named("1-0:71.7.0.255"), "Current L3, instantaneous value");
  EXPECT_EQ(named("1-0:21.8.0.255"), "Active energy import (+A) L1, total, time integral 1");
  EXPECT_EQ(named("1-0:1.6.0.255"), "Active power import (+A), total, maximum 1");
  EXPECT_EQ(named("1-0:12.7.3.255"), "Voltage, harmonic 3, instantaneous value");
  EXPECT_EQ(named("1-0:14.7.0.255"), "Supply frequency, instantaneous value");
  EXPECT_EQ(named("1-1:1.8.1.5"),
            "Active energy import (+A), rate 1, time integral 1, channel 1, billing period 5");
  EXPECT_EQ(named("1-0:99.1.0.255"), "Load profile with recording period 1");
  EXPECT_EQ(named("1-0:0.2.0.255"), "Active firmware identifier");
}

TEST(ObisName, AbstractObjectsAndTheirNumbers) {
  EXPECT_EQ(named("0-0:1.0.0.255"), "Clock");
  EXPECT_EQ(named("0-0:40.0.0.255"), "Current association");
  EXPECT_EQ(named("0-0:40.0.3.255"), "Association 3");
  EXPECT_EQ(named("0-0:42.0.0.255"), "COSEM logical device name");
  EXPECT_EQ(named("0-0:43.1.1.255"), "Invocation counter 1");
  EXPECT_EQ(named("0-0:96.3.10.255"), "Disconnect control");
  EXPECT_EQ(named("0-1:24.2.1.255"), "M-Bus value 1, channel 1");
  EXPECT_EQ(named("0-0:10.0.107.255"), "Script table: image activation");
}

TEST(ObisName, OtherMediaSayWhichTheyAre) {
  EXPECT_EQ(named("8-0:1.0.0.255"), "Accumulated volume, D=0 E=0, cold water");
  EXPECT_EQ(medium_name(7), "gas");
  EXPECT_EQ(medium_name(12), "medium 12");
}

TEST(ObisName, AnySixOctetsHaveAName) {
  LogicalName name;
  for (int a : {0, 1, 2, 6, 7, 8, 128, 255}) {
    for (int c = 0; c < 256; ++c) {
      for (int d = 0; d < 256; d += 5) {
        for (int e : {0, 1, 64, 200, 255}) {
          name.groups = {static_cast<std::uint8_t>(a), 0,
                         static_cast<std::uint8_t>(c), static_cast<std::uint8_t>(d),
                         static_cast<std::uint8_t>(e), 255};
          ASSERT_FALSE(obis_name(name).empty());
        }
      }
    }
  }
}

TEST(Describe, NamesClassObjectAndMember) {
  EXPECT_EQ(describe(AttributeDescriptor{3, names::k_active_import, 2}),
            "Register 1-0:1.8.0.255 (Active energy import (+A), total, time integral 1), value");
  EXPECT_EQ(describe(MethodDescriptor{70, names::k_disconnect_control, 1}),
            "Disconnect control 0-0:96.3.10.255 (Disconnect control), remote_disconnect");
  EXPECT_EQ(describe(AttributeDescriptor{3, names::k_active_import, 0}),
            "Register 1-0:1.8.0.255 (Active energy import (+A), total, time integral 1), all "
            "attributes");
}

}  // namespace
}  // namespace meterproof::cosem::classes
