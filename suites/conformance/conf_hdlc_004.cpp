// Addresses: a station answers frames for itself in every length the standard knows, and no others.
#include "harness/catalogue.hpp"
#include "suites/conformance/hdlc_check.hpp"

namespace meterproof::suites::conf_hdlc_004 {
namespace {

using hdlc::Address;
using hdlc::Bytes;
using hdlc::FrameKind;
namespace r = reaction;

const harness::Clause k_structure{"IEC 62056-46:2007", "6.4.2.2"};
const harness::Clause k_special{"IEC 62056-46:2007", "6.4.2.3"};
const harness::Clause k_lengths{"IEC 62056-46:2007", "6.4.2.5"};

std::uint8_t control_of_snrm() {
  return hdlc::unnumbered_control(FrameKind::set_normal_response_mode);
}

Bytes snrm_to(Address server, Address client) {
  return hdlc::encode({server, client, control_of_snrm(), false, {}});
}

Address physical(const HdlcProbe& probe, std::uint16_t logical, std::uint16_t lower) {
  return probe.server.octets == 1 ? Address::server(logical) : Address::server(logical, lower);
}

void four_octets(HdlcProbe& probe) {
  Context& ctx = probe.target().context();
  if (probe.server.octets == 1) {
    return ctx.not_exercised("four octets", "the type declares no physical address");
  }
  probe.server = Address::server_4_octets(probe.server.upper, probe.server.lower);
  const bool answered = probe.connect();
  ctx.expect(answered, "reaction", answered ? "UA" : "no UA");
  if (answered) ctx.expect(probe.connected(), "state_after", "RR with P");
}

// Another primary speaks while a connection stands: it is told to connect first, or nothing; the
// connection is untouched.
void other_client(HdlcProbe& probe) {
  Context& ctx = probe.target().context();
  const Address own = probe.client;
  probe.client = Address::client(static_cast<std::uint8_t>(own.upper == 0x31 ? 0x32 : 0x31));
  const Reaction answer = probe.send(probe.receive_ready(), false);
  probe.client = own;
  ctx.expect(answer.silent() || answer.kind() == FrameKind::disconnected_mode, "reaction",
             answer.text());
  ctx.expect(probe.connected(), "state_after", "RR with P of the connected client");
}

HdlcCheck nobody(std::string name, std::string title, harness::Clause clause,
                 std::function<Bytes(HdlcProbe&)> stimulus) {
  return {std::move(name),     std::move(title), std::move(clause),   false,
          std::move(stimulus), r::k_silence,     After::disconnected, {}};
}

std::vector<HdlcCheck> checks() {
  return {
      {"four_octets",
       "the server's address in four octets",
       k_structure,
       false,
       {},
       0,
       After::either,
       four_octets},
      nobody("three_octets", "the server's address in three octets", k_lengths,
             [](HdlcProbe& probe) {
               Bytes addresses{std::byte{0}, static_cast<std::byte>(probe.server.upper << 1),
                               static_cast<std::byte>(probe.server.lower << 1 | 1)};
               hdlc::append_address(addresses, probe.client);
               return raw_frame(addresses, control_of_snrm());
             }),
      nobody("five_octets", "the server's address in five octets", k_lengths,
             [](HdlcProbe& probe) {
               Bytes addresses(4, std::byte{0});
               addresses.push_back(static_cast<std::byte>(probe.server.upper << 1 | 1));
               hdlc::append_address(addresses, probe.client);
               return raw_frame(addresses, control_of_snrm());
             }),
      nobody("client_two_octets", "a client's address in two octets", k_structure,
             [](HdlcProbe& probe) {
               return snrm_to(probe.server, {probe.client.upper, 1, 2});
             }),
      nobody("unknown_logical", "a logical device that does not exist", k_structure,
             [](HdlcProbe& probe) {
               return snrm_to(physical(probe, 0x55, probe.server.lower), probe.client);
             }),
      nobody("unknown_physical", "another physical device", k_structure,
             [](HdlcProbe& probe) {
               const std::uint16_t other = probe.server.lower == 0x55 ? 0x56 : 0x55;
               return probe.server.octets == 1 ? snrm_to(Address::server(0x55), probe.client)
                                               : snrm_to(physical(probe, 1, other), probe.client);
             }),
      nobody("no_station", "the no-station address", k_special,
             [](HdlcProbe& probe) { return snrm_to(physical(probe, 0, 0), probe.client); }),
      nobody("all_station", "the all-station address: nobody may answer", k_special,
             [](HdlcProbe& probe) { return snrm_to(physical(probe, 0x7F, 0x7F), probe.client); }),
      {"other_client",
       "a poll of another client during a connection",
       k_structure,
       true,
       {},
       0,
       After::either,
       other_client},
  };
}

const harness::Registration k_registration{hdlc_procedure(
    {.id = "CONF_HDLC_004",
     .title = "HDLC: addresses",
     .objective = "the station answers to its own address in each of its forms, and to no other",
     .severity = harness::Severity::medium,
     .mutants = {{"CONF_HDLC_ADDRESS", "reaction", {"unknown_logical"}}}},
    checks())};

}  // namespace
}  // namespace meterproof::suites::conf_hdlc_004
