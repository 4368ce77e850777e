// The house keeps its order: every procedure's file is in the catalogue, and no room includes what
// stands above it.
#include <regex>

#include "harness/catalogue.hpp"
#include "suites/app/test_only/program_rig.hpp"

namespace meterproof::suites {
namespace {

using ::testing::HasSubstr;

const rig::fs::path k_source = METERPROOF_SOURCE_DIR;

TEST(House, EveryFileWithAProcedureIsInTheCatalogue) {
  // A linker drops a file that only registers itself from a static library without a word.
  const std::regex registration(
      R"((^|\n)(\[\[maybe_unused\]\] )?(static )?const harness::Registration )");
  std::size_t files = 0;
  for (const auto& entry : rig::fs::recursive_directory_iterator(k_source / "suites")) {
    const std::string name = entry.path().filename();
    if (entry.path().extension() != ".cpp" || name.ends_with("_test.cpp")) continue;
    const std::string text = rig::read_text(entry.path());
    const auto found = std::distance(std::sregex_iterator(text.begin(), text.end(), registration),
                                     std::sregex_iterator());
    EXPECT_LE(found, 1) << name << ": one file, one procedure";
    files += static_cast<std::size_t>(found);
  }
  EXPECT_GT(files, 0u);
  EXPECT_EQ(harness::Catalogue::instance().all().size(), files);

  const rig::Scratch scratch;
  const rig::Ended listed = rig::run_program(scratch, {"list", "--json"});
  EXPECT_THAT(listed, rig::ExitedWith(0));
  for (const harness::Procedure* procedure : harness::Catalogue::instance().all()) {
    EXPECT_THAT(listed.out, HasSubstr('"' + procedure->id + '"'));
  }
}

rig::Ended check_includes(const rig::fs::path& scratch, const rig::fs::path& root) {
  const rig::fs::path log = scratch / "includes.txt";
  bench::ChildOptions options;
  options.log_file = log.string();
  bench::ChildProcess script({(k_source / "scripts" / "check-includes").string(), root.string()},
                             options);
  const auto status = script.wait_exit(harness::Deadline::after(rig::k_patience));
  try {  // until all of its output has been written
    script.wait_line([](auto) { return false; }, harness::Deadline::after(rig::k_patience));
  } catch (const std::exception&) {
  }
  return {status.value_or(bench::ExitStatus{true, SIGKILL}), rig::read_text(log)};
}

TEST(House, RoomsIncludeOnlyWhatStandsBelowThem) {
  const rig::Scratch scratch;
  EXPECT_THAT(check_includes(scratch, k_source), rig::ExitedWith(0));
}

TEST(House, EveryKindOfWrongIncludeIsFoundWithItsLine) {
  const rig::Scratch scratch;
  const rig::Scratch tree;
  const auto put = [&](const std::string& name, const std::string& text) {
    rig::fs::create_directories((tree / name).parent_path());
    rig::write_text(tree / name, text);
  };
  put("harness/up.cpp", "\n#include \"devices/meter.hpp\"\n");
  put("reports/curious.cpp", "#include \"harness/link/link.hpp\"\n");
  put("harness/heavy.hpp", "#pragma once\n#include <boost/asio/io_context.hpp>\n");
  put("devices/meters/knows.cpp", "#include \"devices/simulated/world.hpp\"\n");
  put("suites/security/knows.cpp", "#include \"devices/simulated/world.hpp\"\n");
  put("suites/app/root.cpp", "#include \"devices/simulated/inside.hpp\"\n");
  put("devices/simulated/inside.hpp", "#include <boost/asio.hpp>\n");
  const rig::Ended ended = check_includes(scratch, tree);
  EXPECT_THAT(ended, rig::ExitedWith(1));
  for (const std::string place :
       {"harness/up.cpp:2", "reports/curious.cpp:1", "harness/heavy.hpp:2",
        "devices/meters/knows.cpp:1", "suites/security/knows.cpp:1", "suites/app/root.cpp:1"}) {
    EXPECT_THAT(ended.out, HasSubstr(place + ": "));
  }
  EXPECT_THAT(ended.out, HasSubstr("7 files, 6 wrong includes"));
}

}  // namespace
}  // namespace meterproof::suites
