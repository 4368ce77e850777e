// MeterType: what the maker declares of a meter (ratings, protocol, clients, policy): a data file
// under devices/types/, TOML. Every test compares "declared" with "observed".
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "harness/bench/market_profile.hpp"
#include "harness/clock.hpp"
#include "harness/quantity.hpp"

namespace meterproof::bench {

// A client (user role) that the meter knows, as declared. Secrets are not here: they belong to the
// unit and stand in the bench file.
struct DeclaredClient {
  std::string name;            // "public", "reader", "management"
  int client_sap = 16;         // 1..127
  std::string authentication;  // "none", "lls", "hls_md5", "hls_sha1", "hls_gmac", "hls_sha256",
                               // "hls_ecdsa"
  bool ciphered = false;       // application context LN with ciphering
  int security_suite = 0;      // 0, 1 or 2 (IEC 62056-5-3); suite 2 has keys of 32 octets
  // Protection that the meter must demand of requests and give to responses: "none",
  // "authenticated", "encrypted", "authenticated_encrypted".
  std::string policy = "none";
  // General-ciphering of requests, with the key: "" (not used), "unicast", "broadcast", "wrapped",
  // "one_pass", "static_agreement". The meter answers in the form of the request.
  std::string general_ciphering;
  // General-signing, of requests and of responses, which the meter then demands and gives: ""
  // (not used), "outside" (over the ciphered APDU), "inside" (the signed APDU is ciphered).
  std::string signing;
  // No AARQ and no release: the association is there from the factory (IEC 62056-5-3, 4.2.5).
  bool pre_established = false;
  std::vector<std::string> may_read;  // logical names (OBIS "1-0:1.8.0.255") readable; "*": all.
                                      // For the public client: nothing else
  int line = 0;                       // in the type's file
};

// Which key pairs the client and the meter have for it: of digital signature, of key agreement.
bool signs(const DeclaredClient& client);
bool agrees_on_keys(const DeclaredClient& client);

struct MeterType {
  std::string name;  // file name without ending
  std::string file;
  std::string manufacturer, model;
  // What its market says of it: object list, push lists. Null: nothing is said.
  std::string profile_name;
  std::shared_ptr<const MarketProfile> profile;
  bool object_list_complete = false;  // the maker: the meter has the profile's objects and no other
  // Ratings
  int phases = 3;                         // measuring elements m
  harness::Voltage nominal_voltage;       // Un, phase to neutral
  harness::Current base_current;          // Ib (IEC 62053-21:2003; In since 2020)
  harness::Current minimum_current;       // Imin
  harness::Current transitional_current;  // Itr
  harness::Current maximum_current;       // Imax
  harness::Current starting_current;      // Ist
  harness::Frequency frequency{50.0};
  double constant = 1000;      // k, imp/kWh
  std::string accuracy_class;  // "1"
  std::string standard;        // "IEC 62053-21"
  std::string connection;      // "direct" or "transformer"
  // Communication
  std::string protocol;            // "dlms"
  int server_sap = 1;              // logical device
  int hdlc_physical_address = 17;  // lower HDLC address; 0: one-byte addressing
  int hdlc_address_octets = 0;     // of the meter: 1, 2 or 4; 0: as many as its addresses need
  int hdlc_information = 2030;     // largest information field offered and taken, octets
  int hdlc_window = 7;             // frames without acknowledgement offered and taken
  std::string start = "hdlc";      // of the optical port: "hdlc", or "mode_e" (IEC 62056-21)
  int optical_baud = 9600;         // of HDLC; with mode E the highest rate of the meter
  bool udp = false;                // the wrapper is served on UDP too
  std::string referencing = "ln";  // how requests name objects: "ln", "sn" (short names), "both"
  int general_block_window = 0;    // of general-block-transfer, for our client; 0: not used
  std::vector<DeclaredClient> clients;
  int lockout_after_failures = 0;    // 0: no lock-out declared
  harness::WallDuration lockout{};   // declared lock-out time
  harness::WallDuration recovery{};  // declared time to recover after an attack, or to boot
  harness::WallDuration boot{};      // from voltage on to first answer
  harness::WallDuration inactivity_timeout{};  // HDLC / association inactivity
  bool has_relay = false;
  std::string register_energy = "1-0:1.8.0.255";
  double register_resolution_wh = 1;  // Wh in the last digit

  const DeclaredClient* client(const std::string& client_name) const;
};

}  // namespace meterproof::bench
