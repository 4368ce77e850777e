// MeterUnit: one simulated meter as it left its factory: type, serial number, secrets and the
// deliberate defects it has.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "harness/bench/meter_type.hpp"

namespace meterproof::simulated {

struct ClientSecrets {
  std::vector<std::byte> password;            // LLS
  std::vector<std::byte> encryption_key;      // GUEK, 16 octets (32 in security suite 2)
  std::vector<std::byte> authentication_key;  // GAK, the same size
  std::vector<std::byte> master_key;          // wraps keys that are transferred; empty: none
  std::vector<std::byte> broadcast_key;       // GBEK; empty: none
  // Of signatures and of key agreement; of the client's private keys the meter uses the public half
  // only.
  std::vector<std::byte> signing_key, meter_signing_key;
  std::vector<std::byte> agreement_key, meter_agreement_key;
};

struct MeterUnit {
  std::string name;  // position name
  std::shared_ptr<const bench::MeterType> type;
  std::string serial;
  std::string firmware;
  std::array<std::byte, 8> system_title{};
  std::map<std::string, ClientSecrets> clients;  // by DeclaredClient::name
  std::set<std::string>
      weaknesses;          // names of devices/simulated/weaknesses.hpp; empty: a healthy meter
  std::string state_file;  // survives power cuts: invocation counters (energy and relay: the plant)
  std::uint64_t seed = 0;
};

}  // namespace meterproof::simulated
