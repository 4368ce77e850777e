#include "devices/cosem/market_words.hpp"

#include <array>
#include <utility>

namespace meterproof::cosem {
namespace {

using UnitWord = std::pair<std::string_view, std::uint8_t>;
constexpr std::array k_unit_words = std::to_array<UnitWord>({{"d", 4},
                                                             {"h", 5},
                                                             {"min", 6},
                                                             {"s", 7},
                                                             {"m3", 13},
                                                             {"W", 27},
                                                             {"VA", 28},
                                                             {"var", 29},
                                                             {"Wh", 30},
                                                             {"VAh", 31},
                                                             {"varh", 32},
                                                             {"A", 33},
                                                             {"V", 35},
                                                             {"Hz", 44},
                                                             {"none", 255}});

// In the order of DataAlternatives.
constexpr std::array<std::string_view, std::variant_size_v<DataAlternatives>> k_type_words = {
    "null_data",
    "array",
    "structure",
    "boolean",
    "bit_string",
    "double_long",
    "double_long_unsigned",
    "octet_string",
    "visible_string",
    "utf8_string",
    "bcd",
    "integer",
    "long",
    "unsigned",
    "long_unsigned",
    "compact_array",
    "long64",
    "long64_unsigned",
    "enum",
    "float32",
    "float64",
    "date_time",
    "date",
    "time",
    "dont_care"};

template <std::size_t... Index>
std::optional<Data> empty_at(std::size_t wanted, std::index_sequence<Index...>) {
  std::optional<Data> made;
  ((Index == wanted ? void(made = Data(std::variant_alternative_t<Index, DataAlternatives>{}))
                    : void()),
   ...);
  return made;
}

}  // namespace

std::optional<std::uint8_t> unit_code(std::string_view name) {
  for (const auto& [word, code] : k_unit_words)
    if (word == name) return code;
  return std::nullopt;
}

std::string_view type_name(const Data& data) { return k_type_words.at(data.value.index()); }

std::optional<Data> empty_value(std::string_view name) {
  for (std::size_t index = 0; index < k_type_words.size(); ++index)
    if (k_type_words[index] == name)
      return empty_at(index, std::make_index_sequence<k_type_words.size()>{});
  return std::nullopt;
}

}  // namespace meterproof::cosem
