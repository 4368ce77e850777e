#include "devices/simulated/meter/guess_limiter.hpp"

#include <gtest/gtest.h>

namespace meterproof::simulated {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const harness::WallTime k_limiter_start{seconds(1000)};

TEST(GuessLimiter, LocksAfterTheDeclaredFailuresForTheDeclaredTime) {
  GuessLimiter limiter(3, seconds(10));
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(limiter.locked(k_limiter_start));
    limiter.failed(k_limiter_start);
  }
  EXPECT_TRUE(limiter.locked(k_limiter_start + milliseconds(9999)));
  EXPECT_FALSE(limiter.locked(k_limiter_start + seconds(10)));
}

TEST(GuessLimiter, OneGuessALockTimeAfterwards) {
  GuessLimiter limiter(3, seconds(10));
  for (int i = 0; i < 3; ++i) limiter.failed(k_limiter_start);
  limiter.failed(k_limiter_start + seconds(10));
  EXPECT_TRUE(limiter.locked(k_limiter_start + seconds(19)));
  EXPECT_FALSE(limiter.locked(k_limiter_start + seconds(20)));
}

TEST(GuessLimiter, SuccessForgives) {
  GuessLimiter limiter(3, seconds(10));
  limiter.failed(k_limiter_start);
  limiter.failed(k_limiter_start);
  limiter.succeeded();
  limiter.failed(k_limiter_start);
  EXPECT_FALSE(limiter.locked(k_limiter_start));
}

TEST(GuessLimiter, APowerCutDoesNotForgive) {
  GuessLimiter before(3, seconds(10));
  for (int i = 0; i < 3; ++i) before.failed(k_limiter_start);
  GuessLimiter after(3, seconds(10));
  after.restore(before.failures(), k_limiter_start + seconds(1));
  EXPECT_TRUE(after.locked(k_limiter_start + seconds(10)));
  EXPECT_FALSE(after.locked(k_limiter_start + seconds(11)));
}

}  // namespace
}  // namespace meterproof::simulated
