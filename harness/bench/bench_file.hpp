// The bench: what is wired where, as read from a TOML bench file. Loading checks the whole file and
// reports every problem at once, each with file:line and the nearest valid name, before anything is
// energised. Format: docs/bench-file.md and its JSON Schema.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "harness/bench/meter_type.hpp"
#include "harness/errors.hpp"
#include "harness/quantity.hpp"

namespace meterproof::bench {

// Where a secret comes from; never the secret itself.
struct SecretReference {
  enum class From { none, file, environment } from = From::none;
  std::string name;      // path (relative to the bench file) or variable
  std::string encoding;  // "hex" or "text"
};

struct ClientAccess {
  std::string client;                  // name of a DeclaredClient of the meter type
  SecretReference password;            // LLS password, or the secret of HLS MD5, SHA-1 and SHA-256
  SecretReference encryption_key;      // global unicast encryption key (GUEK), 16 octets
  SecretReference authentication_key;  // global authentication key (GAK), 16 octets
  SecretReference broadcast_key;       // global broadcast encryption key (GBEK), as long
  SecretReference master_key;          // key that wraps keys (KEK), as long
  SecretReference signing_key;         // this client's private key, 32 or 48 octets
  std::string meter_signing_public_key_hex;    // the meter's public key x || y
  SecretReference agreement_key;               // key agreement: this client's private key, as long
  std::string meter_agreement_public_key_hex;  // the meter's public key x || y
  std::string system_title_hex;                // this client's own system title, 8 octets
};

struct Interface {
  std::string name;     // "optical", "tcp"
  std::string link;     // URL, see harness/link/link.hpp
  std::string framing;  // "hdlc" or "wrapper"
  std::map<std::string, ClientAccess> clients;
};

struct PulseChannel {
  std::string input;  // name of a pulse input instrument
  int channel = 0;
};

struct Position {
  std::string name;
  std::shared_ptr<const MeterType> type;
  std::string serial;  // expected serial number; empty: not checked
  std::map<std::string, Interface> interfaces;
  PulseChannel pulse;
  bool simulated = false;
  bool sacrificial = false;
  bool allow_state_changing = false;
};

struct Instrument {
  std::string name;     // "source", "reference", or the name of a pulse input
  std::string driver;   // registered driver name
  std::string profile;  // file under devices/profiles/, without ending; may be empty
  std::string link;
  bool simulated = false;
  double constant = 0;  // reference: imp/kWh
  std::string calibrated_until;
  double certificate_expanded_percent = 0, drift_percent = 0,
         specification_percent = 0;  // reference
  double phase_minutes = 0;          // reference: half-width of phase error, arc minutes
  int line = 0;                      // in the bench file
};

struct Envelope {
  harness::Voltage max_voltage;  // per phase
  harness::Current max_current;
  harness::WallDuration max_duration{};  // of one energised hold
};

struct Safety {
  std::vector<std::string> allow;  // CIDR blocks that attack traffic may go to
  Envelope envelope;
  std::vector<std::string> make_safe;  // instrument names in the order of switching off
};

struct Bench {
  std::string file;
  std::string name;
  std::string sha256;  // of the file's bytes, hex
  double time_scale = 1.0;
  std::vector<Position> positions;
  std::shared_ptr<const Instrument> source, reference;
  std::vector<Instrument> pulse_inputs;
  Safety safety;

  bool simulated() const;  // everything is
};

// Names that the rest of the program knows, for checking and for "did you mean".
struct Vocabulary {
  std::vector<std::string> source_drivers, reference_drivers, pulse_drivers, protocols;
  std::vector<std::string>
      type_directories;  // where <type>.toml is looked for, after the bench file's own directory
  std::vector<std::string> profile_directories;
};

// Throws ConfigError with every problem found. Secrets are resolved (missing or unreadable ones are
// problems) but not kept.
Bench load_bench(const std::string& path, const Vocabulary& vocabulary);
// directories: type directories; a market profile is looked for in the folder "markets" beside the
// type's file, then in that of each of them.
std::shared_ptr<const MeterType> load_meter_type(const std::string& path,
                                                 const std::vector<std::string>& directories = {});

// The octets a reference points to. Throws ConfigError when it is missing, unreadable or wrongly
// encoded.
std::vector<std::byte> resolve(const SecretReference& reference, const std::string& bench_file);

}  // namespace meterproof::bench
