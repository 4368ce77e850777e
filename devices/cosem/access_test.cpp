#include "devices/cosem/access.hpp"

#include <gtest/gtest.h>

namespace meterproof::cosem {
namespace {

const AttributeDescriptor k_access_clock{8, names::k_clock, 2};
const AttributeDescriptor k_access_note{1, {{0, 0, 96, 50, 0, 255}}, 2};
const MethodDescriptor k_access_relay{70, names::k_disconnect_control, 1};

AccessRequest mixed_request() {
  AccessRequest request;
  request.long_invoke_id = 0x40000001;
  request.specifications = {
      AccessGet{{k_access_clock, {}}}, AccessSet{{k_access_note, {}}}, AccessAction{k_access_relay},
      AccessGet{{{7, names::k_load_profile, 2}, SelectiveAccess{2, std::uint8_t{1}}}}};
  request.values = {Data{}, std::uint8_t{1}, std::int8_t{0}, Data{}};
  return request;
}

TEST(AccessCodec, OctetsAreThoseOfTheStandardsSyntax) {
  const char* const octets =
      "D94000000100"
      "04"
      "010008"
      "0000010000FF"
      "02"
      "020001"
      "0000603200FF"
      "02"
      "030046"
      "000060030AFF"
      "01"
      "040007"
      "0100630100FF"
      "02"
      "021101"
      "04"
      "00"
      "1101"
      "0F00"
      "00";
  EXPECT_EQ(to_hex(encode_access(mixed_request())), octets);
  EXPECT_EQ(decode_access_request(*from_hex(octets)).value(), mixed_request());

  AccessResponse response;
  response.long_invoke_id = 0x40000001;
  response.values = {Data{std::uint8_t{5}}, Data{}, Data{}};
  response.results = {
      {AccessResult::Kind::get, 0}, {AccessResult::Kind::set, 3}, {AccessResult::Kind::action, 4}};
  const char* const answer =
      "DA4000000100"
      "00"
      "0311050000"
      "03"
      "0100"
      "0203"
      "0304";
  EXPECT_EQ(to_hex(encode_access(response)), answer);
  EXPECT_EQ(decode_access_response(*from_hex(answer)).value(), response);
  response.specifications = mixed_request().specifications;
  response.date_time = date_time_from(*from_hex("07EA0504010A000000FFC400"));
  EXPECT_EQ(decode_access_response(encode_access(response)).value(), response);
}

TEST(AccessCodec, EveryTruncationIsAnErrorAndSoAreTrailingOctets) {
  Bytes octets = encode_access(mixed_request());
  for (std::size_t size = 0; size < octets.size(); ++size) {
    EXPECT_FALSE(decode_access_request(BytesView(octets).first(size))) << size;
  }
  octets.push_back(std::byte{0});
  EXPECT_EQ(decode_access_request(octets).error(), CosemError::trailing_octets);
  Bytes answer = *from_hex(
      "DA40000001000003110500000301000203"
      "0304");
  for (std::size_t size = 0; size < answer.size(); ++size) {
    EXPECT_FALSE(decode_access_response(BytesView(answer).first(size))) << size;
  }
}

TEST(AccessCodec, ListsOfDifferentLengthAreALie) {
  AccessRequest request = mixed_request();
  request.values.pop_back();
  EXPECT_EQ(decode_access_request(encode_access(request)).error(), CosemError::bad_length);
  EXPECT_EQ(decode_access_request(*from_hex("D94000000100010600080000010000FF020100")).error(),
            CosemError::bad_tag);
  EXPECT_EQ(decode_access_response(*from_hex("DA400000010000000104"
                                             "00"))
                .error(),
            CosemError::bad_tag);
}

}  // namespace
}  // namespace meterproof::cosem
