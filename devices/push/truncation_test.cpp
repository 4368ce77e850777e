// The table of this room's decoders: telegrams of each framing out of a stream, and pushed APDUs
// plain and ciphered; cut anywhere, changed in any bit, followed by more.
#include "devices/cosem/test_vectors.hpp"
#include "devices/push/notification.hpp"
#include "devices/test_only/hostile_octets.hpp"

namespace meterproof::push {
namespace {

using cosem::test::field;
using cosem::test::hex;
using test_only::bears_anything;
using test_only::Cuts;
using test_only::Decoded;
using test_only::decoded;
using test_only::DecoderCase;

Bytes small_push() { return hex("0F00000001000202090601000F0700FF0600000102"); }

Bytes carried(Framing framing) {
  if (framing == Framing::wrapper) return hdlc::encode(hdlc::WrapperPdu{1, 103, small_push()});
  if (framing == Framing::mbus) {
    return mbus::encode(mbus::segments({0xFF, 1, 103, small_push()}).front());
  }
  Bytes with_llc = hex("E6E700");
  cosem::append(with_llc, small_push());
  return hdlc::encode(
      {hdlc::Address::client(1), hdlc::Address::server(1, 17), 0x13, false, with_llc});
}

Decoded telegram_in(Framing asked, BytesView octets) {
  TelegramReader reader(asked);
  reader.push(octets);
  reader.idle();
  const auto telegram = reader.next();
  EXPECT_FALSE(telegram && reader.next());
  return {telegram.has_value(), {}, {}};
}

TEST(Truncation, TelegramsOfEachFraming) {
  for (const Framing framing : {Framing::hdlc, Framing::mbus, Framing::wrapper}) {
    for (const Framing asked : {framing, Framing::automatic}) {
      bears_anything({"TelegramReader", std::to_string(static_cast<int>(framing)), carried(framing),
                      [asked](BytesView octets) { return telegram_in(asked, octets); },
                      Cuts::none_decodes, true});
    }
  }
}

// What is pushed decodes to a notification that encodes to itself and that people can read.
Decoded opened(BytesView octets, const PushKeys& keys) {
  const auto push = open_push(octets, keys);
  EXPECT_TRUE(!push || !describe({}, *push).empty());
  return decoded(push);
}

TEST(Truncation, PushedApdus) {
  bears_anything(
      {"open_push", "plain", small_push(), [](BytesView octets) { return opened(octets, {}); }});
  const PushKeys keys{Bytes(16, std::byte{1}), Bytes(16, std::byte{2})};
  const auto security = cosem::security_keys_from(keys.encryption, keys.authentication).value();
  const auto title = cosem::system_title_from(hex("4B464D1010000023")).value();
  for (const std::uint8_t control : {std::uint8_t{0x20}, std::uint8_t{0x30}}) {
    bears_anything({"open_push", "ciphered",
                    cosem::protect_apdu(security, title, control, 7, small_push(),
                                        cosem::CipherForm::general_global)
                        .value(),
                    [keys](BytesView octets) { return opened(octets, keys); }});
  }
}

}  // namespace
}  // namespace meterproof::push
