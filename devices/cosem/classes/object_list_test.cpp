#include "devices/cosem/classes/object_list.hpp"

#include <gtest/gtest.h>

namespace meterproof::cosem::classes {
namespace {

Data listed(std::uint16_t class_id, std::uint8_t version, const LogicalName& name, Data attributes,
            Data methods) {
  return structure({Data(class_id), Data(version), octet_string(name),
                    structure({std::move(attributes), std::move(methods)})});
}

Data attribute_right(std::int8_t index, std::uint8_t mode, Data selectors = Null{}) {
  return structure({Data(index), Data(Enum{mode}), std::move(selectors)});
}

Data small_list(std::uint8_t association_version, std::uint8_t attribute_code,
                const Data& method_code) {
  return array(
      {listed(15, association_version, names::k_current_association, array({}), array({})),
       listed(7, 1, names::k_load_profile,
              array({attribute_right(2, attribute_code,
                                     array({Data(std::int8_t{1}), Data(std::int8_t{2})}))}),
              array({structure({Data(std::int8_t{1}), method_code})}))});
}

TEST(ObjectList, VersionOneNumbersTheCombinationsOfRights) {
  const Data list = small_list(1, 4, Data(Enum{2}));
  ASSERT_EQ(association_version(list), 1);
  const auto objects = object_list_from(list, 1);
  ASSERT_TRUE(objects.has_value());
  const ListedObject* profile = find_object(*objects, 7, names::k_load_profile);
  ASSERT_NE(profile, nullptr);
  const AccessMode& mode = profile->attributes.front().mode;
  EXPECT_TRUE(mode.read);
  EXPECT_FALSE(mode.write);
  EXPECT_TRUE(mode.request.authenticated);
  EXPECT_EQ(to_string(mode), "read, requests authenticated");
  EXPECT_EQ(to_string(profile->methods.front().mode), "call, requests authenticated");
  EXPECT_EQ(profile->attributes.front().selectors, (std::vector<std::int8_t>{1, 2}));
}

TEST(ObjectList, VersionThreeHasABitForEachRightAndProtection) {
  EXPECT_EQ(to_string(attribute_mode(0x03, 3)), "read, write");
  EXPECT_EQ(to_string(attribute_mode(0x04, 3)), "none") << "protection alone is no right";
  EXPECT_EQ(to_string(attribute_mode(0xDD, 3)),
            "read, requests authenticated and encrypted and signed, responses encrypted and "
            "signed")
      << "0xDD has no bit 5";
  EXPECT_EQ(to_string(method_mode(0x0D, 3)), "call, requests authenticated and encrypted");
}

TEST(ObjectList, VersionZeroHasBooleanMethodsAndFourModes) {
  const auto objects = object_list_from(small_list(0, 3, Data(true)), 0);
  ASSERT_TRUE(objects.has_value());
  EXPECT_EQ(to_string((*objects)[1].attributes[0].mode), "read, write");
  EXPECT_EQ(to_string((*objects)[1].methods[0].mode), "call");
  EXPECT_EQ(to_string(attribute_mode(4, 0)), "undefined mode 4");
}

TEST(ObjectList, AnUndefinedModeGrantsNothing) {
  for (int raw = 7; raw < 256; ++raw) {
    const AccessMode mode = attribute_mode(static_cast<std::uint8_t>(raw), 2);
    EXPECT_FALSE(mode.any());
    EXPECT_FALSE(mode.known);
  }
  EXPECT_EQ(to_string(method_mode(3, 1)), "undefined mode 3");
}

TEST(ObjectList, WhatIsNoListIsAnErrorAtEveryPlace) {
  const Data good = small_list(1, 1, Data(Enum{1}));
  ASSERT_TRUE(object_list_from(good, 1).has_value());
  EXPECT_TRUE(object_list_from(Data(Null{}), 1).has_error());
  EXPECT_TRUE(object_list_from(array({Data(true)}), 1).has_error());
  EXPECT_TRUE(object_list_from(small_list(1, 1, Data(std::uint8_t{1})), 1).has_error());
  EXPECT_TRUE(object_list_from(
                  array({listed(3, 0, names::k_active_import, array({Data(true)}), array({}))}), 1)
                  .has_error());
  EXPECT_TRUE(object_list_from(
                  array({structure({Data(std::uint16_t{3}), Data(std::uint8_t{0}),
                                    octet_string(Bytes(5)), structure({array({}), array({})})})}),
                  1)
                  .has_error());
  EXPECT_FALSE(association_version(array({})));
}

TEST(ObjectList, ShortNamesComeWithTheirBaseName) {
  const Data list =
      array({structure({Data(std::int16_t{-1536}), Data(std::uint16_t{12}), Data(std::uint8_t{3}),
                        octet_string(names::k_current_association)})});
  EXPECT_EQ(association_version(list), 3);
  const auto objects = short_name_list_from(list);
  ASSERT_TRUE(objects.has_value());
  EXPECT_EQ(heading(objects->front()),
            "0-0:40.0.0.255  Association SN v3  Current association  base name 0xFA00");
  EXPECT_TRUE(short_name_list_from(small_list(1, 1, Data(Enum{1}))).has_error());
}

TEST(ObjectList, ATableNamesAttributesAndMethods) {
  const auto objects = object_list_from(small_list(1, 1, Data(Enum{0})), 1);
  const std::string table = rights_table((*objects)[1]);
  EXPECT_NE(table.find("1-0:99.1.0.255  Profile generic v1  Load profile with recording period 1"),
            std::string::npos);
  EXPECT_NE(table.find("buffer"), std::string::npos);
  EXPECT_NE(table.find("read, selectors 1 2"), std::string::npos);
  EXPECT_NE(table.find("reset"), std::string::npos);
}

}  // namespace
}  // namespace meterproof::cosem::classes
