// What SNRM proposes and UA settles: never more than was proposed, the defaults where nothing was
// said, and kept afterwards in every frame.
#include <fmt/format.h>

#include "harness/catalogue.hpp"
#include "suites/conformance/hdlc_check.hpp"

namespace meterproof::suites::conf_hdlc_003 {
namespace {

using hdlc::FrameKind;
using hdlc::Parameters;

const harness::Clause k_negotiation{"IEC 62056-46:2007", "6.4.4.4.3.2"};
const harness::Clause k_windows{"IEC 62056-46:2007", "6.4.4.4.5"};

std::string text(const Parameters& p) {
  return fmt::format("transmit {} x {}, receive {} x {}", p.transmit_octets, p.transmit_window,
                     p.receive_octets, p.receive_window);
}

// The UA's values are the server's: what it transmits we receive.
void settles_within(HdlcProbe& probe, const Parameters& proposal) {
  Context& ctx = probe.target().context();
  ctx.expect(probe.connect(proposal), "snrm_gets_ua", "proposed: " + text(proposal));
  const Parameters& settled = probe.negotiated();
  ctx.expect(settled.transmit_octets <= proposal.receive_octets &&
                 settled.transmit_window <= proposal.receive_window &&
                 settled.receive_octets <= proposal.transmit_octets &&
                 settled.receive_window <= proposal.transmit_window,
             "ua_within_proposal", "settled: " + text(settled));
  ctx.property("settled", text(settled));
}

// A long answer in segments: every frame within the length, every burst within the window, the
// whole a valid answer.
void keeps_to_it(HdlcProbe& probe, const Parameters& proposal) {
  settles_within(probe, proposal);
  Context& ctx = probe.target().context();
  const std::string client = probe.target().client_with("none");
  const cosem::Bytes aarq = aarq_of(probe.target(), client);
  const hdlc::Bytes message = with_llc(aarq);
  std::size_t longest = 0, most = 0;
  hdlc::Bytes whole;
  Reaction answer;
  const std::size_t room = probe.negotiated().receive_octets;
  for (std::size_t at = 0; at < message.size(); at += room) {
    const std::size_t size = std::min(room, message.size() - at);
    const auto part = hdlc::BytesView(message).subspan(at, size);
    answer =
        probe.send(probe.information({part.begin(), part.end()}, at + size < message.size()), true);
  }
  for (int polls = 0; polls < 200; ++polls) {
    std::size_t burst = 0;
    bool more = !answer.silent();
    for (const hdlc::Frame& frame : answer.frames) {
      if (frame.kind() != FrameKind::information) continue;
      ++burst;
      longest = std::max(longest, frame.information.size());
      whole.insert(whole.end(), frame.information.begin(), frame.information.end());
      more = frame.segmented;
    }
    most = std::max(most, burst);
    if (!more) break;
    answer = probe.send(probe.receive_ready(), true);
  }
  ctx.expect(longest > 0 && longest <= probe.negotiated().transmit_octets, "length_kept",
             fmt::format("longest information field: {} octets", longest));
  ctx.expect(most <= probe.negotiated().transmit_window, "window_kept",
             fmt::format("most frames in one burst: {}", most));
  whole.erase(whole.begin(),
              whole.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(3, whole.size())));
  const auto decoded = cosem::decode_acse(whole);
  ctx.expect(decoded && std::holds_alternative<cosem::Aare>(*decoded), "answer_is_whole",
             decoded ? "AARE" : said(decoded));
}

HdlcCheck proposing(std::string name, std::string title, Parameters proposal) {
  return {std::move(name),
          std::move(title),
          k_negotiation,
          false,
          {},
          0,
          After::either,
          [proposal](HdlcProbe& probe) { keeps_to_it(probe, proposal); }};
}

std::vector<HdlcCheck> checks() {
  std::vector<HdlcCheck> all{
      proposing("nothing", "no parameters: the defaults of 128 octets and one frame", {}),
      proposing("short", "32 octets", {32, 32, 1, 1}),
      proposing("uneven", "64 octets to the client, 128 from it", {128, 64, 1, 1}),
      proposing("largest", "2030 octets and seven frames", {2030, 2030, 7, 7}),
      proposing("window_4", "a window of four short frames", {32, 32, 4, 4})};
  all.back().clause = k_windows;
  return all;
}

const harness::Registration k_registration{hdlc_procedure(
    {.id = "CONF_HDLC_003",
     .title = "HDLC: negotiation of length and window",
     .objective = "the UA settles no more than the SNRM proposed, and the station keeps to it",
     .severity = harness::Severity::medium,
     .mutants = {{"CONF_HDLC_UA", "ua_within_proposal", {"short"}},
                 {"CONF_HDLC_WINDOW", "window_kept", {"short"}}}},
    checks())};

}  // namespace
}  // namespace meterproof::suites::conf_hdlc_003
