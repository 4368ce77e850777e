// What independent implementations and real meters put on the wire (test_data/README.md).

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <sstream>

#include "devices/hdlc/crc.hpp"
#include "devices/hdlc/frame_reader.hpp"
#include "devices/hdlc/parameters.hpp"
#include "devices/hdlc/test_data/hex.hpp"
#include "devices/hdlc/wrapper.hpp"

namespace meterproof::hdlc {
namespace {

const boost::json::object& vectors() {
  static const boost::json::object loaded = [] {
    std::ifstream file(METERPROOF_SOURCE_DIR "/devices/hdlc/test_data/vectors.json");
    std::stringstream text;
    text << file.rdbuf();
    return boost::json::parse(text.str()).as_object();
  }();
  return loaded;
}

std::string_view text_of(const boost::json::value& entry, const char* key) {
  return entry.at(key).as_string();
}

TEST(HdlcVectors, CheckSequences) {
  for (const auto& entry : vectors().at("fcs").as_array()) {
    const std::uint16_t check = crc_x25(hex(text_of(entry, "data")));
    const Bytes wire{static_cast<std::byte>(check & 0xFF), static_cast<std::byte>(check >> 8)};
    EXPECT_EQ(wire, hex(text_of(entry, "fcs_wire"))) << text_of(entry, "data");
  }
}

TEST(HdlcVectors, EveryFrameIsReadAndWrittenAgainUnchanged) {
  for (const char* set : {"frames", "observed"}) {
    for (const auto& entry : vectors().at(set).as_array()) {
      const Bytes octets = hex(text_of(entry, "hex"));
      FrameReader reader;
      reader.push(octets);
      const auto frame = reader.next();
      ASSERT_TRUE(frame) << text_of(entry, "what");
      EXPECT_EQ(encode(*frame), octets) << text_of(entry, "what");
      EXPECT_EQ(to_string(frame->kind()),
                text_of(entry, "what").substr(0, to_string(frame->kind()).size()) ==
                        to_string(frame->kind())
                    ? to_string(frame->kind())
                    : "I")
          << text_of(entry, "what");
    }
  }
}

TEST(HdlcVectors, RealMetersParametersAreUnderstood) {
  const auto parameters_of = [](std::string_view text) {
    const Bytes octets = hex(text);
    return decode_parameters(decode(BytesView(octets).subspan(1, octets.size() - 2))->information);
  };
  // A Kamstrup meter: two-octet sizes.
  EXPECT_EQ(parameters_of("7EA021230201737A5B81801405020074060200740704000000010804000000016A0B7E")
                .value(),
            (Parameters{116, 116, 1, 1}));
  // A Landis+Gyr E650: one octet, different for each direction.
  EXPECT_EQ(
      parameters_of("7EA01E610373B57C81801205018006013E07040000000108040000000107227E").value(),
      (Parameters{128, 62, 1, 1}));
}

TEST(WrapperVectors, PduAndWrongVersions) {
  const auto& wrapper = vectors().at("wrapper");
  const Bytes octets = hex(text_of(wrapper, "ok"));
  const auto pdu = decode_wrapper(octets);
  ASSERT_TRUE(pdu);
  EXPECT_EQ(pdu->source, 0x10);
  EXPECT_EQ(pdu->destination, 0x11);
  EXPECT_EQ(pdu->apdu.size(), 0x22U);
  EXPECT_EQ(encode(*pdu), octets);
  for (const auto& bad : wrapper.at("bad_version").as_array()) {
    EXPECT_EQ(decode_wrapper(hex(bad.as_string())).error(), HdlcError::bad_version);
    WrapperReader reader;
    reader.push(BytesView(hex(bad.as_string())).first(2));
    EXPECT_EQ(reader.next().error(), HdlcError::bad_version);
  }
}

}  // namespace
}  // namespace meterproof::hdlc
