#include "devices/cosem/short_name.hpp"

#include <gtest/gtest.h>

#include "devices/cosem/ciphering.hpp"
#include "devices/cosem/short_names.hpp"

namespace meterproof::cosem {
namespace {

struct ShortNameVector {
  const char* octets;
  ShortNameApdu apdu;
};

// Built by hand from the syntax of the standard: choice tags 2, 4, 5, 6, 7 and 0, 1, 2, 3.
std::vector<ShortNameVector> short_name_vectors() {
  const Data one = std::uint8_t{1};
  return {
      {"050102FA00", ReadRequest{{VariableName{0xFA00}}}},
      {"0502022000040110020F05",
       ReadRequest{{VariableName{0x2000}, ParameterizedAccess{0x0110, 2, std::int8_t{5}}}}},
      {"0501050007", ReadRequest{{BlockNumberAccess{7}}}},
      {"050106010002"
       "03010203",
       ReadRequest{{ReadDataBlockAccess{true, 2, *from_hex("010203")}}}},
      {"0C0100090101", ReadResponse{{octet_string(*from_hex("01"))}}},
      {"0C0200110101"
       "04",
       ReadResponse{{one, DataAccessResult::object_undefined}}},
      {"0C010200000102AABB", ReadResponse{{DataBlockResult{false, 1, *from_hex("AABB")}}}},
      {"0C01030002", ReadResponse{{BlockNumber{2}}}},
      {"06010201100"
       "11101",
       WriteRequest{{VariableName{0x0110}}, {one}}},
      {"060107010003010901CC",
       WriteRequest{{WriteDataBlockAccess{true, 3}}, {octet_string(*from_hex("CC"))}}},
      {"0D0100", WriteResponse{{DataAccessResult::success}}},
      {"0D020103020004", WriteResponse{{DataAccessResult::read_write_denied, BlockNumber{4}}}},
      {"16010201100"
       "11101",
       UnconfirmedWriteRequest{{VariableName{0x0110}}, {one}}},
      {"18000102011001"
       "1101",
       InformationReport{std::nullopt, {VariableName{0x0110}}, {one}}},
      {"1801033236300102011001"
       "1101",
       InformationReport{std::string("260"), {VariableName{0x0110}}, {one}}},
  };
}

TEST(ShortNameCodec, OctetsAreThoseOfTheStandardsSyntax) {
  for (const ShortNameVector& vector : short_name_vectors()) {
    EXPECT_EQ(to_hex(encode_short_name(vector.apdu)), vector.octets);
    const auto decoded = decode_short_name(*from_hex(vector.octets));
    ASSERT_TRUE(decoded) << vector.octets << " " << decoded.error().message();
    EXPECT_EQ(*decoded, vector.apdu) << vector.octets;
  }
}

TEST(ShortNameCodec, EveryTruncationIsAnErrorAndSoAreTrailingOctets) {
  for (const ShortNameVector& vector : short_name_vectors()) {
    Bytes octets = *from_hex(vector.octets);
    for (std::size_t size = 0; size < octets.size(); ++size) {
      EXPECT_FALSE(decode_short_name(BytesView(octets).first(size)))
          << vector.octets << " " << size;
    }
    octets.push_back(std::byte{0});
    EXPECT_EQ(decode_short_name(octets).error(), CosemError::trailing_octets) << vector.octets;
  }
}

TEST(ShortNameCodec, UnknownChoicesAndOtherServicesAreBadTags) {
  for (const char* octets : {"050103FA00", "0C0104", "0D0103", "C001C1", "07"}) {
    EXPECT_EQ(decode_short_name(*from_hex(octets)).error(), CosemError::bad_tag) << octets;
  }
  // An error that says success contradicts itself.
  EXPECT_EQ(decode_short_name(*from_hex("0D010100")).error(), CosemError::bad_value);
}

TEST(ShortNameCodec, EveryServiceHasItsCipheredTags) {
  const std::uint8_t expected[][3] = {{0x05, 0x25, 0x45}, {0x06, 0x26, 0x46}, {0x0C, 0x2C, 0x4C},
                                      {0x0D, 0x2D, 0x4D}, {0x16, 0x36, 0x56}, {0x18, 0x38, 0x58}};
  for (const auto& [plain, global, dedicated] : expected) {
    EXPECT_EQ(glo_tag(plain), global);
    EXPECT_EQ(ded_tag(plain), dedicated);
  }
}

TEST(ShortNames, AttributesAndMethodsAreOffsetsFromTheBase) {
  EXPECT_EQ(attribute_short_name(0xFA00, 1), 0xFA00);
  EXPECT_EQ(attribute_short_name(0xFA00, 2), 0xFA08);
  EXPECT_EQ(attribute_short_name(0xFA00, 0), std::nullopt);
  EXPECT_EQ(attribute_short_name(0xFFF8, 2), std::nullopt);
  EXPECT_EQ(method_short_name(0x0100, 3, 1), 0x0128);   // register reset
  EXPECT_EQ(method_short_name(0x0100, 7, 2), 0x0160);   // profile capture
  EXPECT_EQ(method_short_name(0x0100, 70, 2), 0x0128);  // remote_reconnect
  EXPECT_EQ(method_short_name(0xFA00, 12, 8), k_reply_to_hls_name);
  EXPECT_EQ(method_short_name(0x0100, 1, 1), std::nullopt);
}

TEST(ShortNames, TheObjectListIsReadAndWritten) {
  ShortNames names;
  names.add({0xFA00, 12, 0, names::k_current_association});
  names.add({0x0100, 3, 0, names::k_active_import});
  const Data list = names.object_list();
  EXPECT_EQ(to_hex(encode_data(list)),
            "01020204"
            "10FA00"
            "12000C"
            "1100"
            "09060000280000FF"
            "0204"
            "100100"
            "120003"
            "1100"
            "09060100010800FF");
  const auto read = ShortNames::from_object_list(list);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->objects(), names.objects());
  EXPECT_EQ(read->find(3, names::k_active_import)->base, 0x0100);
  EXPECT_EQ(read->find(4, names::k_active_import), nullptr);
  for (const char* wrong : {"00", "0203", "010102031001001200031100", "010102041A01",
                            "0101020410010012000311000905010001080000"}) {
    const auto data = decode_data(*from_hex(wrong));
    if (data) {
      EXPECT_EQ(ShortNames::from_object_list(*data).error(), CosemError::type_mismatch);
    }
  }
}

}  // namespace
}  // namespace meterproof::cosem
