#include "suites/security/catalogue_entry.hpp"

#include <boost/json.hpp>
#include <map>
#include <string>

#include "harness/errors.hpp"

namespace meterproof::suites {
namespace {

// The catalogue's keys of clause lists, and how reports call the standards.
const std::map<std::string_view, std::string_view>& standard_names() {
  static const std::map<std::string_view, std::string_view> k_names{
      {"etsi_en_303_645", "ETSI EN 303 645 V3.1.3"},
      {"etsi_ts_103_701", "ETSI TS 103 701"},
      {"iec_62443_4_2", "IEC 62443-4-2"},
      {"cwe", "CWE"},
      {"cra_2024_2847_annex_I_part_I_2", "CRA 2024/2847 Annex I Part I (2)"},
      {"en_18031", "EN 18031"},
      {"dlms_ua", "DLMS UA"},
      {"mid_2014_32_eu_annex_I", "MID 2014/32/EU Annex I"},
      {"welmec_7_2", "WELMEC 7.2"},
      {"conformance_test_id", "DLMS UA conformance test"}};
  return k_names;
}

harness::Severity severity_from(std::string_view text) {
  if (text == "critical") return harness::Severity::critical;
  if (text == "high") return harness::Severity::high;
  return text == "medium" ? harness::Severity::medium : harness::Severity::low;
}

harness::Destructiveness harm_from(std::string_view text) {
  if (text == "disruptive") return harness::Destructiveness::disruptive;
  if (text == "state-changing") return harness::Destructiveness::state_changing;
  return text == "destructive" ? harness::Destructiveness::destructive
                               : harness::Destructiveness::none;
}

const boost::json::array& entries() {
  static const boost::json::value k_catalogue =
      boost::json::parse({k_security_catalogue_json.data(), k_security_catalogue_json.size()});
  return k_catalogue.at("tests").as_array();
}

}  // namespace

harness::Procedure catalogue_entry(std::string_view id) {
  for (const boost::json::value& entry : entries()) {
    if (std::string_view(entry.at("id").as_string()) != id) continue;
    harness::Procedure procedure;
    procedure.id = id;
    procedure.suite = "security";
    procedure.title = entry.at("title").as_string();
    procedure.objective = entry.at("objective").as_string();
    procedure.severity = severity_from(entry.at("severity").as_string());
    procedure.declaration.destructiveness = harm_from(entry.at("destructive").as_string());
    for (const auto& [key, clauses] : entry.at("clauses").as_object()) {
      const auto name = standard_names().find(std::string_view(key));
      if (name == standard_names().end()) continue;
      for (const boost::json::value& clause : clauses.as_array()) {
        procedure.clauses.push_back({std::string(name->second), std::string(clause.as_string())});
      }
    }
    return procedure;
  }
  throw harness::InternalError("no entry " + std::string(id) + " in the security catalogue");
}

std::vector<harness::Variant> over_each_interface() {
  return {{"tcp", "over TCP", {"interface.tcp"}},
          {"optical", "over the optical port", {"interface.optical"}}};
}

harness::Procedure security_procedure(std::string_view id, void (*change)(harness::Procedure&),
                                      void (*body)(Context&)) {
  harness::Procedure declared = catalogue_entry(id);
  change(declared);
  return procedure(std::move(declared), body);
}

}  // namespace meterproof::suites
