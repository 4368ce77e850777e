#include "devices/push/notification.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace meterproof::push {
namespace {

using cosem::CosemError;

constexpr cosem::DecodeLimits k_push_limits{8, 10'000};
constexpr std::byte k_data_notification{0x0F}, k_octet_string{0x09}, k_date_time_octets{0x0C};
constexpr std::size_t k_date_time_at = 5;  // after tag and long-invoke-id
constexpr std::uint8_t k_suite_bits = 0x0F, k_authenticated_bit = 0x10;

harness::Result<Bytes> decipher(const cosem::CipheredApdu& parsed, const PushKeys& keys,
                                OpenedPush& push) {
  push.ciphered = true;
  push.control = parsed.control;
  push.invocation_counter = parsed.invocation_counter;
  push.title = parsed.title;
  if (keys.encryption.empty()) return CosemError::missing_secret;
  const bool authenticated = (parsed.control & k_authenticated_bit) != 0;
  if (authenticated && keys.authentication.empty()) return CosemError::missing_secret;
  const auto suite = cosem::security_suite_from(parsed.control & k_suite_bits);
  if (!suite) return CosemError::wrong_security_suite;
  const auto both = cosem::security_keys_from(
      keys.encryption, authenticated ? keys.authentication : keys.encryption, *suite);
  if (!both) return CosemError::bad_length;
  if (!parsed.title) return CosemError::missing_secret;
  if (*suite == cosem::SecuritySuite::suite_1 && !authenticated)
    push.oddities.emplace_back("security suite 1, encryption only");
  auto opened = cosem::unprotect(*both, *parsed.title, parsed.protected_octets);
  if (!opened) return opened.error();
  if (!authenticated)
    push.oddities.emplace_back("not authenticated: anybody could have changed it");
  return std::move(opened->plain);
}

std::string name_of(Framing framing) {
  switch (framing) {
    case Framing::hdlc:
      return "HDLC";
    case Framing::wrapper:
      return "wrapper";
    case Framing::mbus:
      return "M-Bus";
    case Framing::automatic:
      break;
  }
  return "?";
}

// Units of IEC 62056-6-2, table of the class Register, that meters push.
std::string unit_text(std::uint8_t unit) {
  switch (unit) {
    case 13:
      return "m3";
    case 27:
      return "W";
    case 28:
      return "VA";
    case 29:
      return "var";
    case 30:
      return "Wh";
    case 31:
      return "VAh";
    case 32:
      return "varh";
    case 33:
      return "A";
    case 35:
      return "V";
    case 44:
      return "Hz";
    case 255:
      return "";
    default:
      return fmt::format("unit {}", unit);
  }
}

std::optional<std::string> as_logical_name(const cosem::Data& data) {
  constexpr std::size_t k_groups = 6;
  const auto octets = data.octets();
  if (!octets || octets->size() != k_groups) return std::nullopt;
  cosem::LogicalName name;
  std::transform(octets->begin(), octets->end(), name.groups.begin(),
                 [](std::byte octet) { return std::to_integer<std::uint8_t>(octet); });
  return name.to_string();
}

std::string as_value(const cosem::Data& data) {
  if (const auto time = data.date_time()) return cosem::to_string(*time);
  if (const auto text = data.text();
      text && !text->empty() &&
      std::all_of(text->begin(), text->end(), [](char c) { return c >= 0x20 && c < 0x7F; })) {
    return "\"" + *text + "\"";
  }
  return cosem::to_string(data);
}

// scaler_unit: structure{integer, enum}.
std::optional<std::string> scaled(const cosem::Data& value, const cosem::Data& scaler_unit) {
  const auto* parts = scaler_unit.elements();
  const auto number = value.number();
  if (parts == nullptr || parts->size() != 2 || !number) return std::nullopt;
  const auto* scaler = (*parts)[0].as<std::int8_t>();
  const auto* unit = (*parts)[1].as<cosem::Enum>();
  if (scaler == nullptr || unit == nullptr) return std::nullopt;
  const int decimals = std::clamp(-int{*scaler}, 0, 9);
  return fmt::format("{:.{}f} {}", *number * std::pow(10.0, *scaler), decimals,
                     unit_text(unit->value));
}

void describe_elements(const std::vector<cosem::Data>& elements, std::string& text, int depth) {
  constexpr int k_deepest = 6;
  for (std::size_t i = 0; i < elements.size(); ++i) {
    const cosem::Data& element = elements[i];
    if (const auto* inner = element.elements(); inner != nullptr && depth < k_deepest) {
      describe_elements(*inner, text, depth + 1);
      continue;
    }
    const auto name = as_logical_name(element);
    const bool labelled = name && i + 1 < elements.size() && !as_logical_name(elements[i + 1]) &&
                          elements[i + 1].elements() == nullptr;
    const cosem::Data& value = labelled ? elements[++i] : element;
    std::string line = name && !labelled ? *name : as_value(value);
    if (i + 1 < elements.size()) {
      if (const auto with_unit = scaled(value, elements[i + 1])) {
        line = *with_unit;
        ++i;
      }
    }
    text += labelled ? fmt::format("  {:<18} {}\n", *name, line) : fmt::format("  {}\n", line);
  }
}

}  // namespace

harness::Result<OpenedPush> open_push(BytesView apdu, const PushKeys& keys) {
  OpenedPush push;
  Bytes plain(apdu.begin(), apdu.end());
  if (cosem::is_ciphered(apdu)) {
    const auto parsed = cosem::parse_ciphered(apdu);
    if (!parsed) return parsed.error();
    auto deciphered = decipher(*parsed, keys, push);
    if (!deciphered) return deciphered.error();
    plain = *std::move(deciphered);
  }
  auto decoded = cosem::decode_apdu(plain, k_push_limits);
  const bool tagged_time = plain.size() > k_date_time_at + 1 && plain[0] == k_data_notification &&
                           plain[k_date_time_at] == k_octet_string &&
                           plain[k_date_time_at + 1] == k_date_time_octets;
  if (!decoded) return decoded.error();
  if (tagged_time) push.oddities.emplace_back("the date-time has the tag of an octet-string");
  auto* notification = std::get_if<cosem::DataNotification>(&*decoded);
  if (notification == nullptr) return CosemError::unexpected_apdu;
  push.notification = std::move(*notification);
  return push;
}

std::string describe(const Telegram& telegram, const OpenedPush& push) {
  std::string text =
      fmt::format("push over {} from {} to {}, id {}", name_of(telegram.framing), telegram.from,
                  telegram.to, push.notification.long_invoke_id & 0xFFFFFF);
  if (push.notification.date_time) {
    text += ", " + cosem::to_string(*push.notification.date_time);
  }
  if (push.ciphered) {
    text += fmt::format(", sender {}, security control {:02X}, invocation counter {}",
                        push.title ? cosem::to_hex(*push.title) : "?", push.control,
                        push.invocation_counter);
  }
  text += "\n";
  for (const auto* oddities : {&telegram.oddities, &push.oddities}) {
    for (const std::string& oddity : *oddities) text += "  oddity: " + oddity + "\n";
  }
  if (const auto* elements = push.notification.body.elements()) {
    describe_elements(*elements, text, 0);
  } else {
    text += "  " + as_value(push.notification.body) + "\n";
  }
  return text;
}

}  // namespace meterproof::push
