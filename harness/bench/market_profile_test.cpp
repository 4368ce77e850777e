// Market profiles: every slip is named with its line; the shipped ones load, are documented, and
// say where they come from; a type does not contradict its profile.
#include "harness/bench/market_profile.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "harness/bench/bench_file.hpp"
#include "harness/bench/market_reader.hpp"
#include "harness/journal/test_folder.hpp"

namespace meterproof::bench {
namespace {

namespace fs = std::filesystem;

const std::string k_market_source = METERPROOF_SOURCE_DIR;

std::string market_text(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in) << path;
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string market_example() {
  const std::string page = market_text(k_market_source + "/docs/meter-type-file.md");
  const std::size_t at = page.find("```toml\n") + 8;
  return page.substr(at, page.find("```", at) - at);
}

std::string with(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::string said_of_market(const std::string& text) {
  Problems problems("market.toml");
  try {
    read_market_profile(text, problems);
    problems.raise_if_any();
  } catch (const harness::ConfigError& error) {
    return error.what();
  }
  return "";
}

// file:line of the first line that holds the text.
std::string at_line(const std::string& text, const std::string& what) {
  return "market.toml:" +
         std::to_string(1 + std::count(text.begin(),
                                       text.begin() + static_cast<std::ptrdiff_t>(text.find(what)),
                                       '\n'));
}

TEST(MarketProfileFile, TheDocumentedExampleIsRead) {
  Problems problems("market.toml");
  const MarketProfile profile = read_market_profile(market_example(), problems);
  EXPECT_NO_THROW(problems.raise_if_any());
  EXPECT_EQ(profile.name, "market");
  ASSERT_EQ(profile.objects.size(), 1u);
  const MarketObject& object = profile.objects.front();
  EXPECT_EQ(object.version, 0);
  ASSERT_EQ(object.rights.size(), 1u);
  EXPECT_EQ(object.rights.front().attributes,
            (std::map<int, std::string>{{1, "r"}, {2, "r"}, {3, "r"}}));
  EXPECT_EQ(object.rights.front().methods, std::set<int>{1});
  ASSERT_NE(profile.push("EXAMPLE/1"), nullptr);
  EXPECT_EQ(profile.push("EXAMPLE/1")->columns.front().types,
            std::vector<std::string>{"double_long_unsigned"});
  EXPECT_EQ(profile.client("management")->security_suites, (std::vector<int>{0, 1}));
}

TEST(MarketProfileFile, NamesEverySlipWithItsLine) {
  const struct {
    const char *from, *to, *at, *message;
  } slips[] = {
      {"market = \"Example\"", "", "", "missing key 'market'"},
      {"class = 3", "class = 0", "class = 0", "'class' in [object]: 0 is not within 1..65535"},
      {"name = \"1-0:1.8.0.255\"", "name = \"1.8.0\"", "name = \"1.8.0\"",
       "'name' in [object]: '1.8.0' is not a logical name like \"1-0:1.8.0.255\""},
      {"management: 1r 2r 3r m1", "managment: 2r", "rights",
       "'rights' in [object]: no [[client]] 'managment' (did you mean 'management'?)"},
      {"management: 1r 2r 3r m1", "management: 2x", "rights",
       "'rights' in [object]: 'management: 2x' is not like \"management: 2rw 3r m1\""},
      {"management: 1r 2r 3r m1", "management: 2r 2rw", "rights",
       "'rights' in [object]: 'management: 2r 2rw' is not like \"management: 2rw 3r m1\""},
      {"unit = \"Wh\"", "unit = \"kWh\"", "kWh",
       "'unit' in [object]: unknown 'kWh' (did you mean 'Wh'?)"},
      {"type = [\"double_long_unsigned\"]", "type = [\"double_long_unsign\"]",
       "double_long_unsign\"",
       "'type' in [push.column]: unknown 'double_long_unsign' (did you mean "
       "'double_long_unsigned'?)"},
      {"mechanisms = [\"hls_gmac\"]", "mechanisms = [\"hls_gmak\"]", "hls_gmak",
       "'mechanisms' in [client]: unknown 'hls_gmak' (did you mean 'hls_gmac'?)"},
      {"\"block_transfer_with_get\"", "\"block_transfer_get\"", "block_transfer_get",
       "'conformance' in [communication]: unknown 'block_transfer_get' (did you mean "
       "'block_transfer_with_get'?)"},
      {"carriage = \"hdlc_ui\"", "carriage = \"hdlc_iu\"", "hdlc_iu",
       "'carriage' in [push]: unknown 'hdlc_iu' (did you mean 'hdlc_ui'?)"},
      {"complete = false", "complet = false",
       "complet =", "unknown key 'complet' in [object_list] (did you mean 'complete'?)"},
      {"sources = [\"spec\"]", "sources = [\"spek\"]", "spek",
       "'sources' in [communication]: unknown 'spek' (did you mean 'spec'?)"},
      {"certainty = \"published\"\nsources = [\"spec\"]", "certainty = \"published\"",
       "certainty = \"published\"", "'certainty' in [communication]: 'published' needs 'sources'"},
      {"certainty = \"published\"", "certainty = \"certain\"", "\"certain\"",
       "'certainty' in [communication]: unknown 'certain' (known: captured, published, secondary, "
       "assumed, declared)"},
  };
  for (const auto& slip : slips) {
    const std::string bad = with(market_example(), slip.from, slip.to);
    const std::string place = *slip.at ? at_line(bad, slip.at) : "market.toml";
    EXPECT_EQ(said_of_market(bad), place + ": " + slip.message);
  }
}

TEST(MarketProfileFile, WhatStandsTwiceIsRefused) {
  const std::string good = market_example();
  const auto twice = [&](const std::string& from, const std::string& to) {
    const std::size_t begin = good.find(from), end = good.find(to);
    return said_of_market(good.substr(0, end) + good.substr(begin, end - begin) + good.substr(end));
  };
  EXPECT_NE(twice("[[client]]", "[object_list]").find("client 'management' is declared twice"),
            std::string::npos);
  EXPECT_NE(twice("[[object]]", "[[push]]").find("'1-0:1.8.0.255' of class 3 is declared twice"),
            std::string::npos);
}

TEST(MarketProfileFile, EveryShippedProfileLoadsAndIsDocumented) {
  const std::string page = market_text(k_market_source + "/docs/meter-type-file.md");
  for (const auto& entry : fs::directory_iterator(k_market_source + "/devices/types/markets")) {
    const auto profile = load_market_profile(entry.path().string());
    EXPECT_NE(page.find("| `" + profile->name + "` |"), std::string::npos) << profile->name;
    EXPECT_FALSE(profile->unknown.empty() && profile->name != "virtual_bench") << profile->name;
  }
}

class TypeWithProfile : public testing::Test {
 protected:
  TypeWithProfile() {
    fs::create_directories(folder_.path() / "markets");
    spill("markets/example.toml", market_example());
  }
  void spill(const std::string& name, const std::string& text) {
    std::ofstream(folder_.path() / name) << text;
  }
  std::string said(const std::string& from, const std::string& to) {
    const std::string type =
        market_text(k_market_source + "/devices/types/virtual_3x230_5_100.toml");
    spill("type.toml",
          with(with(type, "profile = \"virtual_bench\"", "profile = \"example\""), from, to));
    try {
      loaded_ = load_meter_type((folder_.path() / "type.toml").string());
    } catch (const harness::ConfigError& error) {
      return error.what();
    }
    return "";
  }
  journal::TestFolder folder_;
  std::shared_ptr<const MeterType> loaded_;
};

TEST_F(TypeWithProfile, IsReadFromTheFolderBesideTheType) {
  EXPECT_EQ(said("relay = true", "relay = true"), "");
  ASSERT_TRUE(loaded_ && loaded_->profile);
  EXPECT_EQ(loaded_->profile->title, "What the example market says");
}

TEST_F(TypeWithProfile, DoesNotContradictIt) {
  EXPECT_NE(said("client_sap = 1\n", "client_sap = 3\n")
                .find("client_sap of client 'management' is 3, which profile 'example' does not "
                      "have"),
            std::string::npos);
  EXPECT_NE(said("policy = \"authenticated_encrypted\"", "policy = \"encrypted\"")
                .find("policy of client 'management' is encrypted, which profile 'example' does "
                      "not have"),
            std::string::npos);
}

TEST_F(TypeWithProfile, IsNamedWhenThereIsNone) {
  EXPECT_NE(said("profile = \"example\"", "profile = \"exampel\"")
                .find("no market profile 'exampel' (did you mean 'example'?)"),
            std::string::npos);
}

}  // namespace
}  // namespace meterproof::bench
