#include "devices/cosem/ciphering.hpp"

#include <algorithm>
#include <utility>

#include "devices/cosem/apdu.hpp"
#include "devices/cosem/gcm.hpp"
#include "devices/cosem/short_name.hpp"

namespace meterproof::cosem {
namespace {

constexpr std::uint8_t k_general_glo_tag = 0xDB;
constexpr std::uint8_t k_general_ded_tag = 0xDC;
constexpr std::size_t k_security_header_octets = 5;
constexpr std::size_t k_longest_cipher_header = 16;  // tag, system title, length

struct CipherTags {
  std::uint8_t plain, global, dedicated;  // 0: there is none
};
constexpr std::array k_cipher_tags = {
    CipherTags{tags::k_initiate_request, 0x21, 0x41},
    CipherTags{tags::k_initiate_response, 0x28, 0x48},
    CipherTags{tags::k_confirmed_service_error, 0x2E, 0x4E},
    CipherTags{tags::k_read_request, 0x25, 0x45},
    CipherTags{tags::k_write_request, 0x26, 0x46},
    CipherTags{tags::k_read_response, 0x2C, 0x4C},
    CipherTags{tags::k_write_response, 0x2D, 0x4D},
    CipherTags{tags::k_unconfirmed_write_request, 0x36, 0x56},
    CipherTags{tags::k_information_report, 0x38, 0x58},
    CipherTags{tags::k_get_request, 0xC8, 0xD0},
    CipherTags{tags::k_set_request, 0xC9, 0xD1},
    CipherTags{tags::k_event_notification, 0xCA, 0xD2},
    CipherTags{tags::k_action_request, 0xCB, 0xD3},
    CipherTags{tags::k_get_response, 0xCC, 0xD4},
    CipherTags{tags::k_set_response, 0xCD, 0xD5},
    CipherTags{tags::k_action_response, 0xCF, 0xD7},
};

GcmVector vector_of(const SystemTitle& title, std::uint32_t invocation_counter) {
  GcmVector vector{};
  std::copy(title.begin(), title.end(), vector.begin());
  for (std::size_t i = 0; i < 4; ++i) {
    vector[8 + i] = static_cast<std::byte>(invocation_counter >> (24 - 8 * i));
  }
  return vector;
}

// SC || AK, and the text itself when it is only authenticated. Without a text it takes no memory.
class AdditionalData {
 public:
  AdditionalData(const SecurityKeys& keys, std::uint8_t control, BytesView clear_text = {}) {
    head_[0] = std::byte{control};
    std::copy(keys.authentication.begin(), keys.authentication.end(), head_.begin() + 1);
    const BytesView head = BytesView(head_).first(1 + keys.authentication.size());
    if (clear_text.empty()) {
      octets_ = head;
      return;
    }
    whole_.reserve(head.size() + clear_text.size());
    append(whole_, head);
    append(whole_, clear_text);
    octets_ = whole_;
  }
  AdditionalData(const AdditionalData&) = delete;
  AdditionalData& operator=(const AdditionalData&) = delete;
  operator BytesView() const { return octets_; }  // NOLINT: it is these octets

