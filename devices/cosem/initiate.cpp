#include "devices/cosem/initiate.hpp"

#include "devices/cosem/apdu.hpp"

namespace meterproof::cosem {
namespace {

constexpr std::uint32_t k_conformance_mask = 0xFFFFFF;

void append_conformance(Bytes& out, std::uint32_t conformance) {
  // [APPLICATION 31] IMPLICIT BIT STRING (SIZE(24)): the one BER element inside A-XDR.
  append_u8(out, 0x5F);
  append_u8(out, 0x1F);
  append_u8(out, 4);
  append_u8(out, 0);
  for (const int shift : {16, 8, 0})
    append_u8(out, static_cast<std::uint8_t>(conformance >> shift));
}

Result<std::uint32_t> read_conformance(Reader& in) {
  const auto tag = in.u8();
  if (!tag) return CosemError::truncated;
  if (*tag != 0x5F) return CosemError::bad_tag;
  auto next = in.u8();
  if (next == 0x1F) next = in.u8();
  if (!next) return CosemError::truncated;
  if (*next != 4) return CosemError::bad_length;
  const auto bits = in.u32();
  if (!bits) return CosemError::truncated;
  if ((*bits & ~k_conformance_mask) != 0) return CosemError::bad_value;
  return *bits;
}

// OPTIONAL quality of service: nothing read is a truncation.
bool read_quality(Reader& in, std::optional<std::uint8_t>& quality, CosemError& error) {
  const auto present = in.u8();
  if (present == 0) return true;
  error = present == 1 ? CosemError::truncated : CosemError::bad_tag;
  if (!present) error = CosemError::truncated;
  if (present != 1) return false;
  quality = in.u8();
  return quality.has_value();
}

}  // namespace

Bytes encode(const InitiateRequest& request) {
  Bytes out;
  append_u8(out, tags::k_initiate_request);
  append_u8(out, !request.dedicated_key.empty());
  if (!request.dedicated_key.empty()) append_octets(out, request.dedicated_key);
  // DEFAULT TRUE is coded as absent.
  append_u8(out, !request.response_allowed);
  if (!request.response_allowed) append_u8(out, 0);
  append_u8(out, request.quality_of_service.has_value());
  if (request.quality_of_service) append_u8(out, *request.quality_of_service);
  append_u8(out, request.dlms_version);
  append_conformance(out, request.conformance);
  append_integer(out, request.max_pdu);
  return out;
}

Bytes encode(const InitiateResponse& response) {
  Bytes out;
  append_u8(out, tags::k_initiate_response);
  append_u8(out, response.quality_of_service.has_value());
  if (response.quality_of_service) append_u8(out, *response.quality_of_service);
  append_u8(out, response.dlms_version);
  append_conformance(out, response.conformance);
  append_integer(out, response.max_pdu);
  append_integer(out, response.vaa_name);
  return out;
}

Result<InitiateRequest> decode_initiate_request(BytesView octets) {
  Reader in(octets);
  InitiateRequest request;
  const auto tag = in.u8();
  if (!tag) return CosemError::truncated;
  if (*tag != tags::k_initiate_request) return CosemError::bad_tag;
  const auto has_key = in.u8();
  if (!has_key) return CosemError::truncated;
  if (*has_key > 1) return CosemError::bad_tag;
  if (*has_key == 1) {
    const auto key = in.octets();
    if (!key) return CosemError::truncated;
    request.dedicated_key.assign(key->begin(), key->end());
  }
  const auto says_allowed = in.u8();
  if (!says_allowed) return CosemError::truncated;
  if (*says_allowed > 1) return CosemError::bad_tag;
  if (*says_allowed == 1) {
    const auto allowed = in.u8();
    if (!allowed) return CosemError::truncated;
    request.response_allowed = *allowed != 0;
  }
  CosemError error{};
  if (!read_quality(in, request.quality_of_service, error)) return error;
  const auto version = in.u8();
  if (!version) return CosemError::truncated;
  request.dlms_version = *version;
  const Result<std::uint32_t> bits = read_conformance(in);
  if (bits.has_error()) return bits.error();
  request.conformance = *bits;
  const auto max_pdu = in.u16();
  if (!max_pdu) return CosemError::truncated;
  request.max_pdu = *max_pdu;
  if (in.left() > 0) return CosemError::trailing_octets;
  return request;
}

Result<InitiateResponse> decode_initiate_response(BytesView octets) {
  Reader in(octets);
  InitiateResponse response;
  const auto tag = in.u8();
  if (!tag) return CosemError::truncated;
  if (*tag == tags::k_confirmed_service_error) {
    const Result<Apdu> refusal = decode_apdu(octets);
    if (refusal.has_error()) return refusal.error();
    return to_error(std::get<ConfirmedServiceError>(*refusal));
  }
  if (*tag != tags::k_initiate_response) return CosemError::bad_tag;
  CosemError error{};
  if (!read_quality(in, response.quality_of_service, error)) return error;
  const auto version = in.u8();
  if (!version) return CosemError::truncated;
  response.dlms_version = *version;
  const Result<std::uint32_t> bits = read_conformance(in);
  if (bits.has_error()) return bits.error();
  response.conformance = *bits;
  const auto max_pdu = in.u16();
  const auto vaa_name = in.u16();
  if (!max_pdu || !vaa_name) return CosemError::truncated;
  response.max_pdu = *max_pdu;
  response.vaa_name = *vaa_name;
  if (in.left() > 0) return CosemError::trailing_octets;
  return response;
}

}  // namespace meterproof::cosem
