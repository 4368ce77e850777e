// The pieces of reading a bench file, one table each. All problems are collected in Reading, with
// the lines that later checks across tables need.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/bench/bench_file.hpp"
#include "harness/bench/table_reader.hpp"

namespace meterproof::bench {

struct Reading {
  const Vocabulary& vocabulary;
  Problems& problems;
  std::map<std::string, std::shared_ptr<const MeterType>> types;  // null: has problems
  std::map<std::string, std::string> link_owners;                 // URL -> "position p01 (line 12)"
  std::map<std::string, std::string> pulse_owners;                // "counter 1" -> likewise
  std::map<std::string, int> position_lines;
  int time_scale_line = 0;
  std::map<std::string, int> envelope_lines;  // by key
  std::vector<TableReader::Item> make_safe;
};

Safety read_safety(const TomlNode& node, Reading& reading);
Instrument read_instrument(const TomlNode& node, const std::string& table,
                           const std::vector<std::string>& drivers, Reading& reading);
// After the pulse inputs are known.
Position read_position(const TomlNode& node, const std::vector<Instrument>& pulse_inputs,
                       Reading& reading);
// What holds between tables: make-safe order, time scale, envelope.
void check_whole(const Bench& bench, Reading& reading);

// "link" of a table: well-formed, and not in use by another owner.
std::string read_link(TableReader& table, const std::string& owner, Reading& reading);

// The bench file's text. Throws ConfigError with every problem. load_bench() is this after reading
// the file; keys_by_table, if not null, receives every key the loader knows.
Bench read_bench(std::string_view text, const std::string& file, const Vocabulary& vocabulary,
                 std::map<std::string, std::set<std::string>>* keys_by_table = nullptr);

}  // namespace meterproof::bench
