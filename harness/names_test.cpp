#include "harness/names.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace meterproof::harness {
namespace {

const std::vector<std::string> k_keys{"name", "class", "constant", "connection"};

TEST(Names, CountsInsertionsDeletionsReplacementsAndSwaps) {
  EXPECT_EQ(edit_distance("", ""), 0u);
  EXPECT_EQ(edit_distance("class", "class"), 0u);
  EXPECT_EQ(edit_distance("CLASS", "class"), 0u);
  EXPECT_EQ(edit_distance("clas", "class"), 1u);
  EXPECT_EQ(edit_distance("calss", "class"), 1u);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3u);
  EXPECT_EQ(edit_distance("", "abc"), 3u);
}

TEST(Names, SuggestsTheNearestName) {
  EXPECT_EQ(nearest_name("clas", k_keys), "class");
  EXPECT_EQ(nearest_name("conection", k_keys), "connection");
  EXPECT_EQ(did_you_mean("clas", k_keys), " (did you mean 'class'?)");
}

TEST(Names, ListsTheKnownNamesWhenNoneIsNear) {
  EXPECT_EQ(nearest_name("temperature", k_keys), std::nullopt);
  EXPECT_EQ(nearest_name("x", std::vector<std::string>{"y"}), std::nullopt);
  EXPECT_EQ(did_you_mean("temperature", k_keys), " (known: name, class, constant, connection)");
  EXPECT_EQ(did_you_mean("temperature", {}), "");
}

TEST(Names, DoesNotSpendTimeOnHugeInput) {
  EXPECT_EQ(edit_distance(std::string(201, 'a'), "a"), std::numeric_limits<std::size_t>::max());
  EXPECT_EQ(nearest_name(std::string(1'000'000, 'a'), k_keys), std::nullopt);
}

}  // namespace
}  // namespace meterproof::harness
