#include "devices/simulated/meter/connection_guard.hpp"

#include <gtest/gtest.h>

namespace meterproof::simulated {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const harness::WallTime k_guard_start{seconds(1000)};

GuardLimits small_guard() {
  GuardLimits limits;
  limits.unproven_places = 3;
  limits.proven_places = 2;
  limits.grace = milliseconds(100);
  limits.stranger_silence = milliseconds(1500);
  limits.associated_silence = seconds(60);
  return limits;
}

TEST(ConnectionGuard, AProvenConnectionIsNeverDisplacedByStrangers) {
  ConnectionGuard guard(small_guard());
  const auto head_end = *guard.admit("127.0.0.1", k_guard_start).admitted;
  EXPECT_FALSE(guard.heard(head_end, Standing::proven, k_guard_start));
  for (int i = 1; i <= 100; ++i) {
    const auto admission = guard.admit("127.0.0.1", k_guard_start + seconds(i));
    ASSERT_TRUE(admission.admitted);
    EXPECT_NE(admission.displaced, head_end);
  }
}

TEST(ConnectionGuard, ANewcomerWaitsOutTheGraceOfTheOldestStranger) {
  ConnectionGuard guard(small_guard());
  const auto first = *guard.admit("127.0.0.1", k_guard_start).admitted;
  guard.admit("127.0.0.1", k_guard_start + milliseconds(10));
  guard.admit("127.0.0.1", k_guard_start + milliseconds(20));
  const auto too_early = guard.admit("127.0.0.1", k_guard_start + milliseconds(99));
  EXPECT_FALSE(too_early.admitted);
  EXPECT_EQ(too_early.retry_at, k_guard_start + milliseconds(100));
  EXPECT_EQ(guard.admit("127.0.0.1", too_early.retry_at).displaced, first);
}

TEST(ConnectionGuard, TheSourceThatHoldsMostPaysFirst) {
  ConnectionGuard guard(small_guard());
  guard.admit("127.0.0.1", k_guard_start);
  const auto bot = *guard.admit("127.0.0.66", k_guard_start + milliseconds(1)).admitted;
  guard.admit("127.0.0.66", k_guard_start + milliseconds(2));
  EXPECT_EQ(guard.admit("127.0.0.66", k_guard_start + seconds(1)).displaced, bot);
}

TEST(ConnectionGuard, AStrangerGoesBeforeAnAssociatedClientOfTheSameSource) {
  ConnectionGuard guard(small_guard());
  const auto reader = *guard.admit("127.0.0.1", k_guard_start).admitted;
  guard.heard(reader, Standing::associated, k_guard_start);
  const auto stranger = *guard.admit("127.0.0.1", k_guard_start + milliseconds(1)).admitted;
  guard.admit("127.0.0.1", k_guard_start + milliseconds(2));
  EXPECT_EQ(guard.admit("127.0.0.1", k_guard_start + seconds(1)).displaced, stranger);
}

TEST(ConnectionGuard, SilenceEndsAStrangerSoonAndAClientLate) {
  ConnectionGuard guard(small_guard());
  const auto idle = *guard.admit("127.0.0.1", k_guard_start).admitted;
  const auto client = *guard.admit("127.0.0.1", k_guard_start).admitted;
  guard.heard(client, Standing::proven, k_guard_start);
  EXPECT_EQ(guard.next_deadline(), k_guard_start + milliseconds(1500));
  EXPECT_EQ(guard.overdue(k_guard_start + milliseconds(1500)), std::vector{idle});
  guard.closed(idle);
  EXPECT_EQ(guard.next_deadline(), k_guard_start + seconds(60));
}

TEST(ConnectionGuard, AStrangerCannotTalkForEver) {
  ConnectionGuard guard(small_guard());
  const auto id = *guard.admit("127.0.0.1", k_guard_start).admitted;
  for (int i = 1; i < 30; ++i) guard.heard(id, Standing::stranger, k_guard_start + seconds(i));
  EXPECT_EQ(guard.overdue(k_guard_start + seconds(30)), std::vector{id});
}

TEST(ConnectionGuard, ProvenPlacesAreBoundedAndTheQuietestGoes) {
  ConnectionGuard guard(small_guard());
  const auto first = *guard.admit("127.0.0.1", k_guard_start).admitted;
  guard.heard(first, Standing::proven, k_guard_start + seconds(3));
  const auto second = *guard.admit("127.0.0.1", k_guard_start).admitted;
  guard.heard(second, Standing::proven, k_guard_start + seconds(1));
  const auto third = *guard.admit("127.0.0.1", k_guard_start).admitted;
  EXPECT_EQ(guard.heard(third, Standing::proven, k_guard_start + seconds(4)), second);
}

TEST(ConnectionGuard, WithoutDefenceIdleStrangersHoldEveryPlaceForEver) {
  GuardLimits limits = small_guard();
  limits.defend = false;
  ConnectionGuard guard(limits);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(guard.admit("127.0.0.66", k_guard_start).admitted);
  EXPECT_FALSE(guard.admit("127.0.0.1", k_guard_start + seconds(3600)).admitted);
  EXPECT_TRUE(guard.overdue(k_guard_start + seconds(3600)).empty());
}

}  // namespace
}  // namespace meterproof::simulated
