#include "suites/conformance/hdlc_probe.hpp"

#include <algorithm>

#include "devices/hdlc/crc.hpp"
#include "devices/hdlc/llc.hpp"

namespace meterproof::suites {

using hdlc::Bytes;
using hdlc::Frame;
using hdlc::FrameKind;

namespace {

constexpr harness::WallDuration k_shortest_wait = std::chrono::milliseconds(60);
constexpr harness::WallDuration k_longest_wait = std::chrono::milliseconds(1000);
constexpr int k_most_polls = 400;

void append_crc(Bytes& out) {
  const std::uint16_t check = hdlc::crc_x25(hdlc::BytesView(out).subspan(1));
  out.push_back(static_cast<std::byte>(check & 0xFF));
  out.push_back(static_cast<std::byte>(check >> 8));
}

}  // namespace

bool Reaction::has(FrameKind kind) const {
  return std::any_of(frames.begin(), frames.end(),
                     [&](const Frame& frame) { return frame.kind() == kind; });
}

FrameKind Reaction::kind() const {
  return frames.empty() ? FrameKind::unknown : frames.back().kind();
}

std::string Reaction::text() const {
  if (frames.empty()) return "silence";
  std::string text;
  for (const Frame& frame : frames) text += (text.empty() ? "" : " ") + to_string(frame.kind());
  return text;
}

HdlcProbe::HdlcProbe(Target& target, const std::string& client_name) : target_(target) {
  Context& ctx = target.context();
  auto way = target.meter().transport(target.interface(), client_name, target.deadline(),
                                      target.stop(), {.associate = false});
  ctx.require(way.has_value(), "line_opened", said(way));
  owner_ = std::move(*way);
  line_ = dynamic_cast<hdlc::HdlcTransport*>(owner_.get());
  ctx.require(line_ != nullptr, "interface_is_hdlc", "the interface is not framed as HDLC");
  server = line_->station().config().server;
  client = line_->station().config().client;
  (void)line_->link().discard_input();
}

Frame HdlcProbe::unnumbered(FrameKind kind, Bytes information) const {
  return {server, client, hdlc::unnumbered_control(kind), false, std::move(information)};
}

Frame HdlcProbe::receive_ready(bool poll) const {
  return {server, client, hdlc::receive_ready_control(receive_number_, poll), false, {}};
}

Frame HdlcProbe::information(Bytes octets, bool segmented, bool poll) {
  const std::uint8_t control = hdlc::information_control(send_number_, receive_number_, poll);
  send_number_ = (send_number_ + 1) & 7;
  return {server, client, control, segmented, std::move(octets)};
}

Reaction HdlcProbe::send(hdlc::BytesView octets, bool with_patience) {
  Context& ctx = target_.context();
  const auto written = line_->send_raw(octets, target_.deadline(), ctx.stop());
  ctx.require(written.has_value(), "octets_sent", said(written));
  const auto span = with_patience ? harness::WallDuration(k_answer_time) : usual_;
  Reaction reaction;
  const auto begun = harness::WallClock::now();
  // A meter that never stops sending must not keep the procedure.
  const auto most = harness::Deadline::after(k_answer_time * 4);
  while (!most.passed()) {
    auto frame = line_->receive_frame(harness::Deadline::after(span), ctx.stop());
    if (!frame) break;
    if (frame->kind() == FrameKind::information && frame->send_number() == receive_number_) {
      receive_number_ = (receive_number_ + 1) & 7;
    }
    const bool final = frame->poll_final();
    reaction.frames.push_back(std::move(*frame));
    if (final) {
      usual_ = std::clamp<harness::WallDuration>((harness::WallClock::now() - begun) * 20,
                                                 k_shortest_wait, k_longest_wait);
      break;
    }
  }
  return reaction;
}

bool HdlcProbe::connect(const hdlc::Parameters& proposal) {
  Bytes wanted;
  if (proposal != hdlc::Parameters{}) wanted = hdlc::encode_parameters(proposal);
  const Reaction answer =
      send(unnumbered(FrameKind::set_normal_response_mode, std::move(wanted)), true);
  if (answer.kind() != FrameKind::unnumbered_acknowledge) return false;
  send_number_ = receive_number_ = 0;
  const auto settled = hdlc::decode_parameters(answer.frames.back().information);
  if (!settled) return false;
  negotiated_ = *settled;
  return true;
}

Bytes HdlcProbe::collect(Reaction reaction) {
  Bytes message;
  for (int polls = 0; polls < k_most_polls; ++polls) {
    bool more = true;
    for (const Frame& frame : reaction.frames) {
      if (frame.kind() != FrameKind::information) continue;
      message.insert(message.end(), frame.information.begin(), frame.information.end());
      more = frame.segmented;
    }
    if (reaction.silent() || !more) break;
    if (!reaction.has(FrameKind::information) && !reaction.has(FrameKind::receive_ready)) break;
    reaction = send(receive_ready(), true);
  }
  constexpr std::size_t k_llc = hdlc::k_llc_response.size();
  message.erase(message.begin(),
                message.begin() + static_cast<std::ptrdiff_t>(std::min(k_llc, message.size())));
  return message;
}

Bytes HdlcProbe::exchange(const Bytes& apdu) {
  return collect(send(information(with_llc(apdu)), true));
}

bool HdlcProbe::connected() {
  const Reaction answer = send(receive_ready(), true);
  return answer.has(FrameKind::receive_ready) || answer.has(FrameKind::information);
}

Bytes raw_frame(Bytes addresses, std::uint8_t control, hdlc::BytesView information,
                std::uint8_t format) {
  const std::size_t length =
      2 + addresses.size() + 1 + 2 + (information.empty() ? 0 : information.size() + 2);
  Bytes out{hdlc::k_flag, static_cast<std::byte>(format | (length >> 8)),
            static_cast<std::byte>(length & 0xFF)};
  out.insert(out.end(), addresses.begin(), addresses.end());
  out.push_back(std::byte{control});
  append_crc(out);
  if (!information.empty()) {
    out.insert(out.end(), information.begin(), information.end());
    append_crc(out);
  }
  out.push_back(hdlc::k_flag);
  return out;
}

Bytes aarq_of(Target& target, const std::string& client) {
  const auto aarq = cosem::ClientAssociation(target.settings(client)).aarq();
  target.context().require(aarq.has_value(), "aarq", said(aarq));
  return *aarq;
}

Bytes with_llc(const Bytes& apdu) {
  Bytes octets(hdlc::k_llc_command.begin(), hdlc::k_llc_command.end());
  octets.insert(octets.end(), apdu.begin(), apdu.end());
  return octets;
}

}  // namespace meterproof::suites
