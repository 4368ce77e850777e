#include "suites/conformance/liveness.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "devices/hdlc/hdlc_transport.hpp"

namespace meterproof::suites {
namespace {

// So many times the usual time, and at least the floor, is slow.
constexpr int k_slow_factor = 20;
constexpr harness::WallDuration k_slow_floor = std::chrono::milliseconds(1000);
constexpr std::chrono::milliseconds k_quiet_line{50};

}  // namespace

std::string_view to_string(Liveness liveness) {
  switch (liveness) {
    case Liveness::alive:
      return "alive";
    case Liveness::slow:
      return "slow";
    case Liveness::locked:
      return "locked to another client";
    case Liveness::spinning:
      return "spinning: its link answers, its application does not";
    case Liveness::deaf:
      return "deaf: it can be connected to and says nothing";
    case Liveness::dead:
      return "dead: no interface can be opened";
  }
  return "unknown";
}

Liveness judge(const LifeSigns& signs) {
  if (signs.serves) {
    const auto limit = std::max(signs.usual * k_slow_factor, k_slow_floor);
    return signs.taken > limit ? Liveness::slow : Liveness::alive;
  }
  if (signs.serves_another) return Liveness::locked;
  if (signs.link_answers || signs.sends_unasked) return Liveness::spinning;
  return signs.opens ? Liveness::deaf : Liveness::dead;
}

LifeControl::LifeControl(Target& target, std::string client)
    : target_(target), client_(std::move(client)) {
  const auto begun = harness::WallClock::now();
  target_.control_before(client_);
  usual_ = harness::WallClock::now() - begun;
}

LifeSigns LifeControl::look() const {
  LifeSigns signs;
  signs.usual = usual_;
  const auto begun = harness::WallClock::now();
  signs.serves = target_.log_in_and_read(client_).has_value();
  signs.taken = harness::WallClock::now() - begun;
  if (signs.serves) return signs;
  const auto& interfaces = target_.context().position().interfaces;
  const auto& known = interfaces.at(target_.interface()).clients;
  for (const bench::DeclaredClient& other : target_.type().clients) {
    if (other.name == client_ || other.ciphered || !known.contains(other.name)) continue;
    signs.serves_another = signs.serves_another || target_.log_in_and_read(other.name).has_value();
  }
  for (const auto& [name, interface] : interfaces) {
    auto line = target_.meter().open_link(name, target_.deadline(), target_.stop());
    if (!line) continue;
    // A line that is only there (serial, pseudo-terminal) says nothing about who is at its end, so
    // a meter without any other interface is never called dead.
    signs.opens = signs.opens || interface.framing == "wrapper" || interfaces.size() == 1;
    std::array<std::byte, 64> unasked;
    (void)(*line)->discard_input();
    const auto heard =
        (*line)->read(unasked, harness::Deadline::after(k_quiet_line), target_.stop());
    signs.sends_unasked = signs.sends_unasked || (heard && *heard > 0);
    line->reset();
    if (interface.framing != "hdlc") continue;
    auto session = target_.meter().session(name, client_, target_.deadline(), target_.stop(),
                                           {.associate = false, .learn_counter = false});
    signs.link_answers = signs.link_answers || session.has_value();
    if (session) (void)session->disconnect_transport(target_.deadline(), target_.stop());
  }
  return signs;
}

void LifeControl::after(std::string_view stimulus) {
  Context& ctx = target_.context();
  ctx.step("control: is the meter alive?");
  const harness::Deadline longest = harness::Deadline::after(target_.type().recovery);
  const auto begun = harness::WallClock::now();
  const Liveness first = judge(look());
  bool well = first == Liveness::alive;
  while (!well && !longest.passed()) {
    ctx.wait(harness::WallDuration(std::chrono::milliseconds(250)));
    well = target_.log_in_and_read(client_).has_value();
  }
  std::string detail = fmt::format("after {}: {}", stimulus, to_string(first));
  if (first != Liveness::alive) {
    const double seconds = std::chrono::duration<double>(harness::WallClock::now() - begun).count();
    detail += fmt::format("; {:.1f} s later: {}", seconds, well ? "alive" : "still so");
    ctx.property("liveness", detail);
  }
  ctx.control_after("alive", well, detail);
}

}  // namespace meterproof::suites
