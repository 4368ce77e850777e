#include "harness/bench/bench_file.hpp"

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <set>

#include "harness/bench/bench_reader.hpp"
#include "harness/bench/small_file.hpp"

namespace meterproof::bench {
namespace {

constexpr std::size_t k_largest_bench_file = 4 * 1024 * 1024;

std::string sha256_hex(std::string_view text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  ::SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  constexpr char k_digits[] = "0123456789abcdef";
  std::string hex;
  for (const unsigned char octet : digest) {
    hex += k_digits[octet >> 4];
    hex += k_digits[octet & 15];
  }
  return hex;
}

void read_header(const TomlNode& node, Bench& bench, Reading& reading) {
  TableReader table(node, "bench", reading.problems);
  bench.name = table.text("name", Need::required).value_or("");
  bench.time_scale = table.number("time_scale").value_or(1.0);
  reading.time_scale_line = table.line("time_scale");
  if (!(bench.time_scale > 0)) table.problem("time_scale", "is not greater than zero");
}

void read_pulse_inputs(TableReader& root, Bench& bench, Reading& reading) {
  std::set<std::string> names{"source", "reference"};
  for (const TomlNode* node : root.tables("pulse_input")) {
    Instrument input =
        read_instrument(*node, "pulse_input", reading.vocabulary.pulse_drivers, reading);
    if (!input.name.empty() && !names.insert(input.name).second)
      reading.problems.add(input.line, "instrument '" + input.name + "' exists already");
    bench.pulse_inputs.push_back(std::move(input));
  }
}

void read_positions(TableReader& root, Bench& bench, Reading& reading) {
  for (const TomlNode* node : root.tables("position")) {
    Position position = read_position(*node, bench.pulse_inputs, reading);
    const int line = node->line;
    if (const auto [first, fresh] = reading.position_lines.emplace(position.name, line);
        !fresh && !position.name.empty())
      reading.problems.add(line, "position '" + position.name + "' is already defined in line " +
                                     std::to_string(first->second));
    bench.positions.push_back(std::move(position));
  }
  if (!root.has("position"))
    reading.problems.add(0, "no [[position]]: a bench has at least one position");
}

}  // namespace

bool Bench::simulated() const {
  const auto is_simulated = [](const auto& device) { return device.simulated; };
  return source && source->simulated && reference && reference->simulated &&
         std::all_of(pulse_inputs.begin(), pulse_inputs.end(), is_simulated) &&
         std::all_of(positions.begin(), positions.end(), is_simulated);
}

Bench read_bench(std::string_view text, const std::string& file, const Vocabulary& vocabulary,
                 std::map<std::string, std::set<std::string>>* keys_by_table) {
  Problems problems(file);
  Reading reading{vocabulary, problems, {}, {}, {}, {}, 0, {}, {}};
  Bench bench;
  bench.file = file;
  bench.sha256 = sha256_hex(text);
  const TomlNode document = parse_toml(text, file);
  {
    TableReader root(document, "", problems);
    if (const TomlNode* node = root.table("bench", Need::required))
      read_header(*node, bench, reading);
    if (const TomlNode* node = root.table("safety", Need::required))
      bench.safety = read_safety(*node, reading);
    if (const TomlNode* node = root.table("source", Need::required))
      bench.source = std::make_shared<const Instrument>(
          read_instrument(*node, "source", vocabulary.source_drivers, reading));
    if (const TomlNode* node = root.table("reference", Need::required))
      bench.reference = std::make_shared<const Instrument>(
          read_instrument(*node, "reference", vocabulary.reference_drivers, reading));
    read_pulse_inputs(root, bench, reading);
    read_positions(root, bench, reading);
    check_whole(bench, reading);
  }
  if (keys_by_table) *keys_by_table = problems.keys_by_table;
  problems.raise_if_any();
  return bench;
}

Bench load_bench(const std::string& path, const Vocabulary& vocabulary) {
  const SmallFile file = read_small_file(path, k_largest_bench_file);
  if (!file.content)
    throw harness::ConfigError({path, 0, "bench file cannot be read: " + file.problem});
  return read_bench(*file.content, path, vocabulary);
}

}  // namespace meterproof::bench
