#include "devices/hdlc/wrapper.hpp"

#include "harness/errors.hpp"

namespace meterproof::hdlc {
namespace {

constexpr std::uint16_t k_wrapper_version = 1;

void append_16(Bytes& out, std::size_t value) {
  out.push_back(static_cast<std::byte>(value >> 8 & 0xFF));
  out.push_back(static_cast<std::byte>(value & 0xFF));
}

std::uint16_t read_16(BytesView octets, std::size_t at) {
  return static_cast<std::uint16_t>(std::to_integer<unsigned>(octets[at]) << 8 |
                                    std::to_integer<unsigned>(octets[at + 1]));
}

// octets: at least header and length.
WrapperPdu pdu_from(BytesView octets, std::size_t length) {
  const BytesView apdu = octets.subspan(k_wrapper_header, length);
  return {read_16(octets, 2), read_16(octets, 4), {apdu.begin(), apdu.end()}};
}

}  // namespace

Bytes encode(const WrapperPdu& pdu) {
  if (pdu.apdu.size() > 0xFFFF) throw harness::InternalError("APDU too long for the wrapper");
  Bytes out;
  out.reserve(k_wrapper_header + pdu.apdu.size());
  append_16(out, k_wrapper_version);
  append_16(out, pdu.source);
  append_16(out, pdu.destination);
  append_16(out, pdu.apdu.size());
  out.insert(out.end(), pdu.apdu.begin(), pdu.apdu.end());
  return out;
}

Result<WrapperPdu> decode_wrapper(BytesView datagram) {
  if (datagram.size() < k_wrapper_header) return HdlcError::truncated;
  if (read_16(datagram, 0) != k_wrapper_version) return HdlcError::bad_version;
  const std::size_t length = read_16(datagram, 6);
  if (length != datagram.size() - k_wrapper_header) return HdlcError::bad_length;
  return pdu_from(datagram, length);
}

void WrapperReader::push(BytesView octets) {
  if (begin_ > 0) {
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(begin_));
    begin_ = 0;
  }
  buffer_.insert(buffer_.end(), octets.begin(), octets.end());
}

Result<std::optional<WrapperPdu>> WrapperReader::next() {
  const BytesView octets = BytesView(buffer_).subspan(begin_);
  // A wrong version is told at its second octet: waiting for a whole header could be for ever.
  if (octets.size() >= 2 && read_16(octets, 0) != k_wrapper_version) return HdlcError::bad_version;
  if (octets.size() < k_wrapper_header) return std::nullopt;
  const std::size_t length = read_16(octets, 6);
  if (length > largest_apdu_) return HdlcError::too_long;
  if (octets.size() < k_wrapper_header + length) return std::nullopt;
  std::optional<WrapperPdu> pdu = pdu_from(octets, length);
  begin_ += k_wrapper_header + length;
  return pdu;
}

}  // namespace meterproof::hdlc
