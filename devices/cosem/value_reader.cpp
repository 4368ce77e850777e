// Reads Data from hostile octets: recursion is bounded by max_depth, memory by the octets that are
// there and by the budget of elements.
#include <bit>
#include <string>

#include "devices/cosem/type_description.hpp"
#include "devices/cosem/value.hpp"
#include "devices/cosem/value_tags.hpp"

namespace meterproof::cosem {
namespace {

class DataReader {
 public:
  DataReader(Reader& reader, const DecodeLimits& limits, std::size_t& budget)
      : reader_(reader), limits_(limits), budget_(budget) {}

  CosemError error() const { return error_; }

  bool read(Data& out, std::size_t depth) {
    const auto tag = reader_.u8();
    if (!tag) return fail(CosemError::truncated);
    return read_untagged(*tag, out, depth);
  }

  bool read_untagged(std::uint8_t tag, Data& out, std::size_t depth) {
    if (budget_ == 0) return fail(CosemError::too_large);
    --budget_;
    switch (tag) {
      case data_tag::k_null:
        out.value.emplace<Null>();
        return true;
      case data_tag::k_dont_care:
        out.value.emplace<DontCare>();
        return true;
      case data_tag::k_array:
        return list(out.value.emplace<Array>().elements, depth);
      case data_tag::k_structure:
        return list(out.value.emplace<Structure>().elements, depth);
      case data_tag::k_boolean:
        return boolean(out);
      case data_tag::k_bit_string:
        return bit_string(out.value.emplace<BitString>());
      case data_tag::k_double_long:
        return integer<std::int32_t, std::uint32_t>(out);
      case data_tag::k_double_long_unsigned:
        return integer<std::uint32_t, std::uint32_t>(out);
      case data_tag::k_octet_string:
        return octets(out);
      case data_tag::k_visible_string:
        return text(out.value.emplace<VisibleString>().text);
      case data_tag::k_utf8_string:
        return text(out.value.emplace<Utf8String>().text);
      case data_tag::k_bcd:
        return wrapped<Bcd>(out);
      case data_tag::k_integer:
        return integer<std::int8_t, std::uint8_t>(out);
      case data_tag::k_long:
        return integer<std::int16_t, std::uint16_t>(out);
      case data_tag::k_unsigned:
        return integer<std::uint8_t, std::uint8_t>(out);
      case data_tag::k_long_unsigned:
        return integer<std::uint16_t, std::uint16_t>(out);
      case data_tag::k_compact_array:
        return compact_array(out);
      case data_tag::k_long64:
        return integer<std::int64_t, std::uint64_t>(out);
      case data_tag::k_long64_unsigned:
        return integer<std::uint64_t, std::uint64_t>(out);
      case data_tag::k_enum:
        return wrapped<Enum>(out);
      case data_tag::k_float32:
        return floating<float, std::uint32_t>(out);
      case data_tag::k_float64:
        return floating<double, std::uint64_t>(out);
      case data_tag::k_date_time:
        return fixed<12>(out, date_time_from);
      case data_tag::k_date:
        return fixed<5>(out, date_from);
      case data_tag::k_time:
        return fixed<4>(out, time_from);
      default:
        return fail(CosemError::bad_tag);
    }
  }

 private:
  bool fail(CosemError error) {
    error_ = error;
    return false;
  }

  bool list(std::vector<Data>& elements, std::size_t depth) {
    if (depth + 1 >= limits_.max_depth) return fail(CosemError::too_deep);
    const auto count = reader_.length();
    if (!count) return fail(CosemError::truncated);
    // Every element takes at least one octet, and so does each that the lists around this one still
    // await: a larger count is a lie, found before allocating. Without what is awaited every level
    // of nesting could claim the same octets again.
    if (*count > reader_.left() || reader_.left() - *count < awaited_) {
      return fail(CosemError::truncated);
    }
    if (*count > budget_) return fail(CosemError::too_large);
    elements.resize(*count);
    awaited_ += *count;
    for (Data& element : elements) {
      --awaited_;
      if (!read(element, depth + 1)) return false;
    }
    return true;
  }

  bool boolean(Data& out) {
    const auto value = reader_.u8();
    if (!value) return fail(CosemError::truncated);
    out.value.emplace<bool>(*value != 0);
    return true;
  }

  bool bit_string(BitString& bits) {
    const auto count = reader_.length();
    if (!count) return fail(CosemError::truncated);
    const auto octets = reader_.take((*count + 7) / 8);
    if (!octets) return fail(CosemError::truncated);
    bits.count = *count;
    bits.octets.assign(octets->begin(), octets->end());
    return true;
  }

  bool octets(Data& out) {
    const auto view = reader_.octets();
    if (!view) return fail(CosemError::truncated);
    out.value.emplace<OctetString>().octets.assign(view->begin(), view->end());
    return true;
  }

  bool text(std::string& out) {
    const auto view = reader_.octets();
    if (!view) return fail(CosemError::truncated);
    out.assign(reinterpret_cast<const char*>(view->data()), view->size());
    return true;
  }

  template <class Value, class Wire>
  bool integer(Data& out) {
    const auto value = reader_.integer<Wire>();
    if (!value) return fail(CosemError::truncated);
    out.value.emplace<Value>(static_cast<Value>(*value));
    return true;
  }

  template <class Wrapper>
  bool wrapped(Data& out) {
    const auto value = reader_.u8();
    if (!value) return fail(CosemError::truncated);
    out.value.emplace<Wrapper>(Wrapper{*value});
    return true;
  }

  template <class Value, class Wire>
  bool floating(Data& out) {
    const auto value = reader_.integer<Wire>();
    if (!value) return fail(CosemError::truncated);
    out.value.emplace<Value>(std::bit_cast<Value>(*value));
    return true;
  }

  template <std::size_t Count, class From>
  bool fixed(Data& out, From from) {
    const auto view = reader_.take(Count);
    if (!view) return fail(CosemError::truncated);
    out = Data(*from(*view));
    return true;
  }

  bool compact_array(Data& out) {
    const BytesView before = reader_.rest();
    const auto description = skip_type_description(reader_, limits_.max_depth);
    if (description.has_error()) {
      return fail(static_cast<CosemError>(description.error().value()));
    }
    const BytesView type = before.first(before.size() - reader_.left());
    const auto contents = reader_.octets();
    if (!contents) return fail(CosemError::truncated);
    CompactArray& compact = out.value.emplace<CompactArray>();
    compact.type_description.assign(type.begin(), type.end());
    compact.contents.assign(contents->begin(), contents->end());
    return true;
  }

  Reader& reader_;
  const DecodeLimits& limits_;
  std::size_t& budget_;
  std::size_t awaited_ = 0;  // elements of the lists around the present value
  CosemError error_ = CosemError::truncated;
};

}  // namespace

Result<Data> read_data(Reader& reader, const DecodeLimits& limits, std::size_t& budget) {
  DataReader data_reader(reader, limits, budget);
  Data data;
  if (!data_reader.read(data, 0)) return data_reader.error();
  return data;
}

Result<Data> read_untagged_data(Reader& reader, std::uint8_t tag, const DecodeLimits& limits,
                                std::size_t& budget) {
  DataReader data_reader(reader, limits, budget);
  Data data;
  if (!data_reader.read_untagged(tag, data, 0)) return data_reader.error();
  return data;
}

}  // namespace meterproof::cosem
