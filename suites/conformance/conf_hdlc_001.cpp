// The two modes of a secondary station: disconnected until SNRM, connected until DISC, and nothing
// but SNRM and DISC moves it.
#include "devices/hdlc/llc.hpp"
#include "harness/catalogue.hpp"
#include "suites/conformance/hdlc_check.hpp"

namespace meterproof::suites::conf_hdlc_001 {
namespace {

using hdlc::FrameKind;
namespace r = reaction;

const harness::Clause k_modes{"IEC 62056-46:2007", "6.4.4.4"};
const harness::Clause k_commands{"IEC 62056-46:2007", "6.4.3"};

void walk(HdlcProbe& probe) {
  Context& ctx = probe.target().context();
  ctx.expect(probe.connect(), "snrm_gets_ua", "SNRM while disconnected");
  ctx.expect(probe.connected(), "connected_after_snrm", "RR with P");
  const Reaction left = probe.send(probe.unnumbered(FrameKind::disconnect), true);
  ctx.expect(left.kind() == FrameKind::unnumbered_acknowledge, "disc_gets_ua", left.text());
  const Reaction poll = probe.send(probe.receive_ready(), false);
  ctx.expect(poll.silent() || poll.kind() == FrameKind::disconnected_mode,
             "disconnected_after_disc", "RR with P: " + poll.text());
}

// On a line with one primary a second SNRM says that it has lost its state: numbers start anew.
void snrm_twice(HdlcProbe& probe) {
  Context& ctx = probe.target().context();
  const std::string client = probe.target().client_with("none");
  const hdlc::Bytes answer = probe.exchange(aarq_of(probe.target(), client));
  ctx.control_before("aarq_answered", !answer.empty(), "in the first connection");
  ctx.expect(probe.connect(), "snrm_gets_ua", "SNRM while connected");
  const Reaction poll = probe.send(probe.receive_ready(), true);
  ctx.expect(poll.kind() == FrameKind::receive_ready && poll.frames.back().receive_number() == 0,
             "numbers_start_anew",
             poll.kind() == FrameKind::receive_ready
                 ? "N(R) = " + std::to_string(poll.frames.back().receive_number())
                 : poll.text());
}

std::vector<HdlcCheck> checks() {
  return {
      {"walk", "SNRM, RR, DISC, RR", k_modes, false, {}, 0, After::either, walk},
      {"snrm_twice", "SNRM again", k_modes, true, {}, 0, After::either, snrm_twice},
      {"disc_in_ndm",
       "DISC while disconnected",
       k_modes,
       false,
       [](HdlcProbe& probe) { return hdlc::encode(probe.unnumbered(FrameKind::disconnect)); },
       r::k_dm,
       After::disconnected,
       {}},
      {"rr_in_ndm",
       "RR while disconnected",
       k_modes,
       false,
       [](HdlcProbe& probe) { return hdlc::encode(probe.receive_ready()); },
       r::k_dm | r::k_silence,
       After::disconnected,
       {}},
      {"aarq_in_ndm",
       "AARQ in an I-frame without SNRM",
       k_modes,
       false,
       [](HdlcProbe& probe) {
         const hdlc::Bytes aarq = aarq_of(probe.target(), probe.target().client_with("none"));
         return hdlc::encode(probe.information(with_llc(aarq)));
       },
       r::k_dm | r::k_silence,
       After::disconnected,
       {}},
      {"unknown_in_ndm",
       "an unknown command while disconnected",
       k_commands,
       false,
       [](HdlcProbe& probe) {
         return hdlc::encode({probe.server, probe.client, 0xFF, false, {}});
       },
       r::k_dm | r::k_silence,
       After::disconnected,
       {}},
      {"ua_from_client",
       "UA, which only a secondary sends, while connected",
       k_commands,
       true,
       [](HdlcProbe& probe) {
         return hdlc::encode(probe.unnumbered(FrameKind::unnumbered_acknowledge));
       },
       r::k_frmr | r::k_dm | r::k_silence,
       After::either,
       {}},
  };
}

const harness::Registration k_registration{hdlc_procedure(
    {.id = "CONF_HDLC_001",
     .title = "HDLC: disconnected and connected mode",
     .objective = "SNRM and DISC alone move the station between its two modes; nothing is served "
                  "while it is disconnected",
     .severity = harness::Severity::high,
     .mutants = {{"CONF_HDLC_DISC", "disconnected_after_disc", {"walk"}},
                 {"CONF_HDLC_NDM", "reaction", {"aarq_in_ndm"}}}},
    checks())};

}  // namespace
}  // namespace meterproof::suites::conf_hdlc_001
