// What the tests of the program `meterproof` share: they run the built programs as a user does, as
// processes of their own, and look only at what a user can see - exit codes, messages, the run
// folder, and the source's own answer to whether its output is on.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <pugixml.hpp>
#include <string>
#include <vector>

#include "harness/bench/child_process.hpp"
#include "harness/deadline.hpp"
#include "harness/journal/journal_reader.hpp"
#include "harness/link/link.hpp"

namespace meterproof::suites::rig {

namespace fs = std::filesystem;
using harness::Deadline;

// How long a test waits for what must come, on a slow and busy machine.
constexpr std::chrono::seconds k_patience{60};

inline std::string read_text(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void write_text(const fs::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
}

inline std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const auto at = text.find(what);
  if (at == std::string::npos) ADD_FAILURE() << "no '" << what << "' in:\n" << text;
  return at == std::string::npos ? text : text.replace(at, what.size(), by);
}

// Asks again and again until it holds; false when the time is over first.
inline bool comes_true(const std::function<bool()>& holds,
                       Deadline deadline = Deadline::after(k_patience)) {
  for (;;) {
    if (holds()) return true;
    if (deadline.passed()) return false;
    harness::wait(std::chrono::milliseconds(5), {});
  }
}

// A directory of the test's own.
class Scratch {
 public:
  Scratch() {
    static std::atomic<int> count = 0;
    path_ = fs::path(::testing::TempDir()) /
            ("program_" + std::to_string(::getpid()) + "_" + std::to_string(count++));
    fs::create_directories(path_);
  }
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  operator const fs::path&() const { return path_; }
  fs::path operator/(const std::string& name) const { return path_ / name; }

 private:
  fs::path path_;
};

struct Ended {
  bench::ExitStatus status;
  std::string out;  // standard output and standard error
};

// A running `meterproof` (or what a wrapper in front of it makes of it).
class Program {
 public:
  Program(const fs::path& scratch, const std::vector<std::string>& arguments,
          const std::vector<std::string>& wrapper = {}) {
    static std::atomic<int> count = 0;
    log_ = scratch / ("out_" + std::to_string(count++) + ".txt");
    std::vector<std::string> all = wrapper;
    all.push_back(bench::own_program("meterproof"));
    all.insert(all.end(), arguments.begin(), arguments.end());
    bench::ChildOptions options;
    options.log_file = log_.string();
    options.start_directory = scratch.string();
    process_ = std::make_unique<bench::ChildProcess>(all, options);
  }

  bool running() { return !process_->exit_status(); }
  void signal(int number) { process_->send_signal(number); }
  // Ends it by force, and fails the test, when it does not end by itself in time.
  Ended wait(Deadline deadline = Deadline::after(k_patience)) {
    auto status = process_->wait_exit(deadline);
    if (!status) {
      ADD_FAILURE() << "does not end by itself; it said:\n" << said();
      process_->send_signal(SIGKILL);
      status = process_->wait_exit(Deadline::after(k_patience));
    }
    try {  // until all of its output has been written
      process_->wait_line([](auto) { return false; }, Deadline::after(k_patience));
    } catch (const std::exception&) {
    }
    return {status.value_or(bench::ExitStatus{true, SIGKILL}), said()};
  }
  std::string said() const { return read_text(log_); }
  // The run folder, as soon as it is named.
  fs::path run_folder() {
    const std::string line =
        process_->wait_line([](std::string_view text) { return text.starts_with("run folder: "); },
                            Deadline::after(k_patience));
    return log_.parent_path() / line.substr(12);
  }

 private:
  fs::path log_;
  std::unique_ptr<bench::ChildProcess> process_;
};

inline Ended run_program(const fs::path& scratch, const std::vector<std::string>& arguments,
                         const std::vector<std::string>& wrapper = {}) {
  return Program(scratch, arguments, wrapper).wait();
}

MATCHER_P(ExitedWith, code, "exited with code " + std::to_string(code)) {
  *result_listener << to_string(arg.status) << ", and said:\n" << arg.out;
  return arg.status == bench::ExitStatus{false, code};
}

// A world that was started apart from any run, as a real bench is.
class World {
 public:
  explicit World(const fs::path& directory, const std::vector<std::string>& more = {})
      : directory_(directory) {
    fs::create_directories(directory_);
    std::vector<std::string> all{bench::own_program("meterproof"), "simulate", "--directory",
                                 directory_.string()};
    all.insert(all.end(), more.begin(), more.end());
    bench::ChildOptions options;
    options.log_file = (directory_ / "world.log").string();
    process_ = std::make_unique<bench::ChildProcess>(all, options);
    process_->wait_line([](std::string_view line) { return line.starts_with("READY "); },
                        Deadline::after(k_patience));
    const std::string text = bench_text();
    const auto link = text.find("link = \"tcp://", text.find("[source]")) + 8;
    source_url_ = text.substr(link, text.find('"', link) - link);
  }

