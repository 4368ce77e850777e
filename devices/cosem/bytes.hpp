// Octets as DLMS/COSEM needs them: an owning string of octets, a bounds-checked reader that never
// runs over its end, and appenders in network byte order. Lengths are A-XDR lengths (IEC 61334-6):
// one octet below 128, else 0x80 + n and n octets; ACSE's BER lengths look the same.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace meterproof::cosem {

using Bytes = std::vector<std::byte>;
using BytesView = std::span<const std::byte>;

// "C001C1" or "C0 01 C1"; nothing when the text is not pairs of hex digits.
std::optional<Bytes> from_hex(std::string_view hex);
std::string to_hex(BytesView bytes);
Bytes to_bytes(std::string_view text);

// bytes must not be part of out. Not vector::insert: GCC 12 warns of it falsely when it optimises.
inline void append(Bytes& out, BytesView bytes) {
  const std::size_t before = out.size();
  out.resize(before + bytes.size());
  if (!bytes.empty()) std::memcpy(out.data() + before, bytes.data(), bytes.size());
}
template <std::unsigned_integral T>
void append_integer(Bytes& out, T value) {
  for (std::size_t left = sizeof(T); left-- > 0;) {
    out.push_back(static_cast<std::byte>(value >> (8 * left)));
  }
}
inline void append_u8(Bytes& out, std::uint8_t value) { out.push_back(std::byte{value}); }
void append_length(Bytes& out, std::size_t length);
// Length and octets.
void append_octets(Bytes& out, BytesView bytes);

class Reader {
 public:
  explicit Reader(BytesView bytes) : bytes_(bytes) {}

  std::size_t left() const { return bytes_.size(); }
  BytesView rest() const { return bytes_; }
  // The next octet without taking it; nothing at the end.
  std::optional<std::uint8_t> peek() const {
    if (bytes_.empty()) return std::nullopt;
    return std::to_integer<std::uint8_t>(bytes_.front());
  }
  template <std::unsigned_integral T>
  std::optional<T> integer() {
    if (bytes_.size() < sizeof(T)) return std::nullopt;
    T value = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i) {
      value = static_cast<T>(static_cast<std::uint64_t>(value) << 8 |
                             std::to_integer<std::uint64_t>(bytes_[i]));
    }
    bytes_ = bytes_.subspan(sizeof(T));
    return value;
  }
  std::optional<std::uint8_t> u8() { return integer<std::uint8_t>(); }
  std::optional<std::uint16_t> u16() { return integer<std::uint16_t>(); }
  std::optional<std::uint32_t> u32() { return integer<std::uint32_t>(); }
  std::optional<BytesView> take(std::size_t count) {
    if (count > bytes_.size()) return std::nullopt;
    const BytesView taken = bytes_.first(count);
    bytes_ = bytes_.subspan(count);
    return taken;
  }
  // At most four octets of length; more is hostile.
  std::optional<std::size_t> length();
  // Length and that many octets.
  std::optional<BytesView> octets();

 private:
  BytesView bytes_;
};

}  // namespace meterproof::cosem
