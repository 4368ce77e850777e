// The table of this room's decoders: addresses, frames of each kind, the parameters of SNRM and UA,
// wrapper PDUs, and the two stream readers; cut anywhere, changed in any bit, followed by more.
#include "devices/hdlc/frame_reader.hpp"
#include "devices/hdlc/parameters.hpp"
#include "devices/hdlc/test_data/hex.hpp"
#include "devices/hdlc/wrapper.hpp"
#include "devices/test_only/hostile_octets.hpp"

namespace meterproof::hdlc {
namespace {

using test_only::bears_anything;
using test_only::Cuts;
using test_only::Decoded;
using test_only::decoded;
using test_only::DecoderCase;

std::vector<Frame> one_frame_of_each_kind() {
  std::vector<Frame> frames;
  const Address client = Address::client(16);
  for (const FrameKind kind :
       {FrameKind::set_normal_response_mode, FrameKind::unnumbered_acknowledge,
        FrameKind::disconnect, FrameKind::disconnected_mode, FrameKind::frame_reject,
        FrameKind::unnumbered_information}) {
    frames.push_back({Address::server(1), client, unnumbered_control(kind), false, {}});
  }
  frames[0].information = encode_parameters({1024, 512, 3, 1});
  frames[4].information = hex("970000");
  frames[5].information = hex("E6E7000F0000000100020100");
  frames.push_back(
      {Address::server(1, 17), client, information_control(3, 5, true), true, hex("E6E600C001C1")});
  frames.push_back({client, Address::server_4_octets(1, 300), receive_ready_control(4, true)});
  frames.push_back({client, Address::server(1), receive_not_ready_control(4, false)});
  frames.push_back({client, Address::server(1), reject_control(4, false)});
  return frames;
}

BytesView inside_of(BytesView with_flags) { return with_flags.subspan(1, with_flags.size() - 2); }
Bytes copy_of(BytesView octets) { return {octets.begin(), octets.end()}; }

std::vector<DecoderCase> cases_of_hdlc() {
  std::vector<DecoderCase> cases;
  for (const Frame& frame : one_frame_of_each_kind()) {
    const Bytes octets = encode(frame);
    cases.push_back(
        {"decode", to_string(frame.kind()), copy_of(inside_of(octets)), [](BytesView one) {
           return decoded(decode(one),
                          [](const Frame& read) { return copy_of(inside_of(encode(read))); });
         }});
    // Without the checks more gets through, and still nothing is read that is not there.
    cases.push_back({"decode", to_string(frame.kind()) + " unchecked", copy_of(inside_of(octets)),
                     [](BytesView one) {
                       return decoded(decode(one, {.header_check = false, .frame_check = false}));
                     }});
    cases.push_back({"FrameReader", to_string(frame.kind()), octets,
                     [](BytesView one) -> Decoded {
                       FrameReader reader;
                       reader.push(one);
                       reader.idle();
                       const auto read = reader.next();
                       EXPECT_FALSE(read && reader.next());
                       return {read.has_value(), {}, {}};
                     },
                     Cuts::none_decodes, true});
  }
  for (const Address& address :
       {Address::server(1), Address::server(1, 17), Address::server_4_octets(300, 16383)}) {
    Bytes octets;
    append_address(octets, address);
    cases.push_back({"parse_address", std::to_string(octets.size()), octets,
                     [](BytesView one) {
                       return decoded(parse_address(one), [](const ParsedAddress& read) {
                         Bytes again;
                         append_address(again, read.address);
                         return again;
                       });
                     },
                     Cuts::none_decodes, true});
  }
  for (const Parameters& parameters : {Parameters{128, 128, 1, 1}, Parameters{2030, 1024, 7, 7}}) {
    cases.push_back(
        {"decode_parameters", "", encode_parameters(parameters),
         [](BytesView one) { return decoded(decode_parameters(one), encode_parameters); },
         Cuts::some_decode});  // none at all: the defaults
  }
  return cases;
}

std::vector<DecoderCase> cases_of_wrapper() {
  const Bytes octets = encode(WrapperPdu{16, 1, hex("C001C100080000010000FF0200")});
  return {{"decode_wrapper", "GET", octets,
           [](BytesView one) {
             return decoded(decode_wrapper(one),
                            [](const WrapperPdu& read) { return encode(read); });
           }},
          {"WrapperReader", "GET", octets,
           [](BytesView one) -> Decoded {
             WrapperReader reader(4096);
             reader.push(one);
             const auto read = reader.next();
             if (!read) return decoded(read);
             if (!*read) return {};
             return {true, {}, encode(**read)};
           },
           Cuts::none_decodes, true}};
}

TEST(Truncation, FramesAddressesAndParameters) {
  for (const DecoderCase& one : cases_of_hdlc()) bears_anything(one);
}

TEST(Truncation, WrapperPdus) {
  for (const DecoderCase& one : cases_of_wrapper()) bears_anything(one);
}

TEST(Truncation, OnlyNothingAtAllMeansTheDefaultParameters) {
  const Bytes octets = encode_parameters({1024, 512, 3, 2});
  EXPECT_EQ(decode_parameters({}).value(), Parameters{});
  for (std::size_t size = 1; size < octets.size(); ++size) {
    EXPECT_EQ(decode_parameters(BytesView(octets).first(size)).error(), HdlcError::bad_parameters);
  }
}

}  // namespace
}  // namespace meterproof::hdlc
