#include <array>

#include "devices/cosem/acse.hpp"

namespace meterproof::cosem {
namespace {

// 2.16.756.5.8: DLMS UA; the arcs 1 (application context) and 2 (mechanism) follow.
constexpr std::array<std::uint8_t, 5> k_dlms_ua_arcs = {0x60, 0x85, 0x74, 0x05, 0x08};

void append_element(Bytes& out, std::uint8_t tag, BytesView contents) {
  append_u8(out, tag);
  append_octets(out, contents);
}

Bytes element_of(std::uint8_t tag, BytesView contents) {
  Bytes out;
  append_element(out, tag, contents);
  return out;
}

Bytes object_identifier(std::uint8_t branch, std::uint8_t arc) {
  Bytes out;
  append(out, std::as_bytes(std::span(k_dlms_ua_arcs)));
  append_u8(out, branch);
  append_u8(out, arc);
  return out;
}

void append_context(Bytes& out, std::uint8_t arc) {
  append_element(out, 0xA1, element_of(0x06, object_identifier(1, arc)));
}

void append_small_integer(Bytes& out, std::uint8_t tag, std::uint8_t value) {
  Bytes octets;
  if (value >= 0x80) append_u8(octets, 0);  // BER integers are signed
  append_u8(octets, value);
  append_element(out, tag, element_of(0x02, octets));
}

void append_requirements(Bytes& out, std::uint8_t tag) {
  const std::array<std::byte, 2> authentication = {std::byte{0x07}, std::byte{0x80}};
  append_element(out, tag, authentication);
}

void append_user_information(Bytes& out, const Bytes& information) {
  if (!information.empty()) append_element(out, 0xBE, element_of(0x04, information));
}

Bytes contents_of(const Aarq& aarq) {
  Bytes out;
  if (aarq.application_context) append_context(out, *aarq.application_context);
  if (!aarq.calling_ap_title.empty()) {
    append_element(out, 0xA6, element_of(0x04, aarq.calling_ap_title));
  }
  if (aarq.calling_ae_qualifier) {
    append_element(out, 0xA7, element_of(0x04, *aarq.calling_ae_qualifier));
  }
  if (aarq.calling_ae_invocation_id)
    append_small_integer(out, 0xA9, *aarq.calling_ae_invocation_id);
  if (aarq.sender_acse_requirements) append_requirements(out, 0x8A);
  if (aarq.mechanism) append_element(out, 0x8B, object_identifier(2, *aarq.mechanism));
  if (aarq.calling_authentication_value) {
    append_element(out, 0xAC, element_of(0x80, *aarq.calling_authentication_value));
  }
  append_user_information(out, aarq.user_information);
  return out;
}

Bytes contents_of(const Aare& aare) {
  Bytes out;
  if (aare.application_context) append_context(out, *aare.application_context);
  append_small_integer(out, 0xA2, aare.result);
  Bytes diagnostic;
  append_small_integer(diagnostic, aare.diagnostic_source == 2 ? 0xA2 : 0xA1, aare.diagnostic);
  append_element(out, 0xA3, diagnostic);
  if (!aare.responding_ap_title.empty()) {
    append_element(out, 0xA4, element_of(0x04, aare.responding_ap_title));
  }
  if (aare.responder_acse_requirements) append_requirements(out, 0x88);
  if (aare.mechanism) append_element(out, 0x89, object_identifier(2, *aare.mechanism));
  if (aare.responding_authentication_value) {
    append_element(out, 0xAA, element_of(0x80, *aare.responding_authentication_value));
  }
  append_user_information(out, aare.user_information);
  return out;
}

template <class Release>
Bytes release_contents(const Release& release) {
  Bytes out;
  if (release.reason) {
    append_u8(out, 0x80);
    append_u8(out, 1);
    append_u8(out, *release.reason);
  }
  append_user_information(out, release.user_information);
  return out;
}

Bytes contents_of(const Rlrq& rlrq) { return release_contents(rlrq); }
Bytes contents_of(const Rlre& rlre) { return release_contents(rlre); }

}  // namespace

Bytes encode_acse(const AcseApdu& apdu) {
  const auto tag = static_cast<std::uint8_t>(0x60 + apdu.index());
  return element_of(tag, std::visit([](const auto& one) { return contents_of(one); }, apdu));
}

Error to_error(const Aare& aare) {
  if (aare.result == association_result::k_accepted) return {};
  return {aare.result * 1000 + aare.diagnostic_source * 100 + aare.diagnostic,
          association_category()};
}

}  // namespace meterproof::cosem
