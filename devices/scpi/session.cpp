#include "devices/scpi/session.hpp"

#include <array>
#include <span>
#include <utility>

#include "devices/scpi/message.hpp"
#include "devices/scpi/profile.hpp"
#include "harness/errors.hpp"

namespace meterproof::scpi {
namespace {

constexpr std::size_t k_longest_answer = 1 << 20;
constexpr int k_most_queued_errors = 40;

}  // namespace

Session::Session(std::string name, std::string url, std::string terminator, std::string errors,
                 std::shared_ptr<link::Transcript> transcript)
    : name_(std::move(name)),
      url_(std::move(url)),
      terminator_(std::move(terminator)),
      errors_(std::move(errors)),
      transcript_(std::move(transcript)) {}

void Session::fault(const std::string& message) const {
  throw harness::BenchError(name_ + " (" + url_ + "): " + message);
}

void Session::lost(const harness::Error& error, const std::string& doing) {
  link_.reset();
  if (error == link::LinkError::cancelled) throw harness::Cancelled(name_ + ": stopped");
  fault(doing + ": " + error.message());
}

void Session::send(const std::string& line, harness::Deadline deadline,
                   const std::stop_token& stop) {
  if (!link_) {
    auto opened = link::open(url_, {deadline, stop, transcript_});
    if (!opened) lost(opened.error(), "cannot connect");
    link_ = std::move(*opened);
  }
  const std::string bytes = line + terminator_;
  const auto sent = link_->write(std::as_bytes(std::span(bytes)), deadline, stop);
  if (!sent) lost(sent.error(), "cannot send '" + line + "'");
}

std::string Session::receive(harness::Deadline deadline, const std::stop_token& stop) {
  std::string answer;
  std::array<std::byte, 4096> buffer;
  while (true) {
    const auto got = link_->read(buffer, deadline, stop);
    if (!got) lost(got.error(), "no answer");
    answer.append(reinterpret_cast<const char*>(buffer.data()), *got);
    const auto end = answer.find('\n');
    if (end != std::string::npos) {
      if (end + 1 != answer.size()) {
        link_.reset();
        fault("more than one line came for one query");
      }
      answer.pop_back();
      if (answer.ends_with('\r')) answer.pop_back();
      return answer;
    }
    if (answer.size() > k_longest_answer) {
      link_.reset();
      fault("an answer without end");
    }
  }
}

void Session::raise_queued_errors(const std::string& after, harness::Deadline deadline,
                                  const std::stop_token& stop) {
  if (errors_.empty()) return;
  std::string all;
  for (int n = 0; n < k_most_queued_errors; ++n) {
    send(errors_, deadline, stop);
    const std::string answer = receive(deadline, stop);
    const auto code = parse_number(split_answer(answer).front());
    if (code && *code == 0) break;
    all += (all.empty() ? "" : "; ") + answer;
    if (!code) break;
  }
  if (!all.empty()) fault("'" + after + "' was refused: " + all);
}

void Session::command(const std::vector<std::string>& lines, harness::Deadline deadline,
                      std::stop_token stop) {
  const std::lock_guard lock(mutex_);
  std::string all;
  for (const auto& line : lines) {
    send(line, deadline, stop);
    all += (all.empty() ? "" : " | ") + line;
  }
  raise_queued_errors(all, deadline, stop);
}

std::string Session::query(const std::string& line, harness::Deadline deadline,
                           std::stop_token stop, bool check) {
  const std::lock_guard lock(mutex_);
  send(line, deadline, stop);
  // A query that an instrument refuses has no answer; asking for the error in the same breath would
  // not be portable, so silence is reported as silence.
  std::string answer = receive(deadline, stop);
  if (check) raise_queued_errors(line, deadline, stop);
  return answer;
}

}  // namespace meterproof::scpi
