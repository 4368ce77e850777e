// The table of this room's decoders: the three messages of the opening and the reader of streams;
// cut anywhere, changed in any bit (eighth bits too), followed by more.
#include "devices/cosem/bytes.hpp"
#include "devices/iec62056_21/messages.hpp"
#include "devices/test_only/hostile_octets.hpp"

namespace meterproof::iec62056_21 {
namespace {

using test_only::bears_anything;
using test_only::Cuts;
using test_only::Decoded;
using test_only::decoded;
using test_only::DecoderCase;

template <class Parse>
DecoderCase message_case(const char* decoder, const char* message, Parse parse) {
  return {decoder, message, cosem::to_bytes(message), [parse](BytesView octets) {
            return decoded(parse(octets), [](const auto& read) { return encode(read); });
          }};
}

TEST(Truncation, SignOnMessages) {
  for (const char* message : {"/?!\r\n", "/?12345678901234567890123456789012!\r\n"}) {
    bears_anything(message_case("parse_request", message, parse_request));
  }
  for (const char* message : {"/LGZ5\\2ZMD3101\r\n", "/ACE0\\3k260V01.18\r\n", "/MPf6\\2\\B\r\n"}) {
    bears_anything(message_case("parse_identification", message, parse_identification));
  }
  bears_anything(message_case("parse_acknowledgement",
                              "\x06"
                              "252\r\n",
                              parse_acknowledgement));
}

TEST(Truncation, SignOnStreams) {
  bears_anything({"MessageReader", "", cosem::to_bytes("/LGZ5\\2ZMD3101\r\n"),
                  [](BytesView octets) -> Decoded {
                    MessageReader reader;
                    reader.push(octets);
                    const auto message = reader.next();
                    return {message.has_value(), {}, message};
                  },
                  Cuts::none_decodes, true});
}

}  // namespace
}  // namespace meterproof::iec62056_21
