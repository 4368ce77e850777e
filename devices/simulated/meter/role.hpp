// Role: a client that the meter knows (IEC 62056-6-2: one association object for each), with its
// secrets and rights. Built from the declared type, the unit's secrets and the weaknesses.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "devices/cosem/acse.hpp"
#include "devices/cosem/hls.hpp"
#include "devices/cosem/logical_name.hpp"
#include "devices/cosem/security_policy.hpp"
#include "devices/simulated/meter/key_set.hpp"
#include "devices/simulated/meter/policy.hpp"
#include "devices/simulated/meter_unit.hpp"

namespace meterproof::simulated {

struct Role {
  std::string name;
  std::uint16_t client_sap = 0;
  std::uint8_t mechanism = cosem::mechanism::k_none;
  bool ciphered = false;
  cosem::LogicalName security_setup{{0, 0, 43, 0, 0, 255}};
  cosem::SecurityPolicy policy;  // protection demanded of requests, and given to responses
  bool may_read_all = false;
  std::set<cosem::LogicalName> may_read;
  bool may_read_registers = false;               // weakness ACL_002
  bool may_operate = false;                      // SET, and ACTION beyond the own association
  std::vector<cosem::Bytes> passwords;           // LLS, or the secret of HLS 3, 4, 6
  std::optional<cosem::PrivateKey> signing_key;  // the meter's own
  std::optional<cosem::PrivateKey> agreement_key;
  std::optional<cosem::PublicKey> client_agreement_key;
  std::optional<cosem::SymmetricKey> broadcast_key;  // GBEK
  std::optional<cosem::SymmetricKey> master_key;     // wraps keys that are transferred
  cosem::SystemTitle client_title{};                 // of the client that was here last
  std::optional<cosem::PublicKey> client_signing_key;
  std::vector<KeySet> key_sets;  // the first is the unit's own
};

// Throws ConfigError when a declared client lacks its secret or has a malformed one.
std::vector<Role> make_roles(const MeterUnit& unit, const Policy& policy, Nonvolatile& memory);

}  // namespace meterproof::simulated
