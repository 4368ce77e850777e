// No decoder is forgotten: whatever a header of the codec folders declares that makes a value or an
// error out of octets or text from outside must stand by its name in a table of truncations
// (*truncation_test.cpp) and be called by a fuzz target (*_fuzz.cpp).
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>

namespace meterproof {
namespace {

namespace fs = std::filesystem;

const fs::path k_devices = METERPROOF_SOURCE_DIR "/devices";
const char* const k_codec_folders[] = {"cosem", "cosem/classes", "hdlc",
                                       "mbus",  "iec62056_21",   "push"};

// Of the right shape, and yet no decoders.
const std::map<std::string, std::string> k_others = {
    {"ClientAssociation", "client_fuzz; its APDUs are read by decode_acse and unprotect"},
    {"Client", "sends; client_fuzz answers it"},
    {"SecuritySetupClient", "sends"},
    {"ClientStation::send", "sends"},
    {"HdlcTransport", "sends"},
    {"WrapperTransport", "sends"},
    {"wrap_key", "makes octets; unwrap_key reads them"},
    {"mechanism_named", "a word of the bench file"},
    {"unit_code", "a word of a market profile"},
    {"empty_value", "a word of a market profile"},
    {"scaled_decimal", "of a value that is decoded already"},
    {"scaled_text", "of a value that is decoded already"},
    {"ServerStation", "the simulated meter's; hdlc_station_fuzz attacks it"},
    {"ModeEReader", "sign_on_fuzz; its messages are those of MessageReader"},
    {"ModeEMeter", "sign_on_fuzz; its messages are those of MessageReader"},
};

std::string text_of(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string texts_ending(const std::string& ending) {
  std::string all;
  for (const auto& entry : fs::recursive_directory_iterator(k_devices)) {
    if (entry.path().string().ends_with(ending)) all += text_of(entry.path());
  }
  return all;
}

// "decode_apdu", "Certificate::from_der", and "FrameReader" for a class that octets are pushed
// into.
std::set<std::string> decoders_of(const std::string& header) {
  static const std::regex comment("//[^\n]*");
  static const std::regex scope("(^|\n)(?:class|struct) (\\w+)[^;{]*\\{");
  static const std::regex function(
      "(?:Result|optional)<[\\w:<>, ]*>\\s+(\\w+)\\(\\s*(?:const )?"
      "(?:BytesView|std::string_view|Data|CompactArray|LongFrame)\\b");
  static const std::regex stream("void (?:push|receive)\\(BytesView");
  const std::string text = std::regex_replace(header, comment, "");
  std::set<std::string> found;
  const auto class_at = [&](std::size_t at) {
    std::string name;
    std::size_t begin = 0;
    for (std::sregex_iterator one(text.begin(), text.end(), scope), end; one != end; ++one) {
      if (static_cast<std::size_t>(one->position()) > at) break;
      name = one->str(2);
      begin = static_cast<std::size_t>(one->position());
    }
    const bool closed = text.find("\n};", begin) < at;
    return closed ? std::string() : name;
  };
  for (std::sregex_iterator one(text.begin(), text.end(), function), end; one != end; ++one) {
    const std::string name = class_at(static_cast<std::size_t>(one->position()));
    found.insert(name.empty() ? one->str(1) : name + "::" + one->str(1));
  }
  for (std::sregex_iterator one(text.begin(), text.end(), stream), end; one != end; ++one) {
    found.insert(class_at(static_cast<std::size_t>(one->position())));
  }
  return found;
}

std::set<std::string> all_decoders() {
  std::set<std::string> all;
  for (const char* folder : k_codec_folders) {
    for (const auto& entry : fs::directory_iterator(k_devices / folder)) {
      if (entry.path().extension() == ".hpp") all.merge(decoders_of(text_of(entry.path())));
    }
  }
  return all;
}

bool is_listed_as_other(const std::string& decoder) {
  return k_others.contains(decoder) || k_others.contains(decoder.substr(0, decoder.find("::")));
}

TEST(DecoderCensus, FindsWhatAHeaderDeclares) {
  EXPECT_EQ(decoders_of("struct One {\n  // Result<int> no(BytesView)\n  static Result<One> "
                        "from(BytesView octets);\n};\nstd::optional<Two> two_from(BytesView o);\n"
                        "class Stream {\n  void push(BytesView octets);\n};\n"
                        "Bytes encode(const One& one);\n"),
            (std::set<std::string>{"One::from", "two_from", "Stream"}));
}

TEST(DecoderCensus, EveryDecoderStandsInATableOfTruncations) {
  const std::string tables = texts_ending("truncation_test.cpp");
  const std::set<std::string> decoders = all_decoders();
  EXPECT_GT(decoders.size(), 40U);
  for (const std::string& decoder : decoders) {
    if (is_listed_as_other(decoder)) continue;
    EXPECT_NE(tables.find('"' + decoder + '"'), std::string::npos) << decoder;
  }
}

TEST(DecoderCensus, EveryDecoderHasAFuzzTarget) {
  static const std::regex word("\\w+");
  const std::string targets = texts_ending("_fuzz.cpp");
  std::set<std::string> words;
  for (std::sregex_iterator one(targets.begin(), targets.end(), word), end; one != end; ++one) {
    words.insert(one->str());
  }
  for (const std::string& decoder : all_decoders()) {
    if (is_listed_as_other(decoder)) continue;
    // Methods are called on objects: the fuzz target names class and method.
    const std::size_t colons = decoder.find("::");
    EXPECT_TRUE(words.contains(decoder.substr(0, colons))) << decoder;
    if (colons != std::string::npos) {
      EXPECT_TRUE(words.contains(decoder.substr(colons + 2))) << decoder;
    }
  }
}

TEST(DecoderCensus, WhatIsListedAsNoDecoderExists) {
  std::set<std::string> names;
  for (const std::string& decoder : all_decoders()) {
    names.insert(decoder);
    names.insert(decoder.substr(0, decoder.find("::")));
  }
  for (const auto& [name, reason] : k_others) EXPECT_TRUE(names.contains(name)) << name;
}

}  // namespace
}  // namespace meterproof
