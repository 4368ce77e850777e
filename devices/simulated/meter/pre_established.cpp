#include "devices/simulated/meter/pre_established.hpp"

#include "devices/simulated/meter/objects.hpp"

namespace meterproof::simulated {
namespace {

// What answers without the association's own negotiation may be long: what a UI frame carries.
constexpr std::size_t k_longest_unnumbered_answer = 1990;

}  // namespace

void establish_without_aarq(Session& session, std::vector<Role>& roles,
                            const bench::MeterType& type, std::uint16_t client_sap,
                            cosem::BytesView request) {
  if (session.phase != Session::Phase::none) return;
  for (Role& role : roles) {
    const bench::DeclaredClient* declared = type.client(role.name);
    if (role.client_sap != client_sap || declared == nullptr || !declared->pre_established) {
      continue;
    }
    if (role.ciphered) {
      const auto parsed = cosem::parse_ciphered(request);
      if (!parsed || !parsed->title || role.key_sets.empty()) return;
      session.client_title = *parsed->title;
      session.keys = &role.key_sets.front();
    }
    session.client_sap = client_sap;
    session.role = &role;
    session.conformance = meter_conformance();
    session.longest_pdu = k_meter_max_pdu;
    session.longest_answer = k_longest_unnumbered_answer;
    session.phase = Session::Phase::open;
    return;
  }
}

}  // namespace meterproof::simulated
