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
  std::vector<Line> lines;
  for (const OffCommand& command : commands) {
    try {
      auto opened = link::open(command.url, {deadline, {}, nullptr});
      if (!opened) return command.url + ": " + opened.error().message();
      lines.push_back({command, std::move(*opened)});
    } catch (const std::exception& error) {
      return command.url + ": " + error.what();
    }
  }
  lines_ = std::move(lines);
  return "";
}

bool OffSwitch::switch_off(harness::Deadline deadline) {
  std::vector<Line*> pending;
  for (Line& line : lines_) pending.push_back(&line);
  for (;;) {
    std::erase_if(pending, [this](Line* line) { return attempt(*line); });
    if (pending.empty()) return true;
    if (deadline.passed()) return false;
    ::poll(nullptr, 0, static_cast<int>(k_pause_between_rounds.count()));
  }
}

bool OffSwitch::attempt(Line& line) {
  const std::string& url = line.command.url;
  try {
    bool fresh = false;
    // What came before (or an end that nobody noticed) must not be taken for the answer.
    if (line.link) {
      std::array<std::byte, 512> stale;
      for (;;) {
        const auto got = line.link->read(stale, harness::Deadline::after({}), {});
        if (got) continue;
        if (got.error() != make_error_code(link::LinkError::timeout)) line.link.reset();
        break;
      }
    }
    if (!line.link) {
      auto opened = link::open(url, {harness::Deadline::after(k_open_limit), {}, nullptr});
      if (!opened) {
        log_(url + ": cannot connect: " + opened.error().message());
        return false;
      }
      line.link = std::move(*opened);
      fresh = true;
    }
    const auto written = line.link->write(off_octets(line.command.bytes),
                                          harness::Deadline::after(k_write_limit), {});
    if (!written) {
      log_(url + ": cannot send: " + written.error().message());
      line.link.reset();
      return false;
    }
    if (await_reply(line,
                    harness::Deadline::after(line.command.expected_reply.empty() ? k_silent_watch
                                                                                 : k_reply_limit),
                    fresh)) {
      log_(url + ": off");
      return true;
    }
  } catch (const std::exception& error) {
    log_(url + ": " + error.what());
    line.link.reset();
  }
  return false;
}

bool OffSwitch::await_reply(Line& line, harness::Deadline deadline, bool fresh) {
  const std::string& wanted = line.command.expected_reply;
  std::string reply;
  std::array<std::byte, 512> buffer;
  for (;;) {
    const auto got = line.link->read(buffer, deadline, {});
    if (!got) {
      const bool silent = got.error() == make_error_code(link::LinkError::timeout);
      if (!silent) line.link.reset();
      if (wanted.empty() &&
          (silent || (fresh && got.error() == make_error_code(link::LinkError::closed_by_peer))))
        return true;
      log_(line.command.url + ": sent, but no confirmation: " + got.error().message());
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
      if (!reply.empty()) log_(line.command.url + ": answered something else than was awaited");
      reply.clear();
    }
  }
}

}  // namespace meterproof::bench
