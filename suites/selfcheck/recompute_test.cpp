// The independent recomputation (recompute.py) agrees with what the harness has written, and finds
// what was tampered with.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "suites/accuracy/test_only/accuracy_rig.hpp"

namespace meterproof::suites {
namespace {

struct Recomputed {
  int exit_code = -1;
  std::string output;
};

Recomputed recompute(const std::filesystem::path& folder) {
  const std::string command = "python3 '" METERPROOF_SOURCE_DIR
                              "/suites/selfcheck/recompute.py' '" +
                              folder.string() + "' 2>&1";
  Recomputed result;
  FILE* pipe = ::popen(command.c_str(), "r");
  if (!pipe) return result;
  std::array<char, 512> buffer{};
  while (std::fgets(buffer.data(), static_cast<int>(buffer.size()), pipe)) {
    result.output += buffer.data();
  }
  const int status = ::pclose(pipe);
  if (WIFEXITED(status)) result.exit_code = WEXITSTATUS(status);
  return result;
}

TEST(Recompute, AgreesWithEveryKindOfResult) {
  struct One {
    const char* id;
    RigDefects defects;
    const char* variant;
    const char* figures;
  };
  const One cases[] = {{"ACC_LOAD_001", {.gain = 0.0042, .jitter_s = 2e-4}, "i0p1_pf0p5l", "2"},
                       {"ACC_LOAD_001", {.gain = 0.03}, "imax_pf1", "2"},
                       {"ACC_LOAD_001", {.reference_uncertainty = 0.01}, "i1_pf1", "2"},
                       {"ACC_REG_001", {.register_scale = 0.997}, "base", "1"},
                       {"ACC_NOLOAD_001", {.creep_w = 50}, "base", "1"}};
  for (const One& one : cases) {
    const RigRun run(one.id, one.defects, one.variant);
    const Recomputed result = recompute(run.folder());
    EXPECT_EQ(result.exit_code, 0) << one.id << ": " << result.output;
    EXPECT_NE(result.output.find(std::string(one.figures) + " figures computed again"),
              std::string::npos)
        << result.output;
  }
}

TEST(Recompute, FindsAnEdgeThatWasMoved) {
  const RigRun run("ACC_LOAD_001", {}, "i1_pf1");
  const auto path = run.folder() / "cases/ACC_LOAD_001/i1_pf1/p1/edges.csv";
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  std::string edges = text.str();
  const auto digit = edges.rfind(',') + 3;
  edges[digit] = edges[digit] == '9' ? '8' : '9';
  std::ofstream(path) << edges;
  const Recomputed result = recompute(run.folder());
  EXPECT_EQ(result.exit_code, 1) << result.output;
  EXPECT_NE(result.output.find("percentage_error"), std::string::npos) << result.output;
  EXPECT_NE(result.output.find("is not the file"), std::string::npos) << result.output;
}

}  // namespace
}  // namespace meterproof::suites
