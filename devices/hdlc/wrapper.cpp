#include "devices/hdlc/wrapper.hpp"

#include <algorithm>

#include "harness/errors.hpp"

namespace meterproof::hdlc {
namespace {

constexpr std::uint16_t k_wrapper_version = 1;

void write_16(std::byte* at, std::size_t value) {
  at[0] = static_cast<std::byte>(value >> 8 & 0xFF);
  at[1] = static_cast<std::byte>(value & 0xFF);
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
  Bytes out;
  append_wrapper(out, pdu.source, pdu.destination, pdu.apdu);
  return out;
}

void append_wrapper(Bytes& out, std::uint16_t source, std::uint16_t destination, BytesView apdu) {
  if (apdu.size() > 0xFFFF) throw harness::InternalError("APDU too long for the wrapper");
  const std::size_t before = out.size();
  out.resize(before + k_wrapper_header + apdu.size());
  std::byte* const at = out.data() + before;
  write_16(at, k_wrapper_version);
  write_16(at + 2, source);
  write_16(at + 4, destination);
  write_16(at + 6, apdu.size());
  std::copy(apdu.begin(), apdu.end(), at + k_wrapper_header);
}

Result<WrapperPdu> decode_wrapper(BytesView datagram) {
  if (datagram.size() < k_wrapper_header) return HdlcError::truncated;
  if (read_16(datagram, 0) != k_wrapper_version) return HdlcError::bad_version;
  const std::size_t length = read_16(datagram, 6);
  if (length != datagram.size() - k_wrapper_header) return HdlcError::bad_length;
  return pdu_from(datagram, length);
}

void WrapperReader::push(BytesView octets) {
  if (begin_ == buffer_.size()) {
    buffer_.clear();
    begin_ = 0;
  } else if (begin_ > 0) {
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