  std::string bench() const { return (directory_ / "bench.toml").string(); }
  std::string bench_text() const { return read_text(bench()); }
  const fs::path& directory() const { return directory_; }
  void kill() {
    process_->send_signal(SIGKILL);
    process_->wait_exit(Deadline::after(k_patience));
  }

  // What the source itself says, over a connection of ours.
  std::string ask(const std::string& query) const {
    const auto deadline = Deadline::after(k_patience);
    const auto source = link::open(source_url_, {.deadline = deadline});
    if (!source) throw std::runtime_error("the source: " + source.error().message());
    const std::string line = query + "\n";
    (void)(*source)->write(std::as_bytes(std::span(line)), deadline, {});
    std::string answer;
    while (answer.empty() || answer.back() != '\n') {
      std::array<std::byte, 256> buffer{};
      const auto got = (*source)->read(buffer, deadline, {});
      if (!got) throw std::runtime_error("the source: " + got.error().message());
      answer.append(reinterpret_cast<const char*>(buffer.data()), *got);
    }
    return answer.substr(0, answer.size() - 1);
  }
  std::uint16_t source_port() const {
    return static_cast<std::uint16_t>(std::stoi(source_url_.substr(source_url_.rfind(':') + 1)));
  }
  bool is_on() const { return ask("OUTP?") == "1"; }

 private:
  fs::path directory_;
  std::unique_ptr<bench::ChildProcess> process_;
  std::string source_url_;
};

// The journal of a run, perhaps one that goes on.
class Journal {
 public:
  explicit Journal(const fs::path& run_folder) : path_(run_folder / "journal.jsonl") {}

  std::vector<boost::json::object> events(std::string_view type = {}) const {
    auto all = journal::read_journal(path_);
    if (!type.empty())
      std::erase_if(all, [&](const auto& e) { return e.at("type").as_string() != type; });
    return all;
  }
  std::size_t count(std::string_view type = {}) const { return events(type).size(); }
  // How often each case has been started, or judged.
  std::map<std::string, int> count_by_case(std::string_view type) const {
    std::map<std::string, int> counts;
    for (const auto& event : events(type)) ++counts[std::string(event.at("case").as_string())];
    return counts;
  }
  std::vector<std::string> planned() const {
    std::vector<std::string> cases;
    for (const auto& event : events("run_started"))
      for (const auto& each : event.at("planned").as_array())
        cases.emplace_back(each.at("case").as_string());
    return cases;
  }
  // One field of the latest verdict of a case; empty when there is none.
  std::string verdict(const std::string& case_id, std::string_view field = "verdict") const {
    std::string latest;
    for (const auto& event : events("verdict"))
      if (event.at("case").as_string() == case_id) latest = event.at(field).as_string();
    return latest;
  }

 private:
  fs::path path_;
};

// A JUnit file as a reader that is not ours finds it: test case -> "passed", "failure", or
// "error"/"skipped" with its type, as "error Interrupted". Fails the test when it is no XML.
inline std::map<std::string, std::string> read_junit(const fs::path& path) {
  std::map<std::string, std::string> outcomes;
  pugi::xml_document document;
  const auto parsed = document.load_file(path.c_str());
  EXPECT_TRUE(parsed) << path << ": " << parsed.description();
  for (const auto& found : document.select_nodes("//testcase")) {
    const pugi::xml_node test = found.node();
    std::string outcome = "passed";
    for (const char* kind : {"failure", "error", "skipped"}) {
      if (const auto child = test.child(kind)) {
        const std::string type = child.attribute("type").value();
        outcome = std::string(kind) + (type.empty() ? "" : " " + type);
      }
    }
    outcomes[test.attribute("name").value()] = outcome;
  }
  return outcomes;
}

inline int count_of(const std::map<std::string, std::string>& outcomes, const std::string& what) {
  return static_cast<int>(std::count_if(outcomes.begin(), outcomes.end(), [&](const auto& entry) {
    return entry.second.rfind(what, 0) == 0;
  }));
}

}  // namespace meterproof::suites::rig
