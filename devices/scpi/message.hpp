// SCPI program messages (SCPI-99, IEEE 488.2): what a line of text asks of an instrument.
//
//   message   unit [; unit]...       a unit after ';' starts at the root when it begins with ':' or
//   '*';
//                                    otherwise it shares the branch of the unit before it
//   unit      header [argument [, argument]...]
//   header    *IDN?   SOURce:VOLTage1   :outp:stat?     mnemonics in long or short form, any case
//
// The parser is total: any bytes give units or an error number of SCPI-99, section 21.8.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace meterproof::scpi {

// A unit of a program message. Mnemonics are upper case, without leading colon and numeric suffixes
// still attached ("SOURCE", "VOLTAGE1").
struct Unit {
  bool common = false;  // *IDN?, *OPC?: one mnemonic, without the star
  bool query = false;
  std::vector<std::string> path;
  std::vector<std::string> arguments;  // quotes of strings removed
};

struct ScpiError {
  int code = 0;  // 0: no error; -100..-199 command, -200..-299 execution, -300..-399 device,
                 // -400..-499 query
  std::string text;
  bool operator==(const ScpiError&) const = default;
};
// "-113,\"Undefined header\""
std::string to_string(const ScpiError& error);

struct ParsedMessage {
  std::vector<Unit> units;  // those before the error, if any
  ScpiError error;
};

// line: without its end. At most 4096 characters, 64 units, 16 mnemonics a header, 64 arguments;
// more is an error.
ParsedMessage parse_message(std::string_view line);

// Matches a unit's path with a pattern like "SOURce:VOLTage#": each mnemonic in its long form or
// its upper-case short form, '#' stands for a numeric suffix. Returns the suffixes found, in order
// (1 when left out), or nothing.
std::optional<std::vector<int>> match_header(const Unit& unit, std::string_view pattern);

// Whole text as a finite decimal number (NRf), nothing otherwise.
std::optional<double> parse_number(std::string_view text);
// Whole text as a decimal integer, 0..2^63-1.
std::optional<long long> parse_integer(std::string_view text);
// ON, OFF, 1, 0 in any case.
std::optional<bool> parse_boolean(std::string_view text);

}  // namespace meterproof::scpi
