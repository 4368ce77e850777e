#include "harness/journal/event_text.hpp"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <cmath>
#include <limits>

namespace meterproof::journal {
namespace {

unsigned char byte_at(std::string_view text, std::size_t index) {
  return static_cast<unsigned char>(text[index]);
}

boost::json::value json_number(double number) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number > 0 ? "Infinity" : "-Infinity";
  return number;
}

}  // namespace

std::size_t utf8_sequence(std::string_view text) {
  if (text.empty()) return 0;
  const unsigned char lead = byte_at(text, 0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xC2 && lead <= 0xDF   ? 2
                             : lead >= 0xE0 && lead <= 0xEF ? 3
                             : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                            : 0;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte_at(text, i) & 0xC0) != 0x80) return 0;
  }
  const unsigned char second = byte_at(text, 1);
  const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
  const bool surrogate = lead == 0xED && second >= 0xA0;
  const bool beyond = lead == 0xF4 && second >= 0x90;
  return overlong || surrogate || beyond ? 0 : length;
}

std::string escaped_byte(unsigned char byte) { return fmt::format("\\x{:02X}", byte); }

std::string clean_utf8(std::string_view text) {
  std::string cleaned;
  cleaned.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = utf8_sequence(text);
    if (length == 0) {
      cleaned += escaped_byte(byte_at(text, 0));
      text.remove_prefix(1);
    } else {
      cleaned += text.substr(0, length);
      text.remove_prefix(length);
    }
  }
  return cleaned;
}

boost::json::value clean(const boost::json::value& value) {
  if (const auto* text = value.if_string()) return boost::json::value(clean_utf8(*text));
  if (const auto* number = value.if_double()) return json_number(*number);
  if (const auto* object = value.if_object()) return clean(*object);
  if (const auto* array = value.if_array()) {
    boost::json::array cleaned;
    cleaned.reserve(array->size());
    for (const auto& element : *array) cleaned.push_back(clean(element));
    return cleaned;
  }
  return value;
}

boost::json::object clean(const boost::json::object& object) {
  boost::json::object cleaned;
  cleaned.reserve(object.size());
  for (const auto& member : object) cleaned[clean_utf8(member.key())] = clean(member.value());
  return cleaned;
}

double number_or_nan(const boost::json::object& event, std::string_view key) {
  const auto* value = event.if_contains(key);
  if (value == nullptr) return std::numeric_limits<double>::quiet_NaN();
  if (const auto* number = value->if_double()) return *number;
  if (const auto* number = value->if_int64()) return static_cast<double>(*number);
  if (const auto* number = value->if_uint64()) return static_cast<double>(*number);
  if (const auto* word = value->if_string()) {
    if (*word == "Infinity") return std::numeric_limits<double>::infinity();
    if (*word == "-Infinity") return -std::numeric_limits<double>::infinity();
  }
  return std::numeric_limits<double>::quiet_NaN();
}

std::string text_or_empty(const boost::json::object& event, std::string_view key) {
  const auto* value = event.if_contains(key);
  const auto* text = value == nullptr ? nullptr : value->if_string();
  return text == nullptr ? std::string() : std::string(text->data(), text->size());
}

}  // namespace meterproof::journal
