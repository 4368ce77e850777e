// Calls of the Security setup object (class 64, IEC 62056-6-2) from the client's side: what to send
// as parameters, and what the answers mean. The parameters are values of their own, so that a
// procedure can change them before it sends them with Client::action().
#pragma once

#include <string>
#include <vector>

#include "devices/cosem/certificate.hpp"
#include "devices/cosem/client.hpp"
#include "devices/cosem/value.hpp"

namespace meterproof::cosem {

enum class SymmetricKeyId : std::uint8_t {
  unicast_encryption = 0,
  broadcast_encryption = 1,
  authentication = 2,
  master = 3,
};

struct TransferredKey {
  SymmetricKeyId id = SymmetricKeyId::unicast_encryption;
  SymmetricKey key;
};

// key_transfer: each key wrapped under the master key.
Result<Data> key_transfer_parameters(const SymmetricKey& master,
                                     const std::vector<TransferredKey>& keys);

// key_agreement of one key, ephemeral unified model C(2e,0s): the parameters with our signed
// ephemeral public key, then the key out of the answer with theirs. bad_signature and
// bad_public_key for an answer that is not the meter's.
struct KeyAgreement {
  SymmetricKeyId id = SymmetricKeyId::unicast_encryption;
  PrivateKey ephemeral;  // new for every agreement
  Data parameters(const PrivateKey& signing_key) const;
  Result<SymmetricKey> key(const Data& answer, const PublicKey& server_signing_key,
                           const SystemTitle& client, const SystemTitle& server) const;
};

// Of export_certificate and remove_certificate.
Data certificate_by_entity(std::uint8_t entity, CertificateUse use, const SystemTitle& title);
Data certificate_by_serial(BytesView serial_number, const std::string& issuer);

// The methods through an open association. `object` names the Security setup object.
class SecuritySetupClient {
 public:
  SecuritySetupClient(Client& client, const LogicalName& object)
      : client_(client), object_(object) {}

  Result<void> activate_policy(std::uint8_t policy, harness::Deadline deadline,
                               std::stop_token stop);
  Result<void> transfer_keys(const SymmetricKey& master, const std::vector<TransferredKey>& keys,
                             harness::Deadline deadline, std::stop_token stop);
  Result<void> generate_key_pair(CertificateUse use, harness::Deadline deadline,
                                 std::stop_token stop);
  Result<CertificateRequest> generate_certificate_request(CertificateUse use,
                                                          harness::Deadline deadline,
                                                          std::stop_token stop);
  Result<void> import_certificate(BytesView der, harness::Deadline deadline, std::stop_token stop);
  Result<Certificate> export_certificate(const Data& which, harness::Deadline deadline,
                                         std::stop_token stop);
  Result<void> remove_certificate(const Data& which, harness::Deadline deadline,
                                  std::stop_token stop);

 private:
  Result<std::optional<Data>> call(std::int8_t method, const Data& parameters,
                                   harness::Deadline deadline, std::stop_token stop);
  Client& client_;
  LogicalName object_;
};

}  // namespace meterproof::cosem
