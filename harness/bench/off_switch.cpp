#include "harness/bench/off_switch.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "harness/errors.hpp"

namespace meterproof::bench {
namespace {

using std::chrono::milliseconds;

// Together well below the second that all may take.
constexpr milliseconds k_open_limit{200};
constexpr milliseconds k_write_limit{200};
constexpr milliseconds k_reply_limit{300};
// How long a connection is watched for a late reset when no reply is to be expected.
constexpr milliseconds k_silent_watch{50};
constexpr milliseconds k_pause_between_rounds{50};

std::span<const std::byte> off_octets(const std::string& text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

}  // namespace

std::string OffSwitch::prepare(const std::vector<OffCommand>& commands,
                               harness::Deadline deadline) {
  std::vector<Instrument> instruments;
  for (const OffCommand& command : commands) {
    if (instruments.empty() || instruments.back().url != command.url) {
      try {
        auto opened = link::open(command.url, {deadline, {}, nullptr});
        if (!opened) return command.url + ": " + opened.error().message();
        instruments.push_back({command.url, {}, std::move(*opened)});
      } catch (const std::exception& error) {
        return command.url + ": " + error.what();
      }
    }
    instruments.back().commands.push_back(command);
  }
  instruments_ = std::move(instruments);
  return "";
}

bool OffSwitch::switch_off(harness::Deadline deadline) {
  std::vector<Instrument*> pending;
  for (Instrument& instrument : instruments_) {
    instrument.said.clear();
    pending.push_back(&instrument);
  }
  for (;;) {
    std::erase_if(pending, [this](Instrument* instrument) { return attempt(*instrument); });
    if (pending.empty()) return true;
    if (deadline.passed()) return false;
    ::poll(nullptr, 0, static_cast<int>(k_pause_between_rounds.count()));
  }
}

void OffSwitch::say(Instrument& instrument, const std::string& what) {
  // Attempts go on for a minute, twenty times a second: what is new is said once.
  if (instrument.said == what) return;
  instrument.said = what;
  log_(instrument.url + ": " + what);
}

bool OffSwitch::attempt(Instrument& instrument) {
  try {
    const link::Link* before = instrument.link.get();
    if (!connect(instrument)) return false;
    const bool fresh = instrument.link.get() != before;
    // A command whose effect a later question confirms is not watched for silence: whoever takes
    // over the bench meanwhile would be asked in our place, and switched off again.
    std::size_t confirming = 0;
    for (std::size_t i = 0; i < instrument.commands.size(); ++i) {
      if (!instrument.commands[i].expected_reply.empty()) confirming = i;
    }
    for (std::size_t i = 0; i < instrument.commands.size(); ++i) {
      const OffCommand& command = instrument.commands[i];
      const bool watched = i >= confirming || !command.expected_reply.empty();
      if (!send(instrument, command, fresh, watched)) return false;
    }
    say(instrument, "off");
    return true;
  } catch (const std::exception& error) {
    say(instrument, error.what());
    instrument.link.reset();
    return false;
  }
}

bool OffSwitch::connect(Instrument& instrument) {
  // What came before must not be taken for an answer, and an end that nobody noticed is found here.
  std::array<std::byte, 512> stale;
  const harness::Deadline enough = harness::Deadline::after(k_silent_watch);
  while (instrument.link && !enough.passed()) {
    const auto got = instrument.link->read(stale, harness::Deadline::after({}), {});
    if (got) continue;
    if (got.error() == make_error_code(link::LinkError::timeout)) break;
    instrument.link.reset();
  }
  if (instrument.link) return true;
  auto opened = link::open(instrument.url, {harness::Deadline::after(k_open_limit), {}, nullptr});
  if (!opened) {
    say(instrument, "cannot connect: " + opened.error().message());
    return false;
  }
  instrument.link = std::move(*opened);
  return true;
}

bool OffSwitch::send(Instrument& instrument, const OffCommand& command, bool fresh, bool watched) {
  if (!instrument.link && !connect(instrument)) return false;
  const auto written = instrument.link->write(off_octets(command.bytes),
                                              harness::Deadline::after(k_write_limit), {});
  if (written) return !watched || await_reply(instrument, command.expected_reply, fresh);
  say(instrument, "cannot send: " + written.error().message());
  instrument.link.reset();
  return false;
}

bool OffSwitch::await_reply(Instrument& instrument, const std::string& wanted, bool fresh) {
  const auto deadline = harness::Deadline::after(wanted.empty() ? k_silent_watch : k_reply_limit);
  std::string reply;
  std::array<std::byte, 512> buffer;
  for (;;) {
    const auto got = instrument.link->read(buffer, deadline, {});
    if (!got) {
      const bool silent = got.error() == make_error_code(link::LinkError::timeout);
      const bool ended = got.error() == make_error_code(link::LinkError::closed_by_peer);
      if (!silent) instrument.link.reset();
      // Some instruments hang up after each command; that is an answer only on a new connection.
      if (wanted.empty() && (silent || (fresh && ended))) return true;
      say(instrument, "sent, but no confirmation: " + got.error().message());
      return false;
    }
    if (wanted.empty()) return true;
    for (std::size_t i = 0; i < *got; ++i) {
      const char c = static_cast<char>(buffer[i]);
      if (c != '\n' && c != '\r') {
        if (reply.size() < 1024) reply += c;
        continue;
      }
      if (reply == wanted) return true;
      if (!reply.empty()) say(instrument, "answered something else than was awaited");
      reply.clear();
    }
  }
}

}  // namespace meterproof::bench
