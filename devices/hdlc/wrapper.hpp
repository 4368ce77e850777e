// The TCP/UDP wrapper of IEC 62056-47: version 1, source and destination wrapper port, length,
// APDU; all 16-bit, high octet first. TCP is a stream: one read may hold a part of a PDU or
// several.
#pragma once

#include <cstdint>
#include <optional>

#include "devices/hdlc/address.hpp"

namespace meterproof::hdlc {

inline constexpr std::size_t k_wrapper_header = 8;

struct WrapperPdu {
  std::uint16_t source = 0;  // wrapper port: client SAP or logical device
  std::uint16_t destination = 0;
  Bytes apdu;  // at most 65535 octets
  bool operator==(const WrapperPdu&) const = default;
};

// An APDU too long for the length field is an InternalError.
Bytes encode(const WrapperPdu& pdu);
// The same, appended to out: a buffer used again needs no memory for each PDU.
void append_wrapper(Bytes& out, std::uint16_t source, std::uint16_t destination, BytesView apdu);
// One datagram, which must hold exactly one PDU. Errors: truncated, bad_version, bad_length.
Result<WrapperPdu> decode_wrapper(BytesView datagram);

class WrapperReader {
 public:
  explicit WrapperReader(std::size_t largest_apdu = 0xFFFF) : largest_apdu_(largest_apdu) {}

  void push(BytesView octets);
  // The next whole PDU or nothing yet. After an error (bad_version, too_long) there is no way to
  // find the next header: every later call gives the same error.
  Result<std::optional<WrapperPdu>> next();
  bool in_pdu() const { return buffer_.size() > begin_; }

 private:
  std::size_t largest_apdu_;
  Bytes buffer_;
  std::size_t begin_ = 0;
};

}  // namespace meterproof::hdlc
