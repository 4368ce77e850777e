#include "reports/text.hpp"

#include "harness/journal/event_text.hpp"

namespace meterproof::reports {
namespace {

unsigned char octet(char c) { return static_cast<unsigned char>(c); }

bool is_forbidden(std::string_view character) {
  const unsigned char lead = octet(character[0]);
  if (character.size() == 1) return lead < 0x20 || lead == 0x7F;
  const unsigned char second = octet(character[1]);
  if (character.size() == 2) return lead == 0xC2 && second < 0xA0;  // C1 controls
  const unsigned char third = octet(character[2]);
  if (lead == 0xEF && second == 0xBF) return third >= 0xBE;  // U+FFFE, U+FFFF
  if (lead != 0xE2) return false;
  const bool direction = (second == 0x80 && third >= 0xAA && third <= 0xAE) ||  // U+202A..202E
                         (second == 0x81 && third >= 0xA6 && third <= 0xA9);    // U+2066..2069
  const bool line_end = second == 0x80 && (third == 0xA8 || third == 0xA9);     // U+2028, U+2029
  return direction || line_end;
}

std::string made_printable(std::string_view text, bool keep_layout) {
  std::string shown;
  shown.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = journal::utf8_sequence(text);
    const std::string_view character = text.substr(0, length == 0 ? 1 : length);
    const bool layout = keep_layout && (character == "\n" || character == "\t");
    if (length != 0 && (layout || !is_forbidden(character))) {
      shown += character;
    } else {
      for (const char c : character) shown += journal::escaped_byte(octet(c));
    }
    text.remove_prefix(character.size());
  }
  return shown;
}

std::string with_entities(std::string_view text, bool attribute) {
  std::string escaped_text;
  escaped_text.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped_text += "&amp;";
        break;
      case '<':
        escaped_text += "&lt;";
        break;
      case '>':
        escaped_text += "&gt;";
        break;
      case '"':
        escaped_text += "&quot;";
        break;
      case '\'':
        escaped_text += "&#39;";
        break;
      case '\n':
        escaped_text += attribute ? "&#10;" : "\n";
        break;
      case '\t':
        escaped_text += attribute ? "&#9;" : "\t";
        break;
      default:
        escaped_text += c;
    }
  }
  return escaped_text;
}

}  // namespace

std::string printable(std::string_view text) { return made_printable(text, true); }

std::string printable_line(std::string_view text) { return made_printable(text, false); }

std::string escaped(std::string_view text) { return with_entities(printable(text), false); }

std::string escaped_attribute(std::string_view text) {
  return with_entities(printable(text), true);
}

std::string shortened(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return std::string(text);
  std::size_t end = bytes < 3 ? 0 : bytes - 3;
  while (end > 0 && (octet(text[end]) & 0xC0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "...";
}

std::size_t columns(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (octet(c) & 0xC0) != 0x80 ? 1 : 0;
  return count;
}

}  // namespace meterproof::reports
