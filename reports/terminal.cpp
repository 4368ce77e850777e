#include "reports/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

#include "harness/journal/run_summary.hpp"
#include "reports/case_text.hpp"
#include "reports/text.hpp"

namespace meterproof::reports {
namespace {

std::string_view colour_of(std::string_view word) {
  if (word == "pass") return "\x1b[32m";
  if (word == "fail") return "\x1b[1;31m";
  if (word == "error") return "\x1b[1;35m";
  if (word == "inconclusive" || word == "running") return "\x1b[33m";
  return "\x1b[2m";
}

std::string painted(std::string_view text, std::string_view word, const TerminalStyle& style) {
  if (!style.colour) return std::string(text);
  return fmt::format("{}{}\x1b[0m", colour_of(word), text);
}

std::string padded(std::string_view text, std::size_t width) {
  const std::size_t used = columns(text);
  return std::string(text) + std::string(width > used ? width - used : 0, ' ');
}

// At most so many columns.
std::string fitted(std::string_view text, std::size_t width) {
  std::string line = printable_line(text);
  if (columns(line) <= width) return line;
  std::size_t bytes = 0;
  for (std::size_t seen = 0; bytes < line.size(); ++bytes) {
    const bool starts = (static_cast<unsigned char>(line[bytes]) & 0xC0) != 0x80;
    if (starts && ++seen > (width < 3 ? 0 : width - 3)) break;
  }
  return line.substr(0, bytes) + "...";
}

std::size_t width_of(const TerminalStyle& style) { return std::max<std::size_t>(style.width, 40); }

// What is worth saying beside the word.
std::string remark_on(const journal::CaseRecord& record) {
  const journal::Attempt* attempt = record.latest();
  if (attempt == nullptr) return {};
  std::string remark = attempt->verdict ? attempt->reason : "started, no verdict";
  if (remark.empty() && !attempt->measurements.empty()) {
    remark = attempt->measurements.back().summary;
  }
  if (record.attempts.size() > 1) {
    remark += fmt::format("{}(attempt {})", remark.empty() ? "" : " ", record.attempts.size());
  }
  return remark;
}

std::string form_of(const journal::CaseRecord& record) {
  return record.variant == "base" ? record.procedure : record.procedure + "/" + record.variant;
}

// The variants of one procedure on one position.
struct Cell {
  std::map<std::string, int> words;
  int cases = 0;
};

std::string worst_word(const Cell& cell) {
  for (const char* word :
       {"fail", "error", "inconclusive", "running", "not run", "skipped", "pass"}) {
    if (cell.words.contains(word)) return word;
  }
  return "";
}

std::string cell_text(const Cell& cell) {
  const std::string word = worst_word(cell);
  const int count = word.empty() ? 0 : cell.words.at(word);
  if (cell.cases <= 1) return word;
  return count == cell.cases ? fmt::format("{} {}", count, word)
                             : fmt::format("{}/{} {}", count, cell.cases, word);
}

struct Table {
  std::vector<std::string> positions;
  std::vector<std::string> procedures;
  std::map<std::pair<std::string, std::string>, Cell> cells;  // procedure, position
};

Table table_of(const journal::RunModel& model) {
  Table table;
  const auto add_once = [](std::vector<std::string>& names, const std::string& name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  };
  for (const journal::CaseRecord& record : model.cases()) {
    add_once(table.positions, record.position);
    add_once(table.procedures, record.procedure);
    Cell& cell = table.cells[{record.procedure, record.position}];
    ++cell.words[state_word(record)];
    ++cell.cases;
  }
  std::sort(table.positions.begin(), table.positions.end());
  return table;
}

// As many positions side by side as fit; the others in a further block below.
std::string table_text(const Table& table, const TerminalStyle& style) {
  constexpr std::size_t k_gap = 2;
  std::size_t name_width = 9, cell_width = 4;
  for (const auto& name : table.procedures) name_width = std::max(name_width, columns(name));
  for (const auto& name : table.positions) cell_width = std::max(cell_width, columns(name));
  for (const auto& [key, cell] : table.cells) {
    cell_width = std::max(cell_width, columns(cell_text(cell)));
  }
  const std::size_t room = width_of(style) > name_width ? width_of(style) - name_width : 0;
  const std::size_t across = std::max<std::size_t>(1, room / (cell_width + k_gap));
  std::string text;
  for (std::size_t first = 0; first < table.positions.size(); first += across) {
    const std::size_t end = std::min(first + across, table.positions.size());
    std::string line = padded("procedure", name_width);
    for (std::size_t i = first; i < end; ++i) {
      line += std::string(k_gap, ' ') + padded(printable_line(table.positions[i]), cell_width);
    }
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
    for (const auto& procedure : table.procedures) {
      text += padded(printable_line(procedure), name_width);
      std::size_t owed = 0;  // spaces are written before the next word only: no trailing blanks
      for (std::size_t i = first; i < end; ++i) {
        const auto cell = table.cells.find({procedure, table.positions[i]});
        const std::string word =
            cell == table.cells.end() ? std::string("-") : cell_text(cell->second);
        const std::string plain = cell == table.cells.end() ? "" : worst_word(cell->second);
        text += std::string(k_gap + owed, ' ') + painted(word, plain, style);
        owed = cell_width - std::min(cell_width, columns(word));
      }
      text += "\n";
    }
    text += "\n";
  }
  return text;
}

}  // namespace

std::string clock_text(double seconds) {
  if (!std::isfinite(seconds) || seconds < 0 || seconds > 1e9) return "?";
  const auto whole = static_cast<long long>(std::llround(seconds));
  const long long hours = whole / 3600, minutes = whole / 60 % 60, rest = whole % 60;
  return hours > 0 ? fmt::format("{}:{:02}:{:02}", hours, minutes, rest)
                   : fmt::format("{}:{:02}", minutes, rest);
}

std::string verdict_line(const journal::CaseRecord& record, const Progress& progress,
                         const TerminalStyle& style) {
  const std::string total = std::to_string(progress.total);
  std::string head = fmt::format("[{:>{}}/{}", progress.done, total.size(), total);
  if (progress.eta_s >= 0) head += fmt::format(" {:>6} left", clock_text(progress.eta_s));
  head += fmt::format("] {:<4} ", printable_line(record.position));
  const std::string word = state_word(record);
  const std::string middle = fmt::format("{:<12} ", word);
  const std::string tail = fmt::format("{:<28} {}", form_of(record), remark_on(record));
  const std::size_t used = columns(head) + columns(middle);
  const std::size_t room = width_of(style) > used + 8 ? width_of(style) - used : 8;
  std::string end = fitted(tail, room);
  end.erase(end.find_last_not_of(' ') + 1);
  return head + painted(middle, word, style) + end;
}

std::string step_line(std::string_view case_id, std::string_view text, const TerminalStyle& style) {
  return fitted(fmt::format("  {}  {}", case_id, text), width_of(style));
}

std::string closing_table(const journal::RunModel& model, const TerminalStyle& style) {
  std::string text = table_text(table_of(model), style);
  for (int rank = 0; rank < 2; ++rank) {
    for (const journal::CaseRecord& record : model.cases()) {
      if (urgency(record) != rank) continue;
      const std::string word = state_word(record);
      const std::string head = fmt::format("{:<12} ", word);
      text += painted(head, word, style) +
              fitted(record.id + "  " + remark_on(record), width_of(style) - head.size()) + "\n";
    }
  }
  // Skips that share a reason are told once.
  std::map<std::string, int> skips;
  for (const journal::CaseRecord& record : model.cases()) {
    if (record.verdict() == harness::Verdict::skipped) ++skips[record.latest()->reason];
  }
  for (const auto& [reason, count] : skips) {
    const std::string head = "skipped      ";
    text += painted(head, "skipped", style) +
            fitted(fmt::format("{} case{}: {}", count, count == 1 ? "" : "s", reason),
                   width_of(style) - head.size()) +
            "\n";
  }
  const auto summary = journal::summarise(model);
  text += fmt::format("{} in {}\n", journal::to_string(summary), clock_text(model.facts().wall_s));
  const bool simulated =
      model.facts().simulated ||
      std::any_of(model.cases().begin(), model.cases().end(),
                  [](const journal::CaseRecord& record) { return record.dut.simulated; });
  if (simulated) text += "SIMULATED: this run proves nothing about a real device.\n";
  return text;
}

}  // namespace meterproof::reports
