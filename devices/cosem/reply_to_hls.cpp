#include "devices/cosem/reply_to_hls.hpp"

#include "devices/cosem/short_names.hpp"

namespace meterproof::cosem {
namespace {

constexpr std::uint16_t k_association_class = 15;

Result<Bytes> token_in(const Data* data) {
  const auto token = data != nullptr ? data->octets() : std::nullopt;
  if (!token) return CosemError::peer_not_authentic;
  return Bytes(token->begin(), token->end());
}

Result<Bytes> token_of_read(BytesView plain) {
  const Result<ShortNameApdu> apdu = decode_short_name(plain);
  if (apdu.has_error()) return refusal_in(plain);
  const auto* response = std::get_if<ReadResponse>(&*apdu);
  if (response == nullptr || response->results.size() != 1) return CosemError::unexpected_apdu;
  if (const auto* refusal = std::get_if<DataAccessResult>(&response->results.front())) {
    return *refusal == DataAccessResult::success ? make_error_code(CosemError::peer_not_authentic)
                                                 : make_error_code(*refusal);
  }
  return token_in(std::get_if<Data>(&response->results.front()));
}

}  // namespace

Error refusal_in(BytesView plain) {
  const Result<Apdu> apdu = decode_apdu(plain);
  if (apdu.has_error()) return apdu.error();
  if (const auto* exception = std::get_if<ExceptionResponse>(&*apdu)) return to_error(*exception);
  if (const auto* error = std::get_if<ConfirmedServiceError>(&*apdu)) return to_error(*error);
  return CosemError::unexpected_apdu;
}

Bytes encode_reply_to_hls(Referencing referencing, BytesView token) {
  if (referencing == Referencing::short_name) {
    return encode_short_name(
        ReadRequest{{ParameterizedAccess{k_reply_to_hls_name, 0, octet_string(token)}}});
  }
  ActionRequestNormal request;
  request.method = {k_association_class, names::k_current_association, 1};
  request.parameters = octet_string(token);
  return encode_apdu(request);
}

Result<Bytes> token_of_hls_answer(Referencing referencing, BytesView plain) {
  if (referencing == Referencing::short_name) return token_of_read(plain);
  const Result<Apdu> apdu = decode_apdu(plain);
  if (apdu.has_error()) return apdu.error();
  const auto* response = std::get_if<ActionResponseNormal>(&*apdu);
  if (response == nullptr) return refusal_in(plain);
  if (response->outcome.result != ActionResult::success) return response->outcome.result;
  const auto& returned = response->outcome.returned;
  return token_in(returned ? std::get_if<Data>(&*returned) : nullptr);
}

}  // namespace meterproof::cosem
