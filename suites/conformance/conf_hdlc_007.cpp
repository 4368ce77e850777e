// Segments: a message may come whole or in parts, and no part may be longer than was settled nor
// the whole longer than the meter can hold.
#include <fmt/format.h>

#include "harness/catalogue.hpp"
#include "suites/conformance/hdlc_check.hpp"

namespace meterproof::suites::conf_hdlc_007 {
namespace {

using hdlc::Bytes;
using hdlc::FrameKind;
namespace r = reaction;

const harness::Clause k_segments{"IEC 62056-46:2007", "6.4.4.4.5"};
const harness::Clause k_reject{"ISO/IEC 13239:2002", "5.5.3.4.2"};

Bytes aarq(HdlcProbe& probe) { return aarq_of(probe.target(), probe.target().client_with("none")); }

bool accepts(const Bytes& answer) {
  const auto decoded = cosem::decode_acse(answer);
  const auto* aare = decoded ? std::get_if<cosem::Aare>(&*decoded) : nullptr;
  return aare != nullptr && aare->result == cosem::association_result::k_accepted;
}

void in_parts(HdlcProbe& probe, std::size_t octets) {
  Context& ctx = probe.target().context();
  const Bytes message = with_llc(aarq(probe));
  Reaction answer;
  std::string unacknowledged;
  for (std::size_t at = 0; at < message.size(); at += octets) {
    const std::size_t size = std::min(octets, message.size() - at);
    const bool more = at + size < message.size();
    const auto part = hdlc::BytesView(message).subspan(at, size);
    answer = probe.send(probe.information({part.begin(), part.end()}, more), true);
    const bool acknowledged = answer.kind() == FrameKind::receive_ready &&
                              answer.frames.back().receive_number() == probe.next_send_number();
    if (more && !acknowledged && unacknowledged.empty()) {
      unacknowledged = fmt::format("segment at octet {}: {}", at, answer.text());
    }
  }
  ctx.expect(unacknowledged.empty(), "segments_acknowledged",
             unacknowledged.empty() ? "each by RR with the next N(R)" : unacknowledged);
  ctx.expect(accepts(probe.collect(std::move(answer))), "message_understood", "AARE");
}

// Valid segments without an end: the meter's memory is bounded, and it must say so or drop them
// before an answer to nonsense.
void without_end(HdlcProbe& probe) {
  Context& ctx = probe.target().context();
  const Bytes part(std::min<std::size_t>(probe.negotiated().receive_octets, 128), std::byte{0x55});
  Reaction answer;
  int sent = 0;
  for (; sent < ctx.by_tier(100, 600, 600); ++sent) {
    answer = probe.send(probe.information(part, true), false);
    if (answer.kind() != FrameKind::receive_ready) break;
  }
  ctx.property("segments_taken", std::to_string(sent));
  ctx.expect(!answer.has(FrameKind::information), "no_answer_without_an_end", answer.text());
  ctx.expect(probe.connect(), "snrm_afterwards", fmt::format("after {} segments", sent));
  ctx.expect(accepts(probe.exchange(aarq(probe))), "serves_afterwards", "AARQ in a new connection");
}

// A connection that ends in the middle of a message takes the part that came along.
void given_up(HdlcProbe& probe) {
  Context& ctx = probe.target().context();
  const Bytes message = with_llc(aarq(probe));
  (void)probe.send(probe.information({message.begin(), message.begin() + 20}, true), true);
  ctx.expect(probe.connect(), "snrm_in_the_middle", "SNRM between two segments");
  ctx.expect(accepts(probe.exchange(aarq(probe))), "message_understood",
             "a whole AARQ in the new connection");
}

std::vector<HdlcCheck> checks() {
  return {
      {"whole",
       "AARQ in one frame",
       k_segments,
       true,
       {},
       0,
       After::either,
       [](HdlcProbe& probe) { in_parts(probe, 128); }},
      {"in_segments",
       "AARQ in segments of 16 octets",
       k_segments,
       true,
       {},
       0,
       After::either,
       [](HdlcProbe& probe) { in_parts(probe, 16); }},
      {"octet_by_octet",
       "AARQ in segments of one octet",
       k_segments,
       true,
       {},
       0,
       After::either,
       [](HdlcProbe& probe) { in_parts(probe, 1); }},
      {"given_up",
       "a message given up in the middle",
       k_segments,
       true,
       {},
       0,
       After::either,
       given_up},
      {"too_long",
       "an I-frame longer than was settled",
       k_reject,
       true,
       [](HdlcProbe& probe) {
         Bytes message = with_llc(aarq(probe));
         message.resize(probe.negotiated().receive_octets + std::size_t{1});
         return hdlc::encode(probe.information(std::move(message)));
       },
       r::k_frmr | r::k_dm | r::k_silence,
       After::either,
       {}},
      {"without_end",
       "segments without an end",
       k_segments,
       true,
       {},
       0,
       After::either,
       without_end},
  };
}

const harness::Registration k_registration{hdlc_procedure(
    {.id = "CONF_HDLC_007",
     .title = "HDLC: segmentation",
     .objective = "messages are understood in segments of any length, each acknowledged; a frame "
                  "longer than settled and a message without end are not taken",
     .severity = harness::Severity::high,
     .mutants = {{"CONF_HDLC_LONG", "reaction", {"too_long"}},
                 {"CONF_HDLC_SEGMENTS", "message_understood", {"given_up"}}}},
    checks())};

}  // namespace
}  // namespace meterproof::suites::conf_hdlc_007