 private:
  std::array<std::byte, 33> head_;
  Bytes whole_;
  BytesView octets_;
};

bool authenticates(std::uint8_t control) {
  return (control & security_control::k_authenticated) != 0;
}
bool encrypts(std::uint8_t control) { return (control & security_control::k_encrypted) != 0; }

const CipherTags* by_ciphered_tag(std::uint8_t tag) {
  const auto* found = std::find_if(
      k_cipher_tags.begin(), k_cipher_tags.end(),
      [tag](const CipherTags& known) { return tag == known.global || tag == known.dedicated; });
  return found == k_cipher_tags.end() ? nullptr : found;
}

const CipherTags* by_plain_tag(std::uint8_t tag) {
  const auto* found = std::find_if(k_cipher_tags.begin(), k_cipher_tags.end(),
                                   [tag](const CipherTags& known) { return tag == known.plain; });
  return found == k_cipher_tags.end() ? nullptr : found;
}

}  // namespace

std::optional<SystemTitle> system_title_from(BytesView octets) {
  SystemTitle title{};
  if (octets.size() != title.size()) return std::nullopt;
  std::copy(octets.begin(), octets.end(), title.begin());
  return title;
}

std::optional<SecuritySuite> security_suite_from(int number) {
  if (number < 0 || number > 2) return std::nullopt;
  return static_cast<SecuritySuite>(number);
}

std::optional<SymmetricKey> SymmetricKey::from(BytesView octets) {
  if (octets.size() != 16 && octets.size() != 32) return std::nullopt;
  SymmetricKey key;
  std::copy(octets.begin(), octets.end(), key.octets_.begin());
  key.size_ = octets.size();
  return key;
}

std::optional<SecurityKeys> security_keys_from(BytesView encryption, BytesView authentication,
                                               SecuritySuite suite) {
  const auto own = SymmetricKey::from(encryption), shared = SymmetricKey::from(authentication);
  if (!own || !shared || own->size() != key_octets(suite) || shared->size() != key_octets(suite)) {
    return std::nullopt;
  }
  return SecurityKeys{*own, *shared, suite};
}

namespace {

std::size_t protected_size(std::uint8_t control, std::size_t plain) {
  return k_security_header_octets + plain +
         (authenticates(control) ? k_authentication_tag_octets : 0);
}

// control must have bit 4 or 5.
void append_protected(Bytes& out, const SecurityKeys& keys, const SystemTitle& title,
                      std::uint8_t control, std::uint32_t invocation_counter, BytesView plain) {
  const bool authenticated = authenticates(control);
  if ((control & security_control::k_suite) == 0) {
    control = static_cast<std::uint8_t>(control | static_cast<std::uint8_t>(keys.suite));
  }
  const std::size_t before = out.size();
  out.resize(before + protected_size(control, plain.size()));
  const std::span<std::byte> to = std::span(out).subspan(before);
  const std::span<std::byte> body = to.subspan(k_security_header_octets, plain.size());
  const GcmVector vector = vector_of(title, invocation_counter);
  to[0] = std::byte{control};
  std::copy(vector.begin() + 8, vector.end(), to.begin() + 1);
  std::array<std::byte, k_authentication_tag_octets> tag;
  if (encrypts(control)) {
    const AdditionalData aad(keys, control);
    tag = gcm_encrypt_to(body, keys.encryption, vector,
                         authenticated ? BytesView(aad) : BytesView{}, plain);
  } else {
    tag = gcm_encrypt_to({}, keys.encryption, vector, AdditionalData(keys, control, plain), {});
    std::copy(plain.begin(), plain.end(), body.begin());
  }
  if (authenticated) std::copy(tag.begin(), tag.end(), body.end());
}

}  // namespace

Result<Bytes> protect(const SecurityKeys& keys, const SystemTitle& title, std::uint8_t control,
                      std::uint32_t invocation_counter, BytesView plain) {
  if (!authenticates(control) && !encrypts(control)) return CosemError::bad_value;
  Bytes out;
  out.reserve(protected_size(control, plain.size()));
  append_protected(out, keys, title, control, invocation_counter, plain);
  return out;
}

Result<Unprotected> unprotect(const SecurityKeys& keys, const SystemTitle& title,
                              BytesView protected_octets, std::size_t tag_octets) {
  Reader reader(protected_octets);
  const auto control = reader.u8();
  const auto counter = reader.u32();
  if (!counter) return CosemError::truncated;
  const bool authenticated = authenticates(*control);
  if ((*control & security_control::k_compressed) != 0) {
    return CosemError::compression_not_supported;
  }
  if ((*control & security_control::k_suite) != static_cast<std::uint8_t>(keys.suite)) {
    return CosemError::wrong_security_suite;
  }
  if (!authenticated && !encrypts(*control)) return CosemError::not_supported;
  BytesView body = reader.rest();
  BytesView tag;
  if (authenticated) {
    if (body.size() < k_authentication_tag_octets) return CosemError::truncated;
    tag = body.last(k_authentication_tag_octets);
    body = body.first(body.size() - k_authentication_tag_octets);
  }
  const BytesView compared = tag.first(std::min(tag.size(), tag_octets));
  const GcmVector vector = vector_of(title, *counter);
  Unprotected out{*control, *counter, {}};
  bool verified = true;
  if (encrypts(*control)) {
    const AdditionalData aad(keys, *control);
    verified = gcm_decrypt(keys.encryption, vector, authenticated ? BytesView(aad) : BytesView{},
                           body, compared, out.plain);
  } else {
    Bytes nothing;
    verified = gcm_decrypt(keys.encryption, vector, AdditionalData(keys, *control, body), {},
                           compared, nothing);
    out.plain.assign(body.begin(), body.end());
  }
  if (!verified) return CosemError::bad_authentication_tag;
  return out;
}

std::optional<std::uint8_t> glo_tag(std::uint8_t plain_tag) {
  const CipherTags* known = by_plain_tag(plain_tag);
  if (known == nullptr) return std::nullopt;
  return known->global;
}

std::optional<std::uint8_t> ded_tag(std::uint8_t plain_tag) {
  const CipherTags* known = by_plain_tag(plain_tag);
  if (known == nullptr) return std::nullopt;
  return known->dedicated;
}

bool is_ciphered(BytesView apdu) {
  if (apdu.empty()) return false;
  const auto tag = std::to_integer<std::uint8_t>(apdu.front());
  return tag == k_general_glo_tag || tag == k_general_ded_tag || by_ciphered_tag(tag) != nullptr;
}

Result<CipheredApdu> parse_ciphered(BytesView apdu) {
  Reader reader(apdu);
  const auto tag = reader.u8();
  if (!tag) return CosemError::truncated;
  CipheredApdu parsed;
  parsed.tag = *tag;
  if (*tag == k_general_glo_tag || *tag == k_general_ded_tag) {
    parsed.form =
        *tag == k_general_glo_tag ? CipherForm::general_global : CipherForm::general_dedicated;
    const auto title = reader.octets();
    if (!title) return CosemError::truncated;
    parsed.title = system_title_from(*title);
    if (!parsed.title && !title->empty()) return CosemError::bad_length;
  } else if (const CipherTags* known = by_ciphered_tag(*tag)) {
    parsed.form = *tag == known->global ? CipherForm::global : CipherForm::dedicated;
    parsed.plain_tag = known->plain;
  } else {
    return CosemError::bad_tag;
  }
  const auto body = reader.octets();
  if (!body) return CosemError::truncated;
  if (reader.left() > 0) return CosemError::trailing_octets;
  Reader header(*body);
  const auto control = header.u8();
  const auto counter = header.u32();
  if (!counter) return CosemError::truncated;
  parsed.control = *control;
  parsed.invocation_counter = *counter;
  parsed.protected_octets.assign(body->begin(), body->end());
  return parsed;
}

Bytes encode_ciphered(std::uint8_t tag, BytesView protected_octets) {
  Bytes out;
  append_u8(out, tag);
  append_octets(out, protected_octets);
  return out;
}

Bytes encode_general_global(const SystemTitle& title, BytesView protected_octets) {
  Bytes out;
  append_u8(out, k_general_glo_tag);
  append_octets(out, title);
  append_octets(out, protected_octets);
  return out;
}

Result<Bytes> protect_apdu(const SecurityKeys& keys, const SystemTitle& title, std::uint8_t control,
                           std::uint32_t invocation_counter, BytesView plain_apdu,
                           CipherForm form) {
  if (plain_apdu.empty()) return CosemError::truncated;
  if (!authenticates(control) && !encrypts(control)) return CosemError::bad_value;
  const auto plain_tag = std::to_integer<std::uint8_t>(plain_apdu.front());
  const auto tag = form == CipherForm::global      ? glo_tag(plain_tag)
                   : form == CipherForm::dedicated ? ded_tag(plain_tag)
                                                   : std::nullopt;
  const bool dedicated = form == CipherForm::dedicated || form == CipherForm::general_dedicated;
  // Written once, in place: what is long is not copied.
  const std::size_t size = protected_size(control, plain_apdu.size());
  Bytes out;
  out.reserve(k_longest_cipher_header + size);
  append_u8(out, tag.value_or(dedicated ? k_general_ded_tag : k_general_glo_tag));
  if (!tag) append_octets(out, title);
  append_length(out, size);
  append_protected(out, keys, title, control, invocation_counter, plain_apdu);
  return out;
}

Result<void> InvocationCounterCheck::accept(std::uint32_t counter) {
  if (counter < next_) return CosemError::invocation_counter_not_greater;
  next_ = std::uint64_t{counter} + 1;
  return {};
}

}  // namespace meterproof::cosem
