// Reads a journal back. The process may have died while writing its last line, or the machine while
// the disk had only part of it: such a last line is no error, it was never acknowledged. A damaged
// line in the middle is one, and is named by its number.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

namespace meterproof::journal {

struct JournalContents {
  std::vector<boost::json::object> events;
  std::uint64_t whole_bytes = 0;  // length of the file up to the end of the last whole line
  bool torn = false;              // something came after that
};

// Total but for one thing: throws ConfigError (file:line) for a line in the middle that is no JSON
// object with the next seq and a type. name is used in messages only.
JournalContents parse_journal(std::string_view text, const std::string& name);

// Throws ConfigError when the file cannot be read, or as parse_journal does.
JournalContents read_journal_contents(const std::filesystem::path& path);
std::vector<boost::json::object> read_journal(const std::filesystem::path& path);

}  // namespace meterproof::journal
