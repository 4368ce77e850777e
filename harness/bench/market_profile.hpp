// MarketProfile: what a market (a companion standard, a national port) says of every meter sold in
// it: clients, the object list with rights, what is pushed and how. A TOML file under
// devices/types/markets/, shared by the meter types that name it with `profile = "..."`.
//
// Most of these documents are paid for or not public. So every section says how certain it is and
// from where, what is not known is left out or stands under [[unknown]], and nothing is filled in.
// Format: docs/meter-type-file.md and its JSON Schema.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace meterproof::bench {

// How a section is known.
struct Provenance {
  // "captured": octets of a real meter, in this project, show it; "published": read in a document
  // of its publisher; "secondary": a public implementation or description says so, the document
  // itself was not read; "assumed": our reading of a general standard; "declared": by the maker.
  std::string certainty;
  std::vector<std::string> sources;  // names of MarketSource
  std::string note;
};

struct MarketSource {
  std::string name, title, where;
};

struct MarketClient {
  std::string name;
  std::optional<int> client_sap;
  std::vector<std::string> mechanisms;  // empty: unknown
  std::optional<bool> ciphered;
  std::vector<int> security_suites;
  std::vector<std::string> policies;  // words of DeclaredClient::policy
  Provenance provenance;
};

// What one client may do with one object.
struct ObjectRights {
  std::string client;
  std::map<int, std::string> attributes;  // number -> "r", "w", "rw" or "-"
  std::set<int> methods;
};

struct MarketObject {
  int class_id = 0;
  std::optional<int> version;  // empty: unknown
  std::string name;            // logical name, "1-0:1.8.0.255"
  std::string title;
  std::string type;  // of attribute 2, as in PushColumn; may be empty
  std::string unit;  // may be empty
  std::optional<int> scaler;
  std::vector<ObjectRights> rights;  // by client; a client that is not there: unknown
  std::string certainty;             // its own, or that of the list
  int line = 0;
};

struct PushColumn {
  std::string name;  // logical name; empty: the value has none (a list's id)
  std::string title;
  std::vector<std::string> types;  // of Data, "long_unsigned": any of them
  std::string unit;                // may be empty
  std::optional<int> scaler;
  // "value": the bare value; "pair": logical name, value as two elements of the list; "structure":
  // structure { logical name, value[, { scaler, unit }] }.
  std::string form;
  int line = 0;
};

// One list that is pushed.
struct PushList {
  std::string list;       // "AIDON_V0001/1"
  std::string carriage;   // "hdlc_ui", "hdlc_i", "wrapper", "mbus", "p1"
  std::string ciphering;  // "none", "general_glo"
  std::string container;  // of the notification's body: "array", "structure"; "lines" for p1
  // The date-time of the notification: "absent", "octets" (a length and 12 octets, as IEC 62056-5-3
  // has it), "tagged" (a data tag before them, which it has not).
  std::string date_time;
  std::string period;  // "10 s", as the source words it; may be empty
  std::vector<PushColumn> columns;
  Provenance provenance;
  int line = 0;
};

struct MarketProfile {
  std::string name;  // file name without ending
  std::string file;
  std::string market, title, edition;
  std::vector<MarketSource> sources;
  struct Unknown {
    std::string what, why;
  };
  std::vector<Unknown> unknown;
  // Communication; what is not there is unknown.
  std::string referencing;               // "ln", "sn"
  std::vector<std::string> conformance;  // names of the conformance block's bits
  std::optional<int> max_pdu, max_frame, window;
  Provenance communication;
  std::vector<MarketClient> clients;
  bool complete = false;  // the object list is the whole of it: an object beyond it is wrong
  Provenance object_list;
  std::vector<MarketObject> objects;
  std::vector<PushList> pushes;

  const MarketClient* client(const std::string& client_name) const;
  const PushList* push(const std::string& list) const;
};

// Throws ConfigError with every problem found.
std::shared_ptr<const MarketProfile> load_market_profile(const std::string& path);

// The words of the format, for whoever gives them a meaning.
const std::vector<std::string>& data_type_names();
const std::vector<std::string>& unit_names();
const std::vector<std::string>& mechanism_names();
const std::vector<std::string>& conformance_names();

// "A-B:C.D.E.F", each 0..255.
bool is_logical_name(std::string_view text);

}  // namespace meterproof::bench
