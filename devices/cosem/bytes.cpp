#include "devices/cosem/bytes.hpp"

namespace meterproof::cosem {
namespace {

int hex_digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::optional<Bytes> from_hex(std::string_view hex) {
  Bytes bytes;
  int high = -1;
  for (const char c : hex) {
    if (c == ' ' && high < 0) continue;
    const int digit = hex_digit_value(c);
    if (digit < 0) return std::nullopt;
    if (high < 0) {
      high = digit;
    } else {
      bytes.push_back(static_cast<std::byte>(high << 4 | digit));
      high = -1;
    }
  }
  if (high >= 0) return std::nullopt;
  return bytes;
}

std::string to_hex(BytesView bytes) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string hex;
  hex.reserve(2 * bytes.size());
  for (const std::byte byte : bytes) {
    hex += digits[std::to_integer<std::size_t>(byte >> 4)];
    hex += digits[std::to_integer<std::size_t>(byte & std::byte{0x0F})];
  }
  return hex;
}

Bytes to_bytes(std::string_view text) {
  const BytesView view = std::as_bytes(std::span(text));
  return Bytes(view.begin(), view.end());
}

void append_length(Bytes& out, std::size_t length) {
  if (length < 0x80) {
    append_u8(out, static_cast<std::uint8_t>(length));
    return;
  }
  std::uint8_t count = 1;
  for (std::size_t rest = length >> 8; rest != 0; rest >>= 8) ++count;
  append_u8(out, static_cast<std::uint8_t>(0x80 + count));
  for (std::uint8_t left = count; left-- > 0;) {
    append_u8(out, static_cast<std::uint8_t>(length >> (8 * left)));
  }
}

void append_octets(Bytes& out, BytesView bytes) {
  append_length(out, bytes.size());
  append(out, bytes);
}

std::optional<std::size_t> Reader::length() {
  const auto first = u8();
  if (!first) return std::nullopt;
  if (*first < 0x80) return *first;
  const int count = *first & 0x7F;
  if (count == 0 || count > 4) return std::nullopt;
  std::size_t value = 0;
  for (int i = 0; i < count; ++i) {
    const auto next = u8();
    if (!next) return std::nullopt;
    value = value << 8 | *next;
  }
  return value;
}

std::optional<BytesView> Reader::octets() {
  const auto count = length();
  if (!count) return std::nullopt;
  return take(*count);
}

}  // namespace meterproof::cosem
