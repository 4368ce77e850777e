// Damaged HDLC frames must be dropped: no answer to a wrong check sequence, no state lost, the next
// valid exchange works.
#include <fmt/format.h>

#include <algorithm>

#include "devices/hdlc/hdlc_transport.hpp"
#include "harness/catalogue.hpp"
#include "suites/security/catalogue_entry.hpp"
#include "suites/security/target.hpp"

namespace meterproof::suites {
namespace {

using hdlc::Bytes;

struct DamagedFrame {
  std::string name;
  Bytes octets;
};

std::vector<DamagedFrame> damaged_frames(const Bytes& good, std::mt19937_64& random, int mutants) {
  const auto changed = [&](std::size_t octet, unsigned mask) {
    Bytes bad = good;
    bad.at(octet) ^= static_cast<std::byte>(mask);
    return bad;
  };
  const std::size_t n = good.size();
  std::vector<DamagedFrame> all{
      {"frame check sequence, first octet", changed(n - 3, 0x01)},
      {"frame check sequence, second octet", changed(n - 2, 0x80)},
      {"frame check sequence zero", good},
      {"format type", changed(1, 0x10)},
      {"segmentation bit set", changed(1, 0x08)},
      {"length one too long", changed(2, 0x01)},
      {"length 2047", good},
      {"control octet unknown", changed(n - 4, 0x0C)},
      {"closing flag replaced", changed(n - 1, 0x7E)},
      {"cut in half", Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(n / 2))}};
  all[2].octets[n - 3] = all[2].octets[n - 2] = std::byte{0};
  all[6].octets[1] = std::byte{0xA7};
  all[6].octets[2] = std::byte{0xFF};
  std::uniform_int_distribution<std::size_t> octet(1, n - 2);
  std::uniform_int_distribution<unsigned> bit(0, 7);
  for (int i = 0; i < mutants; ++i) {
    Bytes bad = good;
    const auto first = octet(random), second = octet(random);
    bad[first] ^= static_cast<std::byte>(1u << bit(random));
    bad[second] ^= static_cast<std::byte>(1u << bit(random));
    if (bad != good) all.push_back({fmt::format("seeded mutant {}", i), std::move(bad)});
  }
  return all;
}

// Flags end whatever the damaged frame began, so that it cannot swallow the next one.
Bytes with_flags(Bytes octets) {
  octets.insert(octets.end(), 4, hdlc::k_flag);
  return octets;
}

void damaged_hdlc(Context& ctx) {
  Target target(ctx, "optical");
  const std::string client = target.client_with("none");
  target.control_before(client);

  auto session = target.connect(client);
  ctx.require(session.has_value(), "connected", said(session));
  auto* transport = dynamic_cast<hdlc::HdlcTransport*>(&session->transport());
  ctx.require(transport != nullptr, "interface_is_hdlc",
              "the optical interface is not framed as HDLC");

  // The honest frame: a receive-ready poll, which a station in normal response mode answers at
  // once.
  Bytes good;
  transport->interceptors().octets_out = [&](hdlc::Bytes& octets) { good = octets; };
  hdlc::Frame poll;
  poll.destination = transport->station().config().server;
  poll.source = transport->station().config().client;
  poll.control = hdlc::receive_ready_control(0, true);
  const harness::WallTime begun = harness::WallClock::now();
  const auto sent = transport->send_frame(poll, target.deadline(), ctx.stop());
  const auto answer = transport->receive_frame(target.deadline(), ctx.stop());
  const auto round_trip = harness::WallClock::now() - begun;
  transport->interceptors().octets_out = {};
  ctx.control_before("valid_frame_answered", sent && answer, said(answer));
  const auto silence = std::clamp<harness::WallDuration>(
      round_trip * 20, std::chrono::milliseconds(60), std::chrono::milliseconds(1000));

  std::mt19937_64 random = ctx.random("mutants");
  const auto damaged = damaged_frames(good, random, ctx.by_tier(15, 1000, 1000));
  std::string answered;
  for (const DamagedFrame& frame : damaged) {
    ctx.step(frame.name);
    const auto written =
        transport->send_raw(with_flags(frame.octets), target.deadline(), ctx.stop());
    ctx.require(written.has_value(), "damaged_frame_sent", said(written));
    const auto reply = transport->receive_frame(harness::Deadline::after(silence), ctx.stop());
    if (reply && reply->kind() != hdlc::FrameKind::frame_reject &&
        reply->kind() != hdlc::FrameKind::disconnected_mode) {
      answered += fmt::format("{}{} -> {}", answered.empty() ? "" : "; ", frame.name,
                              hdlc::to_string(reply->kind()));
    }
  }
  ctx.exercised(fmt::format("{} damaged frames in normal response mode", damaged.size()));

  ctx.step("noise without frames");
  Bytes noise(ctx.by_tier<std::size_t>(512, 2048, 2048));
  std::generate(noise.begin(), noise.end(), [&] { return static_cast<std::byte>(random()); });
  const auto noise_sent = transport->send_raw(with_flags(noise), target.deadline(), ctx.stop());
  ctx.require(noise_sent.has_value(), "noise_sent", said(noise_sent));
  while (transport->receive_frame(harness::Deadline::after(silence), ctx.stop())) {
  }
  ctx.exercised(fmt::format("{} octets of noise", noise.size()));

  ctx.expect(answered.empty(), "damaged_frames_are_dropped",
             answered.empty() ? fmt::format("{} frames, no answer", damaged.size())
                              : "answered: " + answered);
  ctx.step("the next valid frame");
  const auto resent = transport->send_frame(poll, target.deadline(), ctx.stop());
  const auto still = transport->receive_frame(target.deadline(), ctx.stop());
  ctx.expect(resent && still && still->kind() == hdlc::FrameKind::receive_ready, "state_is_kept",
             still ? hdlc::to_string(still->kind()) : said(still));
  (void)session->disconnect_transport(target.deadline(), ctx.stop());
  target.control_after(client);
}

const harness::Registration k_sec_hdlc_001{security_procedure(
    "SEC_HDLC_001",
    [](harness::Procedure& p) {
      p.needs = {"auth.none"};
      p.declaration.interfaces = {"optical"};
      p.declaration.disturbs = harness::Disturbs::communication;
      p.variants = {{"optical", "over the optical port", {}}};
      p.not_exercised = {
          {"parity and framing errors of the line", "a pseudo-terminal carries none"}};
      p.mutants = {{"MUT_HDLC_001", "damaged_frames_are_dropped", {}}};
    },
    damaged_hdlc)};

}  // namespace
}  // namespace meterproof::suites
