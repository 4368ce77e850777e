// Session: what the meter remembers of one connection: its association, and a long transfer in
// progress. Volatile; a power cut forgets it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "devices/cosem/apdu.hpp"
#include "devices/cosem/block_transfer.hpp"
#include "devices/simulated/meter/connection_guard.hpp"
#include "devices/simulated/meter/role.hpp"

namespace meterproof::simulated {

struct LongGet {
  std::uint8_t invoke = 0;
  cosem::Bytes raw;
  std::size_t sent = 0;      // octets
  std::uint32_t number = 0;  // of the block sent last
};

struct LongSet {
  std::vector<cosem::SelectedAttribute> attributes;
  bool is_list = false;  // the value is a list of values
  cosem::Bytes raw;
  std::uint32_t number = 0;  // of the block received last
};

struct LongAction {
  std::vector<cosem::MethodDescriptor> methods;
  bool is_list = false;
  cosem::Bytes raw;
  std::uint32_t number = 0;
};

// An exchange with general-block-transfer.
struct GeneralExchange {
  cosem::BlockTransfer transfer;
  cosem::Bytes first_block;  // block 1 of the request as it came; empty: not seen yet
};

// The key that the client chose for this association, in its InitiateRequest.
struct DedicatedKey {
  cosem::SecurityKeys keys;
  cosem::InvocationCounterCheck received;
  std::uint64_t sent = 1;  // the next one
};

struct Session {
  enum class Phase {
    none,        // no association
    challenged,  // HLS pass 2 is sent, pass 3 is awaited: no rights but to answer
    open,
  } phase = Phase::none;
  std::uint16_t client_sap = 0;
  Role* role = nullptr;    // set unless phase is none
  KeySet* keys = nullptr;  // of ciphering and HLS
  std::shared_ptr<DedicatedKey> dedicated;
  bool key_proven = false;  // a message under the key was verified in this session
  cosem::SystemTitle client_title{};
  cosem::Bytes client_challenge, server_challenge;  // CtoS, StoC
  std::size_t longest_pdu = 0;                      // octets of an APDU that the client takes
  std::size_t longest_answer = 0;                   // of it for a plain answer
  std::uint32_t conformance = 0;                    // negotiated
  bool short_names = false;                         // the association refers by short names
  bool protection_seen = false;  // a protected request was served (weakness DLMS_001)

  std::optional<GeneralExchange> general;
  bool in_general_blocks = false;  // the request at work came so: its answer leaves so, whole
  std::optional<LongGet> long_get;
  std::optional<LongSet> long_set;
  std::optional<LongAction> long_action;
  std::optional<LongGet> long_answer;  // of an action

  // What an answer is protected with: of the session as it was when the request came.
  Session as_asked() const {
    Session kept;
    kept.phase = phase;
    kept.role = role;
    kept.keys = keys;
    kept.dedicated = dedicated;
    kept.client_title = client_title;
    return kept;
  }
  Standing standing() const {
    if (phase == Phase::none) return Standing::stranger;
    return key_proven ? Standing::proven
                      : (phase == Phase::open ? Standing::associated : Standing::stranger);
  }
};

}  // namespace meterproof::simulated
