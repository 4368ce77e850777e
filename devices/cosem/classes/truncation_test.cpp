// The table of what is read out of Data: object lists, registers, profiles, market lists, and the
// notation of types. Its octets are those of the Data, so that every change that still decodes
// comes by.
#include <fstream>
#include <iterator>

#include "devices/cosem/classes/check_type.hpp"
#include "devices/cosem/classes/object_list.hpp"
#include "devices/cosem/classes/scaled_value.hpp"
#include "devices/cosem/classes/type.hpp"
#include "devices/cosem/objects.hpp"
#include "devices/cosem/push_check.hpp"
#include "devices/cosem/short_names.hpp"
#include "devices/test_only/hostile_octets.hpp"
#include "harness/bench/market_profile.hpp"

namespace meterproof::cosem::classes {
namespace {

using test_only::bears_anything;
using test_only::Cuts;
using test_only::Decoded;
using test_only::decoded;
using test_only::DecoderCase;

template <class Read>
DecoderCase of_data(const char* decoder, const Data& data, Read read) {
  return {decoder, to_string(data), encode_data(data), [read](BytesView octets) -> Decoded {
            const auto value = decode_data(octets);
            return value ? read(*value) : decoded(value);
          }};
}

Data listed_object() {
  const Data attribute = structure({std::int8_t{2}, Enum{1}, array({std::int8_t{1}})});
  const Data other = structure({std::int8_t{3}, Enum{3}, Null{}});
  const Data method = structure({std::int8_t{1}, Enum{1}});
  return array({structure({std::uint16_t{7}, std::uint8_t{1}, octet_string(names::k_load_profile),
                           structure({array({attribute, other}), array({method})})})});
}

Data short_name_list() {
  return array({structure({std::int16_t{-1536}, std::uint16_t{12}, std::uint8_t{3},
                           octet_string(names::k_current_association)})});
}

std::vector<DecoderCase> cases_of_data() {
  const Data scaler_unit = structure({std::int8_t{-3}, Enum{30}});
  std::vector<DecoderCase> cases;
  for (const std::uint8_t version : {std::uint8_t{1}, std::uint8_t{3}}) {
    cases.push_back(of_data("object_list_from", listed_object(), [version](const Data& list) {
      const auto objects = object_list_from(list, version);
      if (objects) {
        for (const ListedObject& object : *objects) EXPECT_FALSE(rights_table(object).empty());
      }
      return decoded(objects);
    }));
  }
  cases.push_back(of_data("short_name_list_from", short_name_list(),
                          [](const Data& list) { return decoded(short_name_list_from(list)); }));
  cases.push_back(of_data(
      "ShortNames::from_object_list",
      [] {
        ShortNames names;
        names.add({0x2000, 8, 0, names::k_clock});
        return names.object_list();
      }(),
      [](const Data& list) {
        return decoded(ShortNames::from_object_list(list),
                       [](const ShortNames& names) { return encode_data(names.object_list()); });
      }));
  cases.push_back(of_data("association_version", short_name_list(),
                          [](const Data& list) { return decoded(association_version(list)); }));
  cases.push_back(of_data("scaler_unit_from", scaler_unit,
                          [](const Data& data) { return decoded(scaler_unit_from(data)); }));
  cases.push_back(of_data("register_value", scaler_unit, [](const Data& data) {
    return decoded(register_value(std::uint32_t{5}, data));
  }));
  cases.push_back(of_data("profile_rows", array({structure({std::uint8_t{1}}), structure({})}),
                          [](const Data& buffer) { return decoded(profile_rows(buffer)); }));
  return cases;
}

TEST(Truncation, ListsRegistersAndProfilesOutOfData) {
  for (const DecoderCase& one : cases_of_data()) bears_anything(one);
}

TEST(Truncation, AMarketListTakesOnlyTheWholePush) {
  std::ifstream file(METERPROOF_SOURCE_DIR "/devices/cosem/test_data/push/no_aidon_list2.hex");
  std::string text(std::istreambuf_iterator<char>(file), {});
  std::erase(text, '\n');
  const auto market =
      bench::load_market_profile(METERPROOF_SOURCE_DIR "/devices/types/markets/no_han_aidon.toml");
  bears_anything({"check_push", "AIDON_V0001/2_it", from_hex(text).value(),
                  [list = market->push("AIDON_V0001/2_it")](BytesView octets) -> Decoded {
                    const PushCheck check = check_push(*list, octets);
                    for (const std::string& problem : check.problems) EXPECT_FALSE(problem.empty());
                    return {check.problems.empty(), {}, {}};
                  }});
}

TEST(Truncation, TypesInTheStandardsNotation) {
  for (const char* text :
       {"structure{scaler: integer, unit: enum(0..255)}", "array of <null-data | octet-string(6)>",
        "null-data | double-long-unsigned", "array(1..5) of logical-name"}) {
    bears_anything({"parse_type", text, to_bytes(text),
                    [](BytesView octets) {
                      const std::string_view one(reinterpret_cast<const char*>(octets.data()),
                                                 octets.size());
                      return decoded(parse_type(one),
                                     [](const Type& type) { return to_bytes(to_string(type)); });
                    },
                    Cuts::some_decode});
  }
}

}  // namespace
}  // namespace meterproof::cosem::classes
