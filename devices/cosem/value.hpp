// Data: the value of a COSEM attribute, method parameter or notification, and its A-XDR coding
// (IEC 62056-6-2 Data, IEC 61334-6). Every alternative of the CHOICE is a C++ type of its own, so
// nothing is lost between decode and encode.
//
// Decoding is total: any octets give a value or a CosemError; depth and number of elements are
// bounded.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "devices/cosem/bytes.hpp"
#include "devices/cosem/date_time.hpp"
#include "devices/cosem/errors.hpp"
#include "devices/cosem/logical_name.hpp"

namespace meterproof::cosem {

struct Data;

struct Null {
  bool operator==(const Null&) const = default;
};
struct DontCare {
  bool operator==(const DontCare&) const = default;
};
struct Array {
  std::vector<Data> elements;
  bool operator==(const Array& other) const;
};
struct Structure {
  std::vector<Data> elements;
  bool operator==(const Structure& other) const;
};
// count bits, the first in the most significant bit of the first octet.
struct BitString {
  std::size_t count = 0;
  Bytes octets;  // (count + 7) / 8
  bool operator==(const BitString&) const = default;
};
struct OctetString {
  Bytes octets;
  bool operator==(const OctetString&) const = default;
};
struct VisibleString {
  std::string text;  // as it came: may hold any octet
  bool operator==(const VisibleString&) const = default;
};
struct Utf8String {
  std::string text;  // as it came: not checked to be UTF-8
  bool operator==(const Utf8String&) const = default;
};
struct Bcd {
  std::uint8_t value = 0;
  bool operator==(const Bcd&) const = default;
};
struct Enum {
  std::uint8_t value = 0;
  bool operator==(const Enum&) const = default;
};
// Kept as it came; expand() turns it into an Array.
struct CompactArray {
  Bytes type_description;
  Bytes contents;
  bool operator==(const CompactArray&) const = default;
};

// In the order of the tags of the standard.
using DataAlternatives =
    std::variant<Null, Array, Structure, bool, BitString, std::int32_t, std::uint32_t, OctetString,
                 VisibleString, Utf8String, Bcd, std::int8_t, std::int16_t, std::uint8_t,
                 std::uint16_t, CompactArray, std::int64_t, std::uint64_t, Enum, float, double,
                 DateTime, Date, Time, DontCare>;

template <class T, class Variant>
inline constexpr bool k_is_alternative = false;
template <class T, class... Alternatives>
inline constexpr bool k_is_alternative<T, std::variant<Alternatives...>> =
    (std::is_same_v<T, Alternatives> || ...);

struct Data {
  DataAlternatives value;

  Data() = default;
  template <class T>
    requires(k_is_alternative<std::remove_cvref_t<T>, DataAlternatives>)
  Data(T&& alternative)  // NOLINT: a Data is any of its alternatives, exactly typed
      : value(std::in_place_type<std::remove_cvref_t<T>>, std::forward<T>(alternative)) {}
  bool operator==(const Data& other) const = default;

  template <class T>
  const T* as() const {
    return std::get_if<T>(&value);
  }
  // Any integer, enum, bcd or boolean that fits; nothing for other types.
  std::optional<std::int64_t> integer() const;
  std::optional<std::uint64_t> unsigned_integer() const;
  // Any number, also the floating ones.
  std::optional<double> number() const;
  // Octets of an octet-string; nothing for other types.
  std::optional<BytesView> octets() const;
  // Text of a visible-, utf8- or octet-string.
  std::optional<std::string> text() const;
  // Elements of an array or structure; nullptr for other types.
  const std::vector<Data>* elements() const;
  // A date-time, or an octet-string of 12 octets.
  std::optional<DateTime> date_time() const;
};

Data octet_string(BytesView octets);
Data octet_string(const LogicalName& name);
Data structure(std::vector<Data> elements);
Data array(std::vector<Data> elements);

struct DecodeLimits {
  std::size_t max_depth = 16;
  std::size_t max_elements = 1'000'000;  // of one decode, all levels together
};

void append_data(Bytes& out, const Data& data);
Bytes encode_data(const Data& data);
// Exactly one value; trailing octets are an error.
Result<Data> decode_data(BytesView octets, const DecodeLimits& limits = {});
// One value from the front of reader. budget: elements that may still be made.
Result<Data> read_data(Reader& reader, const DecodeLimits& limits, std::size_t& budget);
// The elements of a compact array.
Result<Data> expand(const CompactArray& compact, const DecodeLimits& limits = {});

// One line for people: "structure{octet-string 0100010800FF, 2}", cut after max_length characters.
std::string to_string(const Data& data, std::size_t max_length = 200);

}  // namespace meterproof::cosem
