// Numbers of I-frames: what came twice is not done twice, what is out of sequence is not done at
// all, and an N(R) for a frame that was never sent is an error.
#include <fmt/format.h>

#include "harness/catalogue.hpp"
#include "suites/conformance/hdlc_check.hpp"

namespace meterproof::suites::conf_hdlc_006 {
namespace {

using hdlc::Bytes;
using hdlc::FrameKind;
namespace r = reaction;

const harness::Clause k_transfer{"IEC 62056-46:2007", "6.4.4.4.4"};
const harness::Clause k_recovery{"IEC 62056-46:2007", "6.4.4.4.5"};
const harness::Clause k_reject{"ISO/IEC 13239:2002", "5.5.3.4.2"};

Bytes aarq_message(HdlcProbe& probe) {
  return with_llc(aarq_of(probe.target(), probe.target().client_with("none")));
}

// The AARE is sent again under its old number, or the meter says what it expects; a second AARE
// under a new number says that the AARQ was executed twice.
void same_frame_twice(HdlcProbe& probe) {
  Context& ctx = probe.target().context();
  const hdlc::Frame frame = probe.information(aarq_message(probe));
  const Reaction first = probe.send(frame, true);
  ctx.control_before("aarq_answered", first.has(FrameKind::information), first.text());
  const Reaction second = probe.send(frame, false);
  // What acknowledges the first answer makes room for another one.
  const Reaction polled = probe.send(probe.receive_ready(), true);
  bool again = false;
  for (const Reaction& reaction : {second, polled}) {
    for (const hdlc::Frame& answer : reaction.frames) {
      again = again || (answer.kind() == FrameKind::information &&
                        answer.send_number() != first.frames.front().send_number());
    }
  }
  ctx.expect(!again, "not_executed_again",
             "the second time: " + second.text() + ", polled: " + polled.text());
  ctx.expect(probe.connected(), "state_after", "RR with P");
}

// The same request, N(S) as the meter expects it and the answer acknowledged, nine times: the
// numbers pass 7.
void numbers_wrap(HdlcProbe& probe) {
  Context& ctx = probe.target().context();
  const std::string client = probe.target().client_with("none");
  (void)probe.exchange(aarq_of(probe.target(), client));
  const Bytes get = cosem::encode_apdu(cosem::GetRequestNormal{.attribute = objects::clock()});
  int answered = 0;
  for (int i = 0; i < 9; ++i) answered += probe.exchange(get).empty() ? 0 : 1;
  ctx.expect(answered == 9, "numbers_pass_seven", fmt::format("{} of 9 requests", answered));
}

std::vector<HdlcCheck> checks() {
  return {
      {"same_frame_twice",
       "the same I-frame twice",
       k_recovery,
       true,
       {},
       0,
       After::either,
       same_frame_twice},
      {"numbers_wrap",
       "nine requests in one connection",
       k_transfer,
       true,
       {},
       0,
       After::either,
       numbers_wrap},
      {"wrong_send_number",
       "an AARQ with N(S) 3 instead of 0",
       k_recovery,
       true,
       [](HdlcProbe& probe) {
         probe.set_send_number(3);
         return hdlc::encode(probe.information(aarq_message(probe)));
       },
       r::k_rr | r::k_frmr | r::k_silence,
       After::either,
       {}},
      {"wrong_receive_number",
       "RR with an N(R) of a frame never sent",
       k_reject,
       true,
       [](HdlcProbe& probe) {
         return hdlc::encode(
             {probe.server, probe.client, hdlc::receive_ready_control(5, true), false, {}});
       },
       r::k_frmr | r::k_dm | r::k_silence,
       After::either,
       {}},
      {"wrong_receive_number_in_i",
       "an AARQ with an N(R) of a frame never sent",
       k_reject,
       true,
       [](HdlcProbe& probe) {
         return hdlc::encode({probe.server, probe.client, hdlc::information_control(0, 5, true),
                              false, aarq_message(probe)});
       },
       r::k_frmr | r::k_dm | r::k_silence,
       After::either,
       {}},
      {"receive_not_ready",
       "RNR with P: the meter answers and goes on",
       k_transfer,
       true,
       [](HdlcProbe& probe) {
         return hdlc::encode(
             {probe.server, probe.client, hdlc::receive_not_ready_control(0, true), false, {}});
       },
       r::k_rr,
       After::connected,
       {}},
  };
}

const harness::Registration k_registration{hdlc_procedure(
    {.id = "CONF_HDLC_006",
     .title = "HDLC: sequence numbers",
     .objective = "a repeated I-frame is not executed again, one out of sequence not at all, and "
                  "an impossible N(R) is refused",
     .severity = harness::Severity::high,
     .mutants = {{"CONF_HDLC_REPEAT", "not_executed_again", {"same_frame_twice"}},
                 {"CONF_HDLC_NR", "reaction", {"wrong_receive_number"}}}},
    checks())};

}  // namespace
}  // namespace meterproof::suites::conf_hdlc_006
