// The object list that the meter shows each client is the one that its type declares.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

#include "harness/catalogue.hpp"
#include "suites/conformance/object_list_check.hpp"
#include "suites/security/catalogue_entry.hpp"
#include "suites/security/target.hpp"

namespace meterproof::suites {
namespace {

const cosem::AttributeDescriptor k_own_object_list{15, cosem::names::k_current_association, 2};
constexpr std::chrono::seconds k_list_time{20};  // hundreds of objects on a slow line

std::string listed_or(const std::vector<std::string>& found, const char* none) {
  return found.empty() ? none : fmt::format("{}", fmt::join(found, "; "));
}

void object_list_of(Context& ctx, Target& target, const bench::DeclaredClient& client,
                    std::size_t& compared) {
  ctx.step("object list of client '" + client.name + "'");
  auto session = target.login(client.name);
  ctx.require(session.has_value(), "association", client.name + ": " + said(session));
  const auto list = session->get(k_own_object_list, target.deadline(k_list_time), ctx.stop());
  (void)session->close(target.deadline(), ctx.stop());
  ctx.require(list.has_value(), "object_list_readable", client.name + ": " + said(list));
  const ObjectListFindings found = compare_object_list(target.type(), client, *list);
  compared += found.compared;
  const auto judge = [&](const std::vector<std::string>& wrong, const char* expectation,
                         const char* good) {
    ctx.expect(wrong.empty(), expectation, client.name + ": " + listed_or(wrong, good));
  };
  judge(found.malformed, "object_list_well_formed", "every element is an object_list_element");
  judge(found.missing, "declared_objects_present", "every declared object is there");
  judge(found.versions, "declared_versions", "versions as declared");
  judge(found.rights, "declared_rights", "rights as declared, as far as declared");
  if (target.type().profile->complete || target.type().object_list_complete) {
    judge(found.extra, "no_other_objects", "no object beyond the declared ones");
  } else if (!found.extra.empty()) {
    ctx.property("objects_not_declared_" + client.name, std::to_string(found.extra.size()));
  }
}

void object_lists_are_declared(Context& ctx) {
  Target target(ctx, ctx.variant());
  const bench::MarketProfile& profile = *target.type().profile;
  ctx.property("market_profile", profile.name + " (" + profile.object_list.certainty + ")");
  const std::string keyed = target.client_with("hls_gmac");
  const std::string& control = keyed.empty() ? target.type().clients.front().name : keyed;
  target.control_before(control);
  std::size_t compared = 0;
  for (const bench::DeclaredClient& client : target.type().clients)
    object_list_of(ctx, target, client, compared);
  ctx.property("objects_compared", std::to_string(compared));
  ctx.require(compared > 0, "something_compared", fmt::format("{} objects", compared));
  ctx.exercised(fmt::format("object_list of {} clients over {}", target.type().clients.size(),
                            target.interface()));
  target.control_after(control);
}

harness::Procedure conf_type_001() {
  harness::Procedure p;
  p.id = "CONF_TYPE_001";
  p.suite = "conformance";
  p.title = "Object list as the meter type declares it";
  p.objective =
      "Each client's association shows the declared objects with the declared versions and rights, "
      "and where the declared list is complete no other";
  p.severity = harness::Severity::medium;
  p.clauses = {{"IEC 62056-6-2:2021", "4.4.4 Association LN, object_list"}};
  p.needs = {"object_list"};
  p.variants = over_each_interface();
  p.not_exercised = {{"objects_list of Association SN", "the profiles at hand use logical names"},
                     {"whether the rights shown are the rights enforced",
                      "SEC_ACL_002 and SEC_ACL_003 ask for that"}};
  p.mutants = {{"CONF_TYPE_VERSION", "declared_versions", {}},
               {"CONF_TYPE_RIGHTS", "declared_rights", {}}};
  return procedure(std::move(p), object_lists_are_declared);
}

const harness::Registration k_conf_type_001{conf_type_001()};

}  // namespace
}  // namespace meterproof::suites
