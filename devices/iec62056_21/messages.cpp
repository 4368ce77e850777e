#include "devices/iec62056_21/messages.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace meterproof::iec62056_21 {
namespace {

constexpr std::byte k_ack{0x06}, k_slash{'/'}, k_line_feed{'\n'};
constexpr std::size_t k_longest_address = 32, k_longest_text = 16, k_most_escapes = 8;
constexpr std::size_t k_longest_message = 64;
constexpr std::array k_rates{300, 600, 1200, 2400, 4800, 9600, 19200};

class SignOnCategory final : public boost::system::error_category {
 public:
  const char* name() const noexcept override { return "iec62056_21"; }
  std::string message(int value) const override {
    switch (static_cast<SignOnError>(value)) {
      case SignOnError::not_this_message:
        return "not the message that was expected";
      case SignOnError::bad_character:
        return "a character that must not be there";
      case SignOnError::too_long:
        return "address or identification too long";
      case SignOnError::bad_identification:
        return "malformed identification";
      case SignOnError::mode_not_offered:
        return "the meter does not offer protocol mode E";
      case SignOnError::unknown_rate:
        return "no rate has this character";
      case SignOnError::refused:
        return "the meter did not confirm the change to HDLC";
    }
    return "unknown sign-on error";
  }
};

bool is_letter(char character) {
  return (character >= 'A' && character <= 'Z') || (character >= 'a' && character <= 'z');
}

bool is_printable(char character) { return character >= 0x20 && character < 0x7F; }

// The characters between begin and CR LF. Error: not_this_message, bad_character.
Result<std::string> inside_of(BytesView message, std::string_view begin) {
  std::string text;
  for (const std::byte octet : message) {
    if ((octet & std::byte{0x80}) != std::byte{0}) return SignOnError::bad_character;
    text.push_back(static_cast<char>(octet));
  }
  const std::string_view view = text;
  if (!view.starts_with(begin) || !view.ends_with("\r\n") || view.size() < begin.size() + 2) {
    return SignOnError::not_this_message;
  }
  std::string inside(view.substr(begin.size(), view.size() - begin.size() - 2));
  if (!std::all_of(inside.begin(), inside.end(), is_printable)) return SignOnError::bad_character;
  return inside;
}

Bytes octets_of(std::string_view text) {
  Bytes octets(text.size());
  std::transform(text.begin(), text.end(), octets.begin(),
                 [](char character) { return static_cast<std::byte>(character); });
  return octets;
}

}  // namespace

const boost::system::error_category& sign_on_category() {
  static const SignOnCategory category;
  return category;
}

std::optional<int> baud_of(char character) {
  const int index = character - '0';
  if (index < 0 || index >= static_cast<int>(k_rates.size())) return std::nullopt;
  return k_rates[static_cast<std::size_t>(index)];
}

std::optional<char> character_of(int baud) {
  const auto* found = std::find(k_rates.begin(), k_rates.end(), baud);
  if (found == k_rates.end()) return std::nullopt;
  return static_cast<char>('0' + (found - k_rates.begin()));
}

harness::WallDuration Identification::reaction_time() const {
  const bool fast = manufacturer.size() == 3 && manufacturer[2] >= 'a' && manufacturer[2] <= 'z';
  return std::chrono::milliseconds(fast ? 20 : 200);
}

Bytes encode(const Request& request) { return octets_of("/?" + request.address + "!\r\n"); }

Bytes encode(const Identification& identification) {
  std::string text = "/" + identification.manufacturer + identification.rate;
  for (const char escape : identification.escapes) text += std::string("\\") + escape;
  return octets_of(text + identification.text + "\r\n");
}

Bytes encode(const Acknowledgement& acknowledgement) {
  return octets_of(std::string("\x06") + acknowledgement.protocol + acknowledgement.rate +
                   acknowledgement.mode + "\r\n");
}

Result<Request> parse_request(BytesView message) {
  auto inside = inside_of(message, "/?");
  if (!inside) return inside.error();
  if (!inside->ends_with('!')) return SignOnError::not_this_message;
  inside->pop_back();
  if (inside->size() > k_longest_address) return SignOnError::too_long;
  if (inside->find_first_of("/!") != std::string::npos) return SignOnError::bad_character;
  return Request{*std::move(inside)};
}

Result<Identification> parse_identification(BytesView message) {
  const auto inside = inside_of(message, "/");
  if (!inside) return inside.error();
  std::string_view rest = *inside;
  if (rest.starts_with('?')) return SignOnError::not_this_message;  // a request, or our own echo
  if (rest.size() < 4 || !std::all_of(rest.begin(), rest.begin() + 3, is_letter)) {
    return SignOnError::bad_identification;
  }
  Identification identification;
  identification.manufacturer = rest.substr(0, 3);
  identification.rate = rest[3];
  rest.remove_prefix(4);
  while (rest.starts_with('\\')) {
    if (rest.size() < 2 || rest[1] == '\\') return SignOnError::bad_identification;
    if (identification.escapes.size() == k_most_escapes) return SignOnError::too_long;
    identification.escapes.push_back(rest[1]);
    rest.remove_prefix(2);
  }
  if (rest.size() > k_longest_text) return SignOnError::too_long;
  // A backslash inside of the text is tolerated: it changes nothing.
  if (rest.find_first_of("/!") != std::string_view::npos) return SignOnError::bad_character;
  identification.text = rest;
  return identification;
}

Result<Acknowledgement> parse_acknowledgement(BytesView message) {
  const auto inside = inside_of(message, "\x06");
  if (!inside) return inside.error();
  if (inside->size() != 3) return SignOnError::not_this_message;
  return Acknowledgement{(*inside)[0], (*inside)[1], (*inside)[2]};
}

void MessageReader::push(BytesView characters) {
  buffer_.insert(buffer_.end(), characters.begin(), characters.end());
}

std::optional<Bytes> MessageReader::next() {
  const auto begins = [](std::byte octet) { return octet == k_slash || octet == k_ack; };
  std::optional<Bytes> message;
  auto at = buffer_.begin();
  for (;;) {
    const auto begin = std::find_if(at, buffer_.end(), begins);
    noise_ += static_cast<std::uint64_t>(begin - at);
    at = begin;
    const bool may_be_whole = static_cast<std::size_t>(buffer_.end() - begin) < k_longest_message;
    const auto last = may_be_whole ? buffer_.end() : begin + k_longest_message;
    const auto line_feed = std::find(begin, last, k_line_feed);
    if (line_feed != last) {
      message.emplace(begin, line_feed + 1);
      at = line_feed + 1;
      break;
    }
    if (may_be_whole) break;
    // Not a message; the next one may begin inside of it.
    ++at;
    ++noise_;
  }
  buffer_.erase(buffer_.begin(), at);
  return message;
}

}  // namespace meterproof::iec62056_21
