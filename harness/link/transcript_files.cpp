#include "harness/link/transcript_files.hpp"

#include <fmt/format.h>

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <ctime>
#include <filesystem>

#include "harness/errors.hpp"

namespace meterproof::link {
namespace {

// Channels are names of ours, but a file name must not be able to lead elsewhere.
std::string file_name_of(std::string channel) {
  for (char& character : channel) {
    const bool plain = (character >= 'a' && character <= 'z') ||
                       (character >= 'A' && character <= 'Z') ||
                       (character >= '0' && character <= '9') || character == '_' ||
                       character == '-' || character == '.';
    if (!plain) character = '_';
  }
  if (channel.empty() || channel.front() == '.') channel.insert(0, "_");
  return channel;
}

void append_hex(std::string& out, std::span<const std::byte> bytes) {
  constexpr std::string_view k_digits = "0123456789abcdef";
  for (const std::byte octet : bytes) {
    out += k_digits[std::to_integer<std::size_t>(octet >> 4)];
    out += k_digits[std::to_integer<std::size_t>(octet & std::byte{15})];
  }
}

std::string json_string(std::string_view text) {
  return boost::json::serialize(boost::json::string_view(text.data(), text.size()));
}

}  // namespace

std::string utc(harness::WallTime at) {
  using std::chrono::duration_cast;
  const auto wall =
      std::chrono::system_clock::now() -
      duration_cast<std::chrono::system_clock::duration>(harness::WallClock::now() - at);
  const auto micros = duration_cast<std::chrono::microseconds>(wall.time_since_epoch()).count();
  const auto seconds = static_cast<std::time_t>(micros / 1'000'000);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", parts.tm_year + 1900,
                     parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
                     micros % 1'000'000);
}

TranscriptFiles::TranscriptFiles(std::string directory, const harness::BenchClock* clock)
    : directory_(std::move(directory)), clock_(clock) {
  std::error_code failed;
  std::filesystem::create_directories(directory_, failed);
  if (failed) throw harness::BenchError(directory_ + ": " + failed.message());
}

void TranscriptFiles::transferred(const Transfer& transfer) {
  std::string line = fmt::format(R"({{"t":"{}","mono_ns":{})", utc(transfer.at),
                                 transfer.at.time_since_epoch().count());
  if (clock_ != nullptr) {
    line += fmt::format(R"(,"bench_ns":{})", clock_->at(transfer.at).nanoseconds);
  }
  line += fmt::format(R"(,"dir":"{}","peer":{},"connection":{},"hex":")",
                      transfer.direction == Direction::sent ? "sent" : "received",
                      json_string(transfer.peer), transfer.connection);
  append_hex(line, transfer.bytes);
  line += '"';
  if (!transfer.redactions.empty()) {
    line += R"(,"redactions":[)";
    const char* separator = "";
    for (const Redaction& redaction : transfer.redactions) {
      line += fmt::format(R"({}{{"offset":{},"length":{},"secret":{}}})", separator,
                          redaction.offset, redaction.length, json_string(redaction.secret));
      separator = ",";
    }
    line += ']';
  }
  line += "}\n";

  const std::lock_guard lock(mutex_);
  auto file = files_.find(transfer.channel);
  if (file == files_.end()) {
    file = files_
               .emplace(transfer.channel,
                        EvidenceFile(directory_ + "/" + file_name_of(transfer.channel) + ".jsonl"))
               .first;
  }
  file->second.append(line);
}

void TranscriptFiles::flush() {
  const std::lock_guard lock(mutex_);
  for (auto& [channel, file] : files_) file.flush();
}

}  // namespace meterproof::link
