#include "suites/conformance/liveness.hpp"

#include <gtest/gtest.h>

namespace meterproof::suites {
namespace {

using std::chrono::milliseconds;

TEST(Liveness, TellsHowAMeterIs) {
  LifeSigns signs;
  EXPECT_EQ(judge(signs), Liveness::dead);
  signs.opens = true;
  EXPECT_EQ(judge(signs), Liveness::deaf);
  signs.sends_unasked = true;
  EXPECT_EQ(judge(signs), Liveness::spinning);
  signs.sends_unasked = false;
  signs.link_answers = true;
  EXPECT_EQ(judge(signs), Liveness::spinning);
  signs.serves_another = true;
  EXPECT_EQ(judge(signs), Liveness::locked);
  signs.serves = true;
  signs.usual = milliseconds(100);
  signs.taken = milliseconds(1999);
  EXPECT_EQ(judge(signs), Liveness::alive);
  signs.taken = milliseconds(2001);
  EXPECT_EQ(judge(signs), Liveness::slow);
}

// On a fast line twenty times the usual is still nothing that a client would call slow.
TEST(Liveness, ASecondIsNotSlow) {
  LifeSigns signs;
  signs.serves = true;
  signs.usual = milliseconds(2);
  signs.taken = milliseconds(999);
  EXPECT_EQ(judge(signs), Liveness::alive);
  signs.taken = milliseconds(1001);
  EXPECT_EQ(judge(signs), Liveness::slow);
}

}  // namespace
}  // namespace meterproof::suites
