// The public client reads every object of a dictionary; only what the meter type declares for it
// may be answered.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "devices/cosem/classes/obis_name.hpp"
#include "harness/catalogue.hpp"
#include "suites/security/catalogue_entry.hpp"
#include "suites/security/target.hpp"

namespace meterproof::suites {
namespace {

using cosem::LogicalName;

struct DictionaryEntry {
  std::uint16_t class_id;
  LogicalName name;
};

// Standard objects of electricity meters (OBIS, IEC 62056-6-1): energy, demand and instantaneous
// values, profiles, event logs, keys, network set-up, firmware.
std::vector<DictionaryEntry> obis_dictionary() {
  std::vector<DictionaryEntry> dictionary;
  for (const int quantity : {1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 13, 14, 21, 22, 23, 24,
                             31, 32, 33, 41, 42, 43, 51, 52, 53, 61, 62, 63, 71, 72, 73}) {
    for (const int kind : {2, 4, 6, 7, 8, 9, 29}) {
      for (const int tariff : {0, 1}) {
        dictionary.push_back(
            {3,
             {{1, 0, static_cast<std::uint8_t>(quantity), static_cast<std::uint8_t>(kind),
               static_cast<std::uint8_t>(tariff), 255}}});
      }
    }
  }
  for (const LogicalName& name :
       {LogicalName{{1, 0, 99, 1, 0, 255}}, LogicalName{{1, 0, 99, 2, 0, 255}},
        LogicalName{{0, 0, 99, 98, 0, 255}}, LogicalName{{0, 0, 99, 98, 1, 255}},
        LogicalName{{0, 0, 99, 98, 4, 255}}, LogicalName{{1, 0, 98, 1, 0, 255}}}) {
    dictionary.push_back({7, name});
  }
  for (const auto& [class_id, name] :
       std::initializer_list<DictionaryEntry>{{1, {{0, 0, 96, 1, 0, 255}}},
                                              {1, {{0, 0, 96, 1, 1, 255}}},
                                              {1, {{1, 0, 0, 2, 0, 255}}},
                                              {1, {{1, 0, 0, 2, 8, 255}}},
                                              {1, {{0, 0, 96, 7, 0, 255}}},
                                              {1, {{0, 0, 96, 11, 0, 255}}},
                                              {1, {{0, 0, 96, 50, 0, 255}}},
                                              {64, {{0, 0, 43, 0, 0, 255}}},
                                              {70, {{0, 0, 96, 3, 10, 255}}},
                                              {71, {{0, 0, 17, 0, 0, 255}}},
                                              {18, {{0, 0, 44, 0, 0, 255}}},
                                              {40, {{0, 0, 25, 9, 0, 255}}},
                                              {41, {{0, 0, 25, 0, 0, 255}}},
                                              {42, {{0, 0, 25, 1, 0, 255}}},
                                              {8, {{0, 0, 1, 0, 0, 255}}},
                                              {1, {{0, 0, 42, 0, 0, 255}}},
                                              {1, {{0, 0, 43, 1, 0, 255}}}}) {
    dictionary.push_back({class_id, name});
  }
  return dictionary;
}

void public_client_reads_everything(Context& ctx) {
  Target target(ctx, ctx.variant());
  const std::string client_name = target.client_with("none");
  target.control_before(client_name);

  const bench::DeclaredClient& declared = *ctx.type().client(client_name);
  const auto allowed = [&](const LogicalName& name) {
    // The current association's own object is readable by everybody who is in it (IEC 62056-6-2).
    if (name.groups[0] == 0 && name.groups[2] == 40) return true;
    return std::any_of(declared.may_read.begin(), declared.may_read.end(),
                       [&](const std::string& pattern) {
                         return pattern == "*" || LogicalName::parse(pattern) == name;
                       });
  };

  ctx.step("reading the dictionary as the public client");
  auto session = target.login(client_name);
  ctx.require(session.has_value(), "public_association", said(session));
  int asked = 0, answered = 0;
  std::string undeclared;
  for (const DictionaryEntry& entry : obis_dictionary()) {
    if (asked % 50 == 0) ctx.step(fmt::format("{} objects asked for", asked));
    ++asked;
    auto value = session->get({entry.class_id, entry.name, 2}, target.deadline(), ctx.stop());
    if (!value) {
      if (!cosem::is_refusal(value.error())) {  // the meter ended the association: open it again
        session = target.login(client_name);
        if (!session) break;
      }
      continue;
    }
    ++answered;
    if (!allowed(entry.name)) {
      if (!undeclared.empty()) undeclared += "; ";
      undeclared +=
          cosem::classes::describe(cosem::AttributeDescriptor{entry.class_id, entry.name, 2});
    }
  }
  if (session) (void)session->close(target.deadline(), ctx.stop());
  ctx.property("objects_asked", std::to_string(asked));
  ctx.property("objects_answered", std::to_string(answered));
  ctx.require(asked == static_cast<int>(obis_dictionary().size()), "whole_dictionary_asked",
              fmt::format("{} of {}", asked, obis_dictionary().size()));
  ctx.expect(undeclared.empty(), "only_declared_objects",
             undeclared.empty()
                 ? fmt::format("{} of {} objects answered, all declared", answered, asked)
                 : "readable but not declared: " + undeclared);
  ctx.exercised(fmt::format("GET of {} standard objects over {}", asked, target.interface()));
  target.control_after(client_name);
}

const harness::Registration k_sec_acl_002{security_procedure(
    "SEC_ACL_002",
    [](harness::Procedure& p) {
      p.needs = {"auth.none"};
      p.variants = over_each_interface();
      p.not_exercised = {{"objects named only in the meter's own object_list",
                          "the list is not walked yet; the dictionary of standard names is"}};
      p.mutants = {{"MUT_ACL_002", "only_declared_objects", {}}};
    },
    public_client_reads_everything)};

}  // namespace
}  // namespace meterproof::suites
