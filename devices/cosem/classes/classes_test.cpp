// The tables walked whole, and what the look-up answers for what no table knows.
#include <gmock/gmock.h>

#include <set>
#include <tuple>

#include "devices/cosem/classes/lookup.hpp"

namespace meterproof::cosem::classes {
namespace {

using ::testing::IsEmpty;

std::string label(const InterfaceClass& of) {
  return std::string(of.name) + " (" + std::to_string(of.id) + ") v" + std::to_string(of.version);
}

TEST(InterfaceClasses, EveryTableIsWholeAndItsTypesParse) {
  ASSERT_GE(all_classes().size(), 60U);
  std::set<std::pair<int, int>> seen;
  for (const InterfaceClass& one : all_classes()) {
    SCOPED_TRACE(label(one));
    EXPECT_TRUE(seen.emplace(one.id, one.version).second) << "described twice";
    EXPECT_FALSE(one.name.empty());
    EXPECT_FALSE(one.source.empty());
    EXPECT_EQ(one.certainty == Certainty::certain, one.doubt.empty())
        << "a doubt is stated when, and only when, the table is not certain";
    ASSERT_FALSE(one.attributes.empty());
    EXPECT_EQ(one.attributes.front().name, "logical_name");
    EXPECT_EQ(to_string(type_of(one.attributes.front())), "logical-name");
    int wanted = 1;
    std::set<std::string_view> names;
    for (const AttributeEntry& attribute : one.attributes) {
      EXPECT_EQ(attribute.index, wanted++) << attribute.name;
      EXPECT_TRUE(names.insert(attribute.name).second) << attribute.name;
      const auto parsed = parse_type(attribute.type);
      ASSERT_TRUE(parsed.has_value()) << attribute.name << ": " << attribute.type;
      // What is printed reads back as the same type.
      const auto again = parse_type(to_string(*parsed));
      ASSERT_TRUE(again.has_value()) << to_string(*parsed);
      EXPECT_EQ(to_string(*again), to_string(*parsed));
    }
  }
}

TEST(InterfaceClasses, MethodsAscendAndLieBehindTheAttributesInStepsOfEight) {
  for (const InterfaceClass& one : all_classes()) {
    SCOPED_TRACE(label(one));
    int index = 0;
    int offset = short_name_offset(one.attributes.back());
    std::set<std::string_view> names;
    for (const MethodEntry& method : one.methods) {
      EXPECT_GT(method.index, index) << method.name;
      // Only association SN keeps the places of methods that are gone.
      if (one.id != 12) {
        EXPECT_EQ(method.index, index + 1) << method.name;
      }
      if (method.short_name_offset != k_offset_unknown) {
        const int step = method.short_name_offset - offset;
        EXPECT_GT(step, 0) << method.name;
        EXPECT_EQ(step % 8, 0) << method.name;
        if (index > 0) {
          EXPECT_EQ(step, 8 * (method.index - index)) << method.name;
        }
        offset = method.short_name_offset;
      }
      index = method.index;
      EXPECT_TRUE(names.insert(method.name).second) << method.name;
      EXPECT_TRUE(parse_type(method.parameter).has_value()) << method.parameter;
      if (!method.returned.empty()) {
        EXPECT_TRUE(parse_type(method.returned).has_value()) << method.returned;
      }
    }
  }
}

TEST(InterfaceClasses, EveryClassThatMetersInTheFieldUseIsDescribedOrSaidToBeMissing) {
  std::set<int> wanted{1,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12,  15,  17,  18,  20,  21,
                       22, 23, 24, 25, 26, 27, 28, 29, 40, 41, 42,  43,  45,  47,  48,  61,
                       62, 63, 64, 65, 66, 67, 68, 70, 71, 72, 111, 112, 113, 114, 115, 116};
  for (const InterfaceClass& one : all_classes()) wanted.erase(one.id);
  for (const MissingClass& one : missing_classes()) {
    EXPECT_EQ(wanted.erase(one.id), 1U) << one.id;
    EXPECT_FALSE(one.reason.empty());
  }
  EXPECT_THAT(wanted, IsEmpty());
  for (std::uint8_t version = 0; version < 4; ++version) {
    EXPECT_NE(find_class(15, version), nullptr) << int{version};
  }
}

// Short-name offsets that stand in print in several places (Green Book examples among them).
TEST(InterfaceClasses, KnownShortNameOffsets) {
  const std::vector<std::tuple<int, int, std::string_view, int>> known{
      {3, 0, "reset", 0x28},
      {4, 0, "reset", 0x38},
      {5, 0, "next_period", 0x50},
      {7, 1, "capture", 0x60},
      {8, 0, "shift_time", 0x88},
      {12, 3, "read_by_logicalname", 0x30},
      {12, 3, "reply_to_HLS_authentication", 0x58},
      {18, 0, "image_activate", 0x58},
      {64, 1, "remove_certificate", 0x68},
      {70, 0, "remote_reconnect", 0x28}};
  for (const auto& [id, version, name, offset] : known) {
    const InterfaceClass* of =
        find_class(static_cast<std::uint16_t>(id), static_cast<std::uint8_t>(version));
    ASSERT_NE(of, nullptr) << id;
    const MethodEntry* method = find_method(*of, name);
    ASSERT_NE(method, nullptr) << name;
    EXPECT_EQ(method->short_name_offset, offset) << name;
  }
  EXPECT_EQ(short_name_offset(*find_attribute(*find_class(7, 1), "buffer")), 0x08);
}

TEST(InterfaceClasses, NamesAreThoseOfTheStandardAndUnknownOnesAreNumbers) {
  EXPECT_EQ(class_name(7), "Profile generic");
  EXPECT_EQ(class_name(9999), "class 9999");
  EXPECT_EQ(attribute_name(3, 3), "scaler_unit");
  EXPECT_EQ(attribute_name(3, 40), "attribute 40");
  EXPECT_EQ(attribute_name(3, -1), "attribute -1");
  EXPECT_EQ(attribute_name(15, 7, std::uint8_t{0}), "LLS_secret");
  EXPECT_EQ(attribute_name(15, 7), "secret");
  EXPECT_EQ(method_name(70, 1), "remote_disconnect");
  EXPECT_EQ(method_name(70, 9), "method 9");
  EXPECT_EQ(find_class(3, 200), nullptr);
  EXPECT_EQ(newest_class(15)->version, 3);
}

std::string deviations(std::string_view type, const Data& value) {
  return to_string(check_type(*parse_type(type), value));
}

TEST(CheckType, NamesThePathOfWhatDeviates) {
  const Data unit = structure({Data(std::int8_t{-1}), Data(Enum{30})});
  EXPECT_EQ(deviations("$scaler_unit", unit), "");
  EXPECT_EQ(deviations("$scaler_unit", structure({Data(std::int8_t{0}), Data(std::uint8_t{30})})),
            "unit is unsigned, not enum");
  EXPECT_EQ(deviations("$scaler_unit", structure({Data(std::int8_t{0})})), "has 1 elements, not 2");
  EXPECT_EQ(deviations("array of $scaler_unit", array({unit, Data(Null{})})),
            "[2] is null-data, not structure{scaler: integer, unit: enum}");
  EXPECT_EQ(deviations("enum(0..2,9)", Data(Enum{9})), "");
  EXPECT_EQ(deviations("enum(0..2,9)", Data(Enum{3})),
            "is enum 3, out of the range of enum(0..2,9)");
  EXPECT_EQ(deviations("array(1..2) of unsigned", array({})),
            "is array{}, out of the range of array(1..2) of unsigned");
}

TEST(CheckType, AChoiceNeedsOneAlternativeAndReportsTheNearest) {
  EXPECT_EQ(deviations("null-data | unsigned", Data(Null{})), "");
  EXPECT_EQ(deviations("null-data | unsigned", Data(true)), "is boolean, not null-data | unsigned");
  EXPECT_EQ(deviations("structure{a: unsigned} | structure{a: unsigned, b: boolean}",
                       structure({Data(std::uint8_t{1}), Data(std::uint8_t{1})})),
            "has 2 elements, not 1");
}

TEST(CheckType, FormatsOfOctetStringsAreLookedInto) {
  EXPECT_EQ(deviations("logical-name", octet_string(names::k_clock)), "");
  EXPECT_NE(deviations("logical-name", octet_string(Bytes(5))), "");
  EXPECT_EQ(deviations("octet-date-time", octet_string(octets_of(DateTime{}))), "");
  DateTime wrong;
  wrong.date.month = 13;
  EXPECT_NE(deviations("octet-date-time", octet_string(octets_of(wrong))), "");
}

TEST(CheckType, DatesAndTimesInOctetStringsMustBeValid) {
  EXPECT_EQ(deviations("octet-date", octet_string(*from_hex("07EA050401"))), "");
  EXPECT_NE(deviations("octet-date", octet_string(*from_hex("07EA0D0401"))), "") << "month 13";
  EXPECT_NE(deviations("octet-date", octet_string(Bytes(4))), "");
  EXPECT_EQ(deviations("octet-time", octet_string(*from_hex("173B3BFF"))), "");
  EXPECT_NE(deviations("octet-time", octet_string(*from_hex("183B3BFF"))), "") << "hour 24";
  EXPECT_NE(deviations("octet-time", octet_string(Bytes(5))), "");
}

TEST(CheckType, ACompactArrayCountsAsTheArrayThatItExpandsTo) {
  EXPECT_EQ(deviations("array of unsigned", Data(CompactArray{*from_hex("11"), Bytes(3)})), "");
  EXPECT_EQ(deviations("array of unsigned", Data(CompactArray{*from_hex("12"), Bytes(2)})),
            "[1] is long-unsigned, not unsigned");
  EXPECT_EQ(deviations("array of unsigned", Data(CompactArray{*from_hex("12"), Bytes(3)})),
            "is a compact-array that does not expand");
}

TEST(TagName, IsTheStandardsOrTheNumber) {
  EXPECT_EQ(tag_name(6), "double-long-unsigned");
  EXPECT_EQ(tag_name(99), "tag 99");
}

TEST(CheckType, AHostileValueCostsNoMoreThanTheLimit) {
  const Data many = array(std::vector<Data>(100'000, Data(true)));
  EXPECT_EQ(check_type(*parse_type("array of unsigned"), many, 3).size(), 3U);
}

TEST(ParseType, TextThatIsNoTypeIsAnError) {
  for (const char* text : {"", "structure{", "structure{a}", "structure{a: }", "enum(",
                           "enum(2..1)", "array of", "array of ", "$nobody", "unsigned |",
                           "unsigned)", "<unsigned", "number", "unsigned unsigned"}) {
    EXPECT_TRUE(parse_type(text).has_error()) << text;
  }
  std::string deep;
  for (int i = 0; i < 10'000; ++i) deep += "array of ";
  EXPECT_TRUE(parse_type(deep + "unsigned").has_error());
  EXPECT_TRUE(parse_type(std::string(10'000, '<')).has_error());
}

TEST(CheckAttribute, AnUnknownAttributeHasNothingToDeviateFrom) {
  EXPECT_THAT(check_attribute(9999, 0, 2, Data(true)), IsEmpty());
  EXPECT_THAT(check_attribute(3, 0, 3, Data(true)), ::testing::SizeIs(1));
  const MethodEntry* disconnect = find_method(*find_class(70, 0), 1);
  EXPECT_THAT(check_parameter(*disconnect, std::nullopt), ::testing::SizeIs(1));
  EXPECT_THAT(check_parameter(*disconnect, Data(std::int8_t{0})), IsEmpty());
}

}  // namespace
}  // namespace meterproof::cosem::classes
