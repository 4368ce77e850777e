// Our captures, read by Wireshark with the dissector that we ship (docs/wireshark/meterproof.lua).

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "devices/hdlc/frame.hpp"
#include "devices/hdlc/test_data/hex.hpp"
#include "devices/hdlc/wrapper.hpp"
#include "harness/link/capture.hpp"

namespace meterproof::hdlc {
namespace {

using link::Direction;

std::string output_of(const std::string& command) {
  std::string text;
  FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return text;
  std::array<char, 4096> buffer;
  while (const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
    text.append(buffer.data(), count);
  }
  return ::pclose(pipe) == 0 ? text : "";
}

class Wireshark : public testing::Test {
 protected:
  void SetUp() override {
    if (output_of("command -v tshark").empty()) {
      GTEST_SKIP() << "NOT TESTED: tshark is not installed, nobody has read our captures";
    }
    std::string pattern = (std::filesystem::temp_directory_path() / "captureXXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder = pattern;
  }
  void TearDown() override {
    if (!folder.empty()) std::filesystem::remove_all(folder);
  }

  void transfer(const std::string& channel, const link::Endpoints& endpoints, Direction direction,
                BytesView octets) {
    capture->transferred(
        {harness::WallClock::now(), direction, channel, "", 1, octets, endpoints, {}});
  }
  std::string read_back(const std::string& options) {
    capture.reset();
    return output_of("tshark -X lua_script:" METERPROOF_SOURCE_DIR
                     "/docs/wireshark/meterproof.lua -r '" +
                     (folder / "c.pcapng").string() + "' " + options + " 2>/dev/null");
  }
  void start() { capture = std::make_unique<link::Capture>((folder / "c.pcapng").string()); }

  std::filesystem::path folder;
  std::unique_ptr<link::Capture> capture;
};

TEST_F(Wireshark, ReadsHdlcFramesAlsoWhenTheyAreSpreadOverTransfers) {
  start();
  const link::Endpoints line{link::Medium::serial, {}, "/dev/ttyUSB0"};
  const Bytes snrm = hex("7EA00802232193BD647E");
  const Bytes get =
      encode({Address::server(1, 17), Address::client(16), information_control(0, 0, true), false,
              hex("E6E600C001C100080000010000FF0200")});
  const Bytes answer = hex("7EA01B0300023C4752D551E6E700C401C10009060100202000FF7E8C7E");
  transfer("p01.optical", line, Direction::sent, snrm);
  transfer("p01.optical", line, Direction::sent, BytesView(get).first(9));
  transfer("p01.optical", line, Direction::received, BytesView(answer).first(1));
  transfer("p02.optical", line, Direction::sent, BytesView(snrm).first(5));
  transfer("p01.optical", line, Direction::sent, BytesView(get).subspan(9));
  transfer("p01.optical", line, Direction::received, BytesView(answer).subspan(1));
  EXPECT_EQ(read_back("-T fields -E separator=/s -e frame.interface_name -e meterproof_hdlc.kind "
                      "-e meterproof_hdlc.fcs_good -e meterproof_apdu.tag"),
            "p01.optical SNRM P/F 1 \n"
            "p01.optical   \n"
            "p01.optical   \n"
            "p02.optical   \n"
            "p01.optical I N(S)=0 N(R)=0 P/F 1 0xc0\n"
            "p01.optical I N(S)=1 N(R)=2 P/F 1 0xc4\n");
}

TEST_F(Wireshark, FollowsTheWrapperOverTcpWithRightChecksums) {
  start();
  const link::Endpoints tcp{link::Medium::tcp, "127.0.0.5:40000", "127.0.0.1:4059"};
  const Bytes ask = encode(WrapperPdu{16, 1, hex("C001C100080000010000FF0200")});
  const Bytes answer = encode(WrapperPdu{1, 16, hex("C401C10009060000010000FF")});
  transfer("p01.tcp", tcp, Direction::sent, ask);
  transfer("p01.tcp", tcp, Direction::received, BytesView(answer).first(3));
  transfer("p01.tcp", tcp, Direction::received, BytesView(answer).subspan(3));
  const std::string checks = " -o ip.check_checksum:TRUE -o tcp.check_checksum:TRUE ";
  EXPECT_EQ(read_back(checks + "-Y meterproof_wrapper -T fields -E separator=/s -e ip.src "
                               "-e ip.checksum.status -e tcp.checksum.status "
                               "-e meterproof_wrapper.source -e meterproof_apdu.tag"),
            "127.0.0.5 1 1 16 0xc0\n"
            "127.0.0.1 1 1 1 0xc4\n");
}

}  // namespace
}  // namespace meterproof::hdlc
