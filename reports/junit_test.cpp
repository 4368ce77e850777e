#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <pugixml.hpp>
#include <random>

#include "harness/errors.hpp"
#include "harness/journal/journal_reader.hpp"
#include "harness/journal/run_folder.hpp"
#include "harness/journal/run_summary.hpp"
#include "harness/journal/test_folder.hpp"
#include "harness/journal/write_file.hpp"
#include "reports/junit_content.hpp"
#include "reports/junit_observer.hpp"
#include "reports/regenerate.hpp"
#include "reports/reporter.hpp"

namespace meterproof::reports {
namespace {

using journal::TestFolder;

const std::filesystem::path k_source_dir = METERPROOF_SOURCE_DIR;
const std::filesystem::path k_data = k_source_dir / "reports" / "test_data";

std::string contents_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

journal::RunModel sample_run() {
  return journal::RunModel(journal::read_journal(k_data / "sample_journal.jsonl"));
}

// Runs a program; its exit code.
int outcome_of(const std::string& command) { return std::system(command.c_str()); }

class JunitDialect : public testing::TestWithParam<std::string> {
 protected:
  // The approved file is what a person has looked at. METERPROOF_APPROVE=1 takes the new one over.
  void expect_approved(const std::string& document) {
    const auto approved = k_data / ("sample_" + GetParam() + ".approved.xml");
    if (std::getenv("METERPROOF_APPROVE") != nullptr) {
      journal::write_file_atomically(approved, document);
    }
    EXPECT_EQ(document, contents_of(approved));
  }
};

TEST_P(JunitDialect, SaysTheSampleRunAsApproved) {
  expect_approved(junit_reporter(GetParam()).render(sample_run(), {"runs/sample/"}));
}

TEST_P(JunitDialect, IsReadBackByAnIndependentReaderAndItsSchema) {
  const TestFolder folder;
  std::filesystem::copy(k_data / "sample_journal.jsonl", folder / "journal.jsonl");
  regenerate(folder.path(), GetParam());
  EXPECT_EQ(outcome_of("'" + (k_source_dir / "scripts" / "check-junit").string() + "' --dialect " +
                       GetParam() + " '" + (folder / "junit.xml").string() + "' >&2"),
            0);
}

// Whatever the journal holds - any order, any bytes, any numbers - the document is well-formed and
// its counts agree with its cases.
TEST_P(JunitDialect, IsWellFormedForAnyEventsInAnyOrder) {
  std::mt19937_64 random(20261122);
  auto events = journal::read_journal(k_data / "sample_journal.jsonl");
  const auto junk = [&random] {
    std::string bytes(random() % 40, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    return bytes;
  };
  for (int round = 0; round < 60; ++round) {
    std::shuffle(events.begin(), events.end(), random);
    journal::RunModel model;
    for (auto event : events) {
      for (auto& member : event) {
        const auto dice = random() % 12;
        if (dice == 0) member.value() = junk();
        if (dice == 1) member.value() = static_cast<std::int64_t>(random());
        if (dice == 2) member.value() = -1e308;
        if (dice == 3) member.value() = nullptr;
      }
      model.add(event);
    }
    const std::string document = junit_reporter(GetParam()).render(model, {});
    pugi::xml_document xml;
    ASSERT_TRUE(xml.load_string(document.c_str())) << document;
    int cases = 0, results = 0;
    for (const auto& node : xml.select_nodes("//testcase")) {
      ++cases;
      for (const auto& child : node.node().children()) {
        const std::string name = child.name();
        results += name == "failure" || name == "error" || name == "skipped" ? 1 : 0;
      }
    }
    int told_tests = 0, told_results = 0;
    for (const auto& node : xml.select_nodes("//testsuite")) {
      told_tests += node.node().attribute("tests").as_int();
      for (const char* kind : {"failures", "errors", "skipped"}) {
        told_results += node.node().attribute(kind).as_int();
      }
    }
    EXPECT_EQ(cases, told_tests);
    EXPECT_EQ(results, told_results);
    EXPECT_EQ(cases, static_cast<int>(model.cases().size()));
    EXPECT_EQ(document.find_first_of(std::string("\0\x01\x07\x0b\x1b\r\x7f", 7)),
              std::string::npos);
  }
}

INSTANTIATE_TEST_SUITE_P(All, JunitDialect, testing::Values("rich", "jenkins-xunit", "ant"),
                         [](const auto& info) {
                           std::string name = info.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

const JunitCase& case_named(const JunitRun& run, const std::string& name) {
  for (const auto& suite : run.suites) {
    for (const auto& junit : suite.cases) {
      if (junit.name == name) return junit;
    }
  }
  throw std::runtime_error("no case " + name);
}

TEST(JunitContent, EveryStateHasItsElement) {
  const JunitRun run = junit_content(sample_run(), {});
  const auto result = [&](const std::string& name) { return case_named(run, name).result; };
  EXPECT_EQ(result("ACC_LOAD_001/i1p0_pf1/p01").element, JunitElement::none);
  EXPECT_EQ(result("ACC_LOAD_001/i1p0_pf1/p02").element, JunitElement::failure);
  EXPECT_EQ(result("ACC_LOAD_001/i0p1_pf0p5l/p01").type, "Inconclusive");
  EXPECT_EQ(result("ACC_LOAD_001/i0p1_pf0p5l/p01").element, JunitElement::error);
  EXPECT_EQ(result("ACC_LOAD_001/i0p1_pf0p5l/p02").type, "BenchError");
  EXPECT_EQ(result("SEC_ACL_002/base/p01").type, "MissingCapability");
  EXPECT_EQ(result("ACC_NOLOAD_001/base/p01").element, JunitElement::error);
  EXPECT_EQ(result("ACC_NOLOAD_001/base/p01").type, "Interrupted");
  EXPECT_EQ(result("ACC_NOLOAD_001/base/p02").element, JunitElement::skipped);
  EXPECT_EQ(result("ACC_NOLOAD_001/base/p02").type, "NotRun");
}

TEST(JunitContent, AnAttemptLostToAKillIsToldAndTheVerdictAfterItDecides) {
  const JunitRun run = junit_content(sample_run(), {});
  const JunitCase& junit = case_named(run, "SEC_ACL_002/base/p02");
  EXPECT_EQ(junit.result.element, JunitElement::none);
  EXPECT_TRUE(junit.passed_at_last);
  ASSERT_EQ(junit.reruns.size(), 1U);
  EXPECT_EQ(junit.reruns[0].type, "Interrupted");
}

TEST(JunitContent, AttachmentLinesFitIntoWhatServersKeepAndADutCannotForgeOne) {
  const JunitRun run = junit_content(sample_run(), {"runs/sample/"});
  const JunitCase& junit = case_named(run, "SEC_AUTH_001/base/p02");
  EXPECT_THAT(
      junit.attachment_lines,
      testing::StartsWith("[[ATTACHMENT|runs/sample/cases/SEC_AUTH_001/base/p02/apdu.hex]]\n"));
  EXPECT_LT(junit.attachment_lines.size(), k_kept_output);
  EXPECT_THAT(junit.log,
              testing::HasSubstr("file runs/sample/cases/SEC_AUTH_001/base/p02/capture"));
  EXPECT_THAT(junit.log, testing::Not(testing::HasSubstr("[[ATTACHMENT")));
}

TEST(Reporters, AreFoundByNameAndAWrongNameNamesThem) {
  EXPECT_THAT(junit_dialects(), testing::ElementsAre("ant", "jenkins-xunit", "rich"));
  try {
    junit_reporter("richh");
    FAIL();
  } catch (const harness::ConfigError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("ant, jenkins-xunit, rich"));
  }
}

TEST(JunitObserver, LeavesAValidFileAfterTheFirstEventAndTheWholeRunAfterFinish) {
  const TestFolder folder;
  const auto events = journal::read_journal(k_data / "sample_journal.jsonl");
  auto journal = journal::Journal::create(folder / "journal.jsonl");
  const auto observer = std::make_shared<JunitObserver>(folder.path());
  journal->add_observer(observer);
  for (auto event : events) {
    const std::string type(event.at("type").as_string());
    for (const char* header : {"seq", "t", "mono_ns", "bench_ns", "type"}) event.erase(header);
    journal->append(type, event, journal::Durability::written);
  }
  journal->flush();
  observer->finish();
  const std::string live = contents_of(folder / "junit.xml");
  const journal::RunModel model = regenerate(folder.path());
  EXPECT_EQ(contents_of(folder / "junit.xml"), live) << "the file derived later is the same";
  EXPECT_THAT(live, testing::HasSubstr("Interrupted"));
  EXPECT_EQ(model.cases().size(), 11U);
}

TEST(Regenerate, RenewsOnlyItsOwnFilesInTheManifest) {
  const TestFolder runs;
  const auto folder = journal::RunFolder::create(runs.path());
  std::filesystem::copy(k_data / "sample_journal.jsonl", folder.journal());
  journal::write_file_atomically(folder.cases() / "evidence.csv", std::string_view("1,2\n"));
  folder.write_manifest();
  EXPECT_TRUE(folder.verify().empty());
  journal::write_file_atomically(folder.cases() / "evidence.csv", std::string_view("1,3\n"));
  regenerate(folder.path());
  EXPECT_THAT(folder.verify(), testing::ElementsAre("cases/evidence.csv: changed"));
  std::filesystem::remove(folder.cases() / "evidence.csv");
  EXPECT_THAT(folder.verify(), testing::ElementsAre("cases/evidence.csv: missing"));
  EXPECT_TRUE(std::filesystem::exists(folder.report()));
}

}  // namespace
}  // namespace meterproof::reports
