#include "harness/bench/address_guard.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "harness/errors.hpp"

namespace meterproof::bench {
namespace {

TEST(AddressGuard, ReadsBlocks) {
  EXPECT_TRUE(parse_block("10.0.0.0/8")->contains(*parse_address("10.255.1.2")));
  EXPECT_FALSE(parse_block("10.0.0.0/8")->contains(*parse_address("11.0.0.1")));
  EXPECT_TRUE(parse_block("fd00::/8")->contains(*parse_address("fd12::1")));
  EXPECT_FALSE(parse_block("0.0.0.0/0")->contains(*parse_address("::1")));
  EXPECT_TRUE(parse_block("127.0.0.7")->contains(*parse_address("127.0.0.7")));
  EXPECT_FALSE(parse_block("127.0.0.7")->contains(*parse_address("127.0.0.6")));
  for (const char* wrong : {"", "/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x", "10.0.0/8",
                            "::/129", "localhost", "10.0.0.0/", " 10.0.0.0/8"})
    EXPECT_FALSE(parse_block(wrong)) << wrong;
}

TEST(AddressGuard, PermitsOnlyPrivateLoopbackLinkLocalAndBenchmarkRanges) {
  for (const char* good : {"10.1.0.0/16", "172.16.0.0/12", "192.168.7.0/24", "127.0.0.0/8",
                           "169.254.3.0/24", "198.18.0.0/15", "::1", "fd00::/8", "fe80::1/64"})
    EXPECT_TRUE(within_permitted_range(*parse_block(good))) << good;
  for (const char* bad : {"0.0.0.0/0", "8.8.8.8", "172.0.0.0/8", "192.168.0.0/15", "198.20.0.0/16",
                          "::/0", "2001:db8::/32", "::ffff:8.8.8.8"})
    EXPECT_FALSE(within_permitted_range(*parse_block(bad))) << bad;
}

TEST(AddressGuard, RefusesWhatIsNotAllowed) {
  const AddressGuard guard({"127.0.0.0/24"});
  EXPECT_EQ(guard.refusal("127.0.0.1"), "");
  EXPECT_EQ(guard.refusal("::ffff:127.0.0.1"), "");
  EXPECT_EQ(guard.refusal("127.0.1.1"), "127.0.1.1 is not in the bench's allow list");
  EXPECT_EQ(guard.refusal("8.8.8.8"), "8.8.8.8 is not in the bench's allow list");
  EXPECT_EQ(guard.refusal("localhost"), "'localhost' is not a literal address; names are refused");
  EXPECT_THROW(guard.require("127.0.1.1"), harness::BenchError);
  EXPECT_NO_THROW(guard.require("127.0.0.1"));
  EXPECT_FALSE(AddressGuard({}).refusal("127.0.0.1").empty());
}

TEST(AddressGuard, RefusesAnAllowListThatReachesThePublic) {
  EXPECT_THROW(AddressGuard({"127.0.0.0/8", "0.0.0.0/0"}), harness::ConfigError);
  EXPECT_THROW(AddressGuard({"the lab"}), harness::ConfigError);
}

TEST(AddressGuard, RefusesBroadcastAndMulticast) {
  EXPECT_EQ(off_link_reason(*parse_address("127.0.0.1")), "");
  EXPECT_FALSE(off_link_reason(*parse_address("255.255.255.255")).empty());
  EXPECT_FALSE(off_link_reason(*parse_address("224.0.0.1")).empty());
}

TEST(AttackCaps, CannotBeRaised) {
  using std::chrono::hours;
  const AttackBounds bounds = capped({1e9, 1'000'000, 1'000'000, hours(24)});
  EXPECT_EQ(bounds.packets_per_second, 10'000);
  EXPECT_EQ(bounds.connections, 1'024);
  EXPECT_EQ(bounds.login_tries, 2'000);
  EXPECT_EQ(bounds.duration, std::chrono::seconds(600));
  const AttackBounds small = capped({5, 3, 2, std::chrono::seconds(1)});
  EXPECT_EQ(small.packets_per_second, 5);
  EXPECT_EQ(small.connections, 3);
  const AttackBounds nonsense =
      capped({std::numeric_limits<double>::quiet_NaN(), -1, -1, -std::chrono::seconds(1)});
  EXPECT_EQ(nonsense.packets_per_second, 0);
  EXPECT_EQ(nonsense.connections, 0);
  EXPECT_EQ(nonsense.duration, std::chrono::seconds(0));
}

}  // namespace
}  // namespace meterproof::bench
