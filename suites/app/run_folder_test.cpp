// What a run leaves: complete, unaltered, and without the bench's secrets in any spelling.
#include "harness/journal/run_folder.hpp"

#include "suites/app/test_only/program_rig.hpp"

namespace meterproof::suites {
namespace {

using rig::ExitedWith;

std::string octets_of_hex(const std::string& hex) {
  std::string octets;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    octets += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  }
  return octets;
}

std::string hex_of(const std::string& octets, const char* digits) {
  std::string hex;
  for (const char c : octets) {
    hex += digits[static_cast<unsigned char>(c) >> 4];
    hex += digits[static_cast<unsigned char>(c) & 15];
  }
  return hex;
}

// The base64 text that any encoding of something with these octets in it contains, when so many
// octets (0..2) of the first group stand before them.
std::string base64_inside(const std::string& octets, std::size_t before) {
  constexpr char k_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = (3 - before) % 3; i + 2 < octets.size(); i += 3) {
    unsigned group = 0;
    for (std::size_t k = 0; k < 3; ++k)
      group = group << 8 | static_cast<unsigned char>(octets[i + k]);
    for (int shift = 18; shift >= 0; shift -= 6) text += k_digits[group >> shift & 63];
  }
  return text;
}

std::map<std::string, std::string> spellings(const std::string& octets) {
  return {{"as it is", octets},
          {"hex", hex_of(octets, "0123456789abcdef")},
          {"HEX", hex_of(octets, "0123456789ABCDEF")},
          {"base64", base64_inside(octets, 0)},
          {"base64 after one octet", base64_inside(octets, 1)},
          {"base64 after two octets", base64_inside(octets, 2)}};
}

TEST(RunFolder, HoldsNoSecretInAnySpellingAndItsManifestIsRight) {
  const rig::Scratch scratch;
  const rig::World world(scratch / "world", {"--scale", "500", "--positions", "2"});
  std::map<std::string, std::string> secrets;  // by file
  for (const auto& entry : rig::fs::directory_iterator(world.directory() / "secrets")) {
    std::string text = rig::read_text(entry.path());
    while (!text.empty() && text.back() == '\n') text.pop_back();
    const bool hex = entry.path().extension() == ".hex";
    secrets[entry.path().filename()] = hex ? octets_of_hex(text) : text;
  }
  ASSERT_EQ(secrets.size(), 6u);

  // Procedures that log in with passwords and keys, right and wrong, over both interfaces.
  rig::Program run(scratch, {"run", world.bench(), "--case", "SEC_DLMS_00[13]/*", "--case",
                             "SEC_AUTH_005/*", "--case", "SEC_AUTH_011/*", "--case",
                             "SEC_AUTH_004/*", "--case", "SEC_DLMS_016/*"});
  const rig::fs::path folder = run.run_folder();
  const rig::Ended ended = run.wait();
  EXPECT_THAT(ended, ExitedWith(0));

  // The password has been on both wires, else this test proves nothing.
  for (const std::string channel : {"p01.tcp", "p01.optical"}) {
    const std::string transcript = rig::read_text(folder / "transcripts" / (channel + ".jsonl"));
    EXPECT_THAT(transcript, ::testing::HasSubstr("\"secret\":\"p01.reader.password\"")) << channel;
  }
  int files = 0;
  const auto search = [&](const std::string& where, const std::string& content) {
    for (const auto& [secret, octets] : secrets) {
      for (const auto& [spelling, text] : spellings(octets)) {
        ASSERT_GE(text.size(), 8u) << secret;
        EXPECT_EQ(content.find(text), std::string::npos)
            << secret << " stands in " << where << " (" << spelling << ")";
      }
    }
  };
  for (const auto& entry : rig::fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    ++files;
    search(entry.path().lexically_relative(folder), rig::read_text(entry.path()));
  }
  search("what the program printed", ended.out);
  EXPECT_GT(files, 10);

  const auto run_folder = journal::RunFolder::open(folder);
  EXPECT_THAT(run_folder.verify(), ::testing::IsEmpty());
  rig::write_text(folder / "transcripts" / "source.jsonl", "nothing was ever sent\n");
  EXPECT_THAT(run_folder.verify(),
              ::testing::ElementsAre(::testing::HasSubstr("transcripts/source.jsonl")));
}

}  // namespace
}  // namespace meterproof::suites
