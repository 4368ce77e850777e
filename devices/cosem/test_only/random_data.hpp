// Random values of every type of Data, nested to a bounded depth.
#pragma once

#include <random>

#include "devices/cosem/value.hpp"

namespace meterproof::cosem::test {

class RandomData {
 public:
  explicit RandomData(unsigned seed) : random_(seed) {}

  std::uint64_t bits() { return random_(); }
  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(random_() % limit); }
  Bytes octets(std::size_t most) {
    Bytes out(below(most + 1));
    for (std::byte& octet : out) octet = static_cast<std::byte>(random_());
    return out;
  }
  std::string text(std::size_t most) {
    const Bytes raw = octets(most);
    return {reinterpret_cast<const char*>(raw.data()), raw.size()};
  }
  LogicalName name() {
    LogicalName made;
    for (auto& group : made.groups) group = static_cast<std::uint8_t>(bits());
    return made;
  }
  DateTime date_time() {
    const Bytes raw = [&] {
      Bytes out(12);
      for (std::byte& octet : out) octet = static_cast<std::byte>(random_());
      return out;
    }();
    return *date_time_from(raw);
  }

  Data data(int depth = 3) {
    switch (below(depth > 0 ? 24 : 21)) {
      case 0:
        return Null{};
      case 1:
        return bits() % 2 == 0;
      case 2: {
        const std::size_t count = below(40);
        Bytes raw((count + 7) / 8);
        for (std::byte& octet : raw) octet = static_cast<std::byte>(random_());
        return BitString{count, raw};
      }
      case 3:
        return static_cast<std::int32_t>(bits());
      case 4:
        return static_cast<std::uint32_t>(bits());
      case 5:
        return OctetString{octets(300)};
      case 6:
        return VisibleString{text(20)};
      case 7:
        return Utf8String{text(20)};
      case 8:
        return Bcd{static_cast<std::uint8_t>(bits())};
      case 9:
        return static_cast<std::int8_t>(bits());
      case 10:
        return static_cast<std::int16_t>(bits());
      case 11:
        return static_cast<std::uint8_t>(bits());
      case 12:
        return static_cast<std::uint16_t>(bits());
      case 13:
        return static_cast<std::int64_t>(bits());
      case 14:
        return static_cast<std::uint64_t>(bits());
      case 15:
        return Enum{static_cast<std::uint8_t>(bits())};
      case 16:
        return static_cast<float>(static_cast<std::int32_t>(bits())) / 7;
      case 17:
        return static_cast<double>(static_cast<std::int64_t>(bits())) / 7;
      case 18:
        return date_time();
      case 19:
        return date_time().date;
      case 20:
        return date_time().time;
      case 21:
        return CompactArray{Bytes{std::byte{18}}, Bytes(2 * below(5))};
      default: {
        std::vector<Data> elements(below(6));
        for (Data& element : elements) element = data(depth - 1);
        return bits() % 2 == 0 ? array(std::move(elements)) : structure(std::move(elements));
      }
    }
  }

 private:
  std::mt19937_64 random_;
};

}  // namespace meterproof::cosem::test
