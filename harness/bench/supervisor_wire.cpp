#include "harness/bench/supervisor_wire.hpp"

#include <charconv>
#include <sstream>

#include "harness/bench/small_file.hpp"

namespace meterproof::bench {

std::string encoded(const Message& message) {
  std::string text(1, static_cast<char>(message.word));
  for (const std::string& field : message.fields)
    text += std::to_string(field.size()) + ":" + field;
  return text;
}

std::optional<Message> decoded(std::string_view datagram) {
  constexpr std::string_view k_words = "haogurdf";
  if (datagram.empty() || k_words.find(datagram.front()) == std::string_view::npos)
    return std::nullopt;
  Message message{static_cast<Word>(datagram.front()), {}};
  datagram.remove_prefix(1);
  while (!datagram.empty()) {
    std::size_t length = 0;
    const char* end = datagram.data() + datagram.size();
    const auto [after, error] = std::from_chars(datagram.data(), end, length);
    if (error != std::errc{} || after == end || *after != ':') return std::nullopt;
    datagram.remove_prefix(static_cast<std::size_t>(after - datagram.data()) + 1);
    if (length > datagram.size()) return std::nullopt;
    message.fields.emplace_back(datagram.substr(0, length));
    datagram.remove_prefix(length);
  }
  return message;
}

Message arm_message(const std::vector<OffCommand>& commands) {
  Message message{Word::arm, {}};
  for (const OffCommand& command : commands) {
    message.fields.push_back(command.url);
    message.fields.push_back(command.bytes);
    message.fields.push_back(command.expected_reply);
  }
  return message;
}

std::optional<std::vector<OffCommand>> arm_commands(const Message& message) {
  if (message.word != Word::arm || message.fields.size() % 3 != 0) return std::nullopt;
  std::vector<OffCommand> commands;
  for (std::size_t i = 0; i < message.fields.size(); i += 3)
    commands.push_back({message.fields[i], message.fields[i + 1], message.fields[i + 2]});
  return commands;
}

unsigned long long process_start_time(int pid) {
  const SmallFile file = read_small_file("/proc/" + std::to_string(pid) + "/stat", 8192);
  if (!file.content) return 0;
  // The second field, the name in parentheses, may hold blanks and parentheses.
  const std::size_t name_end = file.content->rfind(')');
  if (name_end == std::string::npos) return 0;
  std::istringstream rest(file.content->substr(name_end + 1));
  std::string skipped;
  for (int field = 3; field < 22; ++field) rest >> skipped;
  unsigned long long start = 0;
  rest >> start;
  return start;
}

}  // namespace meterproof::bench
