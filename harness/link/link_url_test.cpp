#include "harness/link/link_url.hpp"

#include <gtest/gtest.h>

#include "harness/errors.hpp"

namespace meterproof::link {
namespace {

TEST(LinkUrl, ReadsATcpUrlWithItsOwnAddress) {
  const LinkUrl url = parse_link_url("tcp://127.0.0.1:4059?bind=127.0.0.5");
  EXPECT_EQ(url.scheme, Scheme::tcp);
  EXPECT_EQ(url.host, "127.0.0.1");
  EXPECT_EQ(url.port, 4059);
  EXPECT_EQ(url.bind, "127.0.0.5");
}

TEST(LinkUrl, ReadsAnIpv6Address) {
  const LinkUrl url = parse_link_url("udp://[::1]:4059");
  EXPECT_EQ(url.host, "::1");
  EXPECT_EQ(url.port, 4059);
}

TEST(LinkUrl, ReadsEveryKeyOfASerialLine) {
  const LinkUrl url =
      parse_link_url("serial:///dev/ttyUSB0?baud=300&frame=7E1&echo=on&rs485=on&turnaround_ms=2");
  EXPECT_EQ(url.path, "/dev/ttyUSB0");
  EXPECT_EQ(to_string(url.settings), "300 7E1");
  EXPECT_TRUE(url.echo);
  EXPECT_TRUE(url.rs485);
  EXPECT_EQ(url.turnaround.count(), 2);
}

TEST(LinkUrl, ALineIsNinesix8N1WhereNothingIsSaid) {
  EXPECT_EQ(to_string(parse_link_url("pty:///dev/pts/3").settings), "9600 8N1");
}

struct BadUrl {
  const char* url;
  const char* named;  // must occur in the message
};

class BadLinkUrl : public testing::TestWithParam<BadUrl> {};

TEST_P(BadLinkUrl, IsRefusedNamingWhatIsWrong) {
  try {
    parse_link_url(GetParam().url);
    FAIL() << "accepted " << GetParam().url;
  } catch (const harness::ConfigError& error) {
    EXPECT_NE(std::string(error.what()).find(GetParam().named), std::string::npos) << error.what();
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, BadLinkUrl,
    testing::Values(BadUrl{"127.0.0.1:4059", "no scheme"}, BadUrl{"tpc://a:1", "'tpc'"},
                    BadUrl{"tcp://127.0.0.1", "no port"}, BadUrl{"tcp://:4059", "no host"},
                    BadUrl{"tcp://a:0", "1..65535"}, BadUrl{"tcp://a:65536", "1..65535"},
                    BadUrl{"tcp://a:80x", "'80x'"}, BadUrl{"tcp://[::1:80", "bracket"},
                    BadUrl{"tcp://a:1?baud=9600", "'baud'"},
                    BadUrl{"pty:///dev/pts/1?bauds=9600", "'bauds'"},
                    BadUrl{"pty:///dev/pts/1?baud", "key=value"},
                    BadUrl{"pty:///dev/pts/1?baud=9600&baud=300", "twice"},
                    BadUrl{"pty:///dev/pts/1?frame=9N1", "'9N1'"},
                    BadUrl{"pty:///dev/pts/1?echo=yes", "on or off"},
                    BadUrl{"serial://dev/ttyS1", "device path"},
                    BadUrl{"serial:///dev/ttyS1?turnaround_ms=-1", "turnaround_ms"}));

}  // namespace
}  // namespace meterproof::link
