#include "devices/hdlc/errors.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace meterproof::hdlc {
namespace {

TEST(HdlcErrorWords, EveryErrorHasItsOwn) {
  std::set<std::string> words;
  for (int n = 1; n <= static_cast<int>(HdlcError::bad_version); ++n) {
    const std::string text = make_error_code(static_cast<HdlcError>(n)).message();
    EXPECT_NE(text, "unknown HDLC error") << n;
    EXPECT_TRUE(words.insert(text).second) << "said twice: " << text;
  }
  EXPECT_EQ(make_error_code(static_cast<HdlcError>(999)).message(), "unknown HDLC error");
  EXPECT_STREQ(hdlc_category().name(), "hdlc");
}

}  // namespace
}  // namespace meterproof::hdlc
