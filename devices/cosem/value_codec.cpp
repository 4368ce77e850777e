// A-XDR coding of Data.
#include <bit>
#include <cstring>

#include "devices/cosem/value.hpp"
#include "devices/cosem/value_tags.hpp"

namespace meterproof::cosem {
namespace {

class DataEncoder {
 public:
  explicit DataEncoder(Bytes& out) : out_(out) {}

  void operator()(const Null&) { tag(data_tag::k_null); }
  void operator()(const DontCare&) { tag(data_tag::k_dont_care); }
  void operator()(const Array& array) { list(data_tag::k_array, array.elements); }
  void operator()(const Structure& structure) { list(data_tag::k_structure, structure.elements); }
  void operator()(bool value) { tag_and(data_tag::k_boolean, std::uint8_t{value}); }
  void operator()(const BitString& bits) {
    tag(data_tag::k_bit_string);
    append_length(out_, bits.count);
    Bytes octets = bits.octets;
    octets.resize((bits.count + 7) / 8);
    append(out_, octets);
  }
  void operator()(std::int32_t v) {
    tag_and(data_tag::k_double_long, static_cast<std::uint32_t>(v));
  }
  void operator()(std::uint32_t v) { tag_and(data_tag::k_double_long_unsigned, v); }
  void operator()(const OctetString& string) { octets(data_tag::k_octet_string, string.octets); }
  void operator()(const VisibleString& string) {
    octets(data_tag::k_visible_string, std::as_bytes(std::span(string.text)));
  }
  void operator()(const Utf8String& string) {
    octets(data_tag::k_utf8_string, std::as_bytes(std::span(string.text)));
  }
  void operator()(const Bcd& bcd) { tag_and(data_tag::k_bcd, bcd.value); }
  void operator()(std::int8_t v) { tag_and(data_tag::k_integer, static_cast<std::uint8_t>(v)); }
  void operator()(std::int16_t v) { tag_and(data_tag::k_long, static_cast<std::uint16_t>(v)); }
  void operator()(std::uint8_t v) { tag_and(data_tag::k_unsigned, v); }
  void operator()(std::uint16_t v) { tag_and(data_tag::k_long_unsigned, v); }
  void operator()(const CompactArray& compact) {
    tag(data_tag::k_compact_array);
    append(out_, compact.type_description);
    append_octets(out_, compact.contents);
  }
  void operator()(std::int64_t v) { tag_and(data_tag::k_long64, static_cast<std::uint64_t>(v)); }
  void operator()(std::uint64_t v) { tag_and(data_tag::k_long64_unsigned, v); }
  void operator()(const Enum& value) { tag_and(data_tag::k_enum, value.value); }
  void operator()(float v) { tag_and(data_tag::k_float32, std::bit_cast<std::uint32_t>(v)); }
  void operator()(double v) { tag_and(data_tag::k_float64, std::bit_cast<std::uint64_t>(v)); }
  void operator()(const DateTime& value) {
    tag(data_tag::k_date_time);
    append_date_time(out_, value);
  }
  void operator()(const Date& value) {
    tag(data_tag::k_date);
    append_date(out_, value);
  }
  void operator()(const Time& value) {
    tag(data_tag::k_time);
    append_time(out_, value);
  }

 private:
  void tag(std::uint8_t value) { append_u8(out_, value); }
  template <std::unsigned_integral T>
  void tag_and(std::uint8_t tag_value, T value) {
    tag(tag_value);
    append_integer(out_, value);
  }
  void octets(std::uint8_t tag_value, BytesView bytes) {
    tag(tag_value);
    append_octets(out_, bytes);
  }
  void list(std::uint8_t tag_value, const std::vector<Data>& elements) {
    tag(tag_value);
    append_length(out_, elements.size());
    for (const Data& element : elements) std::visit(*this, element.value);
  }

  Bytes& out_;
};

}  // namespace

void append_data(Bytes& out, const Data& data) { std::visit(DataEncoder(out), data.value); }

Bytes encode_data(const Data& data) {
  Bytes out;
  append_data(out, data);
  return out;
}

Result<Data> decode_data(BytesView octets, const DecodeLimits& limits) {
  Reader reader(octets);
  std::size_t budget = limits.max_elements;
  Result<Data> data = read_data(reader, limits, budget);
  if (data.has_value() && reader.left() > 0) return CosemError::trailing_octets;
  return data;
}

}  // namespace meterproof::cosem
