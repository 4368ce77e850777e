#include "devices/cosem/value.hpp"

#include <array>
#include <cstdio>
#include <limits>
#include <type_traits>
#include <utility>

namespace meterproof::cosem {
namespace {

std::string printable(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c >= 0x20 && c < 0x7F) {
      out += c;
    } else {
      out += "\\x" + to_hex(std::as_bytes(std::span(&c, 1)));
    }
  }
  return out + "\"";
}

// Stops as soon as the line is long enough: a hostile array must not become a huge text first.
class DataPrinter {
 public:
  explicit DataPrinter(std::size_t max_length) : max_length_(max_length) {}

  void print(const Data& data) {
    if (text_.size() > max_length_) return;
    std::visit([this](const auto& alternative) { one(alternative); }, data.value);
  }
  std::string text() && {
    if (text_.size() > max_length_) {
      text_.resize(max_length_);
      text_ += "...";
    }
    return std::move(text_);
  }

 private:
  void one(const Null&) { text_ += "null"; }
  void one(const DontCare&) { text_ += "dont-care"; }
  void one(const Array& array) { list("array", array.elements); }
  void one(const Structure& structure) { list("structure", structure.elements); }
  void one(bool value) { text_ += value ? "true" : "false"; }
  void one(const BitString& bits) {
    text_ += "bit-string(" + std::to_string(bits.count) + ") " + hex(bits.octets);
  }
  void one(const OctetString& string) { text_ += "octet-string " + hex(string.octets); }
  void one(const VisibleString& string) { text_ += quoted(string.text); }
  void one(const Utf8String& string) { text_ += "utf8 " + quoted(string.text); }
  void one(const Bcd& bcd) { text_ += "bcd " + std::to_string(bcd.value); }
  void one(const Enum& value) { text_ += "enum " + std::to_string(value.value); }
  void one(const CompactArray& compact) {
    text_ += "compact-array " + hex(compact.type_description) + ": " + hex(compact.contents);
  }
  void one(const DateTime& value) { text_ += cosem::to_string(value); }
  void one(const Date& value) {
    Bytes octets;
    append_date(octets, value);
    text_ += "date " + hex(octets);
  }
  void one(const Time& value) {
    Bytes octets;
    append_time(octets, value);
    text_ += "time " + hex(octets);
  }
  template <class Number>
    requires(std::is_arithmetic_v<Number> && !std::is_same_v<Number, bool>)
  void one(Number value) {
    if constexpr (std::is_floating_point_v<Number>) {
      std::array<char, 40> buffer{};
      std::snprintf(buffer.data(), buffer.size(), "%.9g", static_cast<double>(value));
      text_ += buffer.data();
    } else {
      text_ += std::to_string(value);
    }
  }
  void list(const char* name, const std::vector<Data>& elements) {
    text_ += name;
    text_ += "{";
    for (std::size_t i = 0; i < elements.size() && text_.size() <= max_length_; ++i) {
      if (i > 0) text_ += ", ";
      print(elements[i]);
    }
    text_ += "}";
  }
  std::string hex(BytesView octets) const {
    return to_hex(octets.first(std::min(octets.size(), max_length_)));
  }
  std::string quoted(std::string_view text) const { return printable(text.substr(0, max_length_)); }

  std::size_t max_length_;
  std::string text_;
};

}  // namespace

bool Array::operator==(const Array& other) const { return elements == other.elements; }
bool Structure::operator==(const Structure& other) const { return elements == other.elements; }

std::optional<std::int64_t> Data::integer() const {
  return std::visit(
      [](const auto& alternative) -> std::optional<std::int64_t> {
        using T = std::remove_cvref_t<decltype(alternative)>;
        if constexpr (std::is_integral_v<T>) {
          if (!std::in_range<std::int64_t>(static_cast<std::common_type_t<T, int>>(alternative))) {
            return std::nullopt;
          }
          return static_cast<std::int64_t>(alternative);
        } else if constexpr (std::is_same_v<T, Enum> || std::is_same_v<T, Bcd>) {
          return alternative.value;
        } else {
          return std::nullopt;
        }
      },
      value);
}

std::optional<std::uint64_t> Data::unsigned_integer() const {
  if (const auto* large = as<std::uint64_t>()) return *large;
  const auto number = integer();
  if (!number || *number < 0) return std::nullopt;
  return static_cast<std::uint64_t>(*number);
}

std::optional<double> Data::number() const {
  if (const auto* single = as<float>()) return static_cast<double>(*single);
  if (const auto* full = as<double>()) return *full;
  if (const auto* large = as<std::uint64_t>()) return static_cast<double>(*large);
  const auto whole = integer();
  if (!whole) return std::nullopt;
  return static_cast<double>(*whole);
}

std::optional<BytesView> Data::octets() const {
  if (const auto* string = as<OctetString>()) return BytesView(string->octets);
  return std::nullopt;
}

std::optional<std::string> Data::text() const {
  if (const auto* visible = as<VisibleString>()) return visible->text;
  if (const auto* utf8 = as<Utf8String>()) return utf8->text;
  if (const auto* string = as<OctetString>()) {
    return std::string(reinterpret_cast<const char*>(string->octets.data()), string->octets.size());
  }
  return std::nullopt;
}

const std::vector<Data>* Data::elements() const {
  if (const auto* array = as<Array>()) return &array->elements;
  if (const auto* structure = as<Structure>()) return &structure->elements;
  return nullptr;
}

std::optional<DateTime> Data::date_time() const {
  if (const auto* typed = as<DateTime>()) return *typed;
  if (const auto* string = as<OctetString>()) return date_time_from(string->octets);
  return std::nullopt;
}

Data octet_string(BytesView octets) { return OctetString{Bytes(octets.begin(), octets.end())}; }
Data octet_string(const LogicalName& name) { return OctetString{name.octets()}; }
Data structure(std::vector<Data> elements) { return Structure{std::move(elements)}; }
Data array(std::vector<Data> elements) { return Array{std::move(elements)}; }

std::string to_string(const Data& data, std::size_t max_length) {
  DataPrinter printer(max_length);
  printer.print(data);
  return std::move(printer).text();
}

}  // namespace meterproof::cosem
