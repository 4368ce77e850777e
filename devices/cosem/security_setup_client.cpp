#include "devices/cosem/security_setup_client.hpp"

#include <utility>

namespace meterproof::cosem {
namespace {

constexpr std::uint16_t k_security_setup_class = 64;

Data enum_data(std::uint8_t value) { return Data(Enum{value}); }

Bytes identified(SymmetricKeyId id, BytesView public_key) {
  Bytes octets;
  append_u8(octets, static_cast<std::uint8_t>(id));
  append(octets, public_key);
  return octets;
}

Result<void> no_value(const Result<std::optional<Data>>& answer) {
  return answer.has_error() ? Result<void>(answer.error()) : Result<void>{};
}

Result<BytesView> octets_of_answer(const Result<std::optional<Data>>& answer) {
  if (answer.has_error()) return answer.error();
  const auto octets = *answer ? (*answer)->octets() : std::nullopt;
  if (!octets) return CosemError::type_mismatch;
  return *octets;
}

}  // namespace

Result<Data> key_transfer_parameters(const SymmetricKey& master,
                                     const std::vector<TransferredKey>& keys) {
  std::vector<Data> elements;
  for (const TransferredKey& one : keys) {
    const Result<Bytes> wrapped = wrap_key(master, one.key);
    if (wrapped.has_error()) return wrapped.error();
    elements.push_back(
        structure({enum_data(static_cast<std::uint8_t>(one.id)), octet_string(*wrapped)}));
  }
  return array(std::move(elements));
}

Data KeyAgreement::parameters(const PrivateKey& signing_key) const {
  const Bytes& point = ephemeral.public_key().octets();
  Bytes octets = point;
  append(octets, sign(signing_key, identified(id, point)));
  return array({structure({enum_data(static_cast<std::uint8_t>(id)), octet_string(octets)})});
}

Result<SymmetricKey> KeyAgreement::key(const Data& answer, const PublicKey& server_signing_key,
                                       const SystemTitle& client, const SystemTitle& server) const {
  const SecuritySuite suite = ephemeral.suite();
  const auto* list = answer.elements();
  const auto* fields = list != nullptr && list->size() == 1 ? list->front().elements() : nullptr;
  if (fields == nullptr || fields->size() != 2) return CosemError::type_mismatch;
  const auto octets = (*fields)[1].octets();
  if (!octets || (*fields)[0].integer() != static_cast<std::int64_t>(id)) {
    return CosemError::type_mismatch;
  }
  const std::size_t point = 2 * field_octets(suite);
  if (octets->size() != 2 * point) return CosemError::bad_length;
  const Result<void> authentic = verify_signature(
      server_signing_key, identified(id, octets->first(point)), octets->subspan(point));
  if (authentic.has_error()) return authentic.error();
  const Result<PublicKey> theirs = PublicKey::from(suite, octets->first(point));
  if (theirs.has_error()) return theirs.error();
  const Result<Bytes> z = shared_secret(ephemeral, *theirs);
  if (z.has_error()) return z.error();
  const KeyUse use = id == SymmetricKeyId::master ? KeyUse::wrap : KeyUse::cipher;
  return derive_key(suite, use, *z, client, server);
}

Data certificate_by_entity(std::uint8_t entity, CertificateUse use, const SystemTitle& title) {
  return structure(
      {enum_data(0), structure({enum_data(entity), enum_data(static_cast<std::uint8_t>(use)),
                                octet_string(BytesView(title))})});
}

Data certificate_by_serial(BytesView serial_number, const std::string& issuer) {
  return structure(
      {enum_data(1), structure({octet_string(serial_number), octet_string(to_bytes(issuer))})});
}

Result<std::optional<Data>> SecuritySetupClient::call(std::int8_t method, const Data& parameters,
                                                      harness::Deadline deadline,
                                                      std::stop_token stop) {
  return client_.action({k_security_setup_class, object_, method}, parameters, deadline, stop);
}

Result<void> SecuritySetupClient::activate_policy(std::uint8_t policy, harness::Deadline deadline,
                                                  std::stop_token stop) {
  return no_value(call(1, enum_data(policy), deadline, stop));
}

Result<void> SecuritySetupClient::transfer_keys(const SymmetricKey& master,
                                                const std::vector<TransferredKey>& keys,
                                                harness::Deadline deadline, std::stop_token stop) {
  const Result<Data> parameters = key_transfer_parameters(master, keys);
  if (parameters.has_error()) return parameters.error();
  return no_value(call(2, *parameters, deadline, stop));
}

Result<void> SecuritySetupClient::generate_key_pair(CertificateUse use, harness::Deadline deadline,
                                                    std::stop_token stop) {
  return no_value(call(4, enum_data(static_cast<std::uint8_t>(use)), deadline, stop));
}

Result<CertificateRequest> SecuritySetupClient::generate_certificate_request(
    CertificateUse use, harness::Deadline deadline, std::stop_token stop) {
  const auto answer = call(5, enum_data(static_cast<std::uint8_t>(use)), deadline, stop);
  const Result<BytesView> der = octets_of_answer(answer);
  if (der.has_error()) return der.error();
  return read_certificate_request(*der);
}

Result<void> SecuritySetupClient::import_certificate(BytesView der, harness::Deadline deadline,
                                                     std::stop_token stop) {
  return no_value(call(6, octet_string(der), deadline, stop));
}

Result<Certificate> SecuritySetupClient::export_certificate(const Data& which,
                                                            harness::Deadline deadline,
                                                            std::stop_token stop) {
  const auto answer = call(7, which, deadline, stop);
  const Result<BytesView> der = octets_of_answer(answer);
  if (der.has_error()) return der.error();
  return Certificate::from_der(*der);
}

Result<void> SecuritySetupClient::remove_certificate(const Data& which, harness::Deadline deadline,
                                                     std::stop_token stop) {
  return no_value(call(8, which, deadline, stop));
}

}  // namespace meterproof::cosem
