#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "harness/bench/signals.hpp"
#include "harness/journal/journal.hpp"
#include "harness/journal/journal_reader.hpp"
#include "harness/journal/run_model.hpp"
#include "harness/journal/run_summary.hpp"
#include "reports/terminal.hpp"
#include "suites/app/commands.hpp"

namespace meterproof::suites {
namespace {

reports::TerminalStyle terminal_style() {
  reports::TerminalStyle style;
  style.colour = ::isatty(STDOUT_FILENO) && !std::getenv("NO_COLOR");
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40)
    style.width = size.ws_col;
  return style;
}

// Prints a line for each verdict as it falls.
class ProgressObserver final : public journal::JournalObserver {
 public:
  explicit ProgressObserver(reports::TerminalStyle style) : style_(style) {}

  void on_event(const boost::json::object& event) override {
    model_.add(event);
    const auto* type = event.if_contains("type");
    if (!type || !type->is_string()) return;
    if (type->as_string() == "progress") {
      progress_.eta_s = event.at("eta_s").to_number<double>();
    } else if (type->as_string() == "verdict") {
      const auto* record = model_.find(std::string_view(event.at("case").as_string()));
      const journal::RunSummary summary = summarise(model_);
      progress_.total = summary.cases;
      progress_.done = summary.cases - summary.running - summary.not_started;
      if (record) print(reports::verdict_line(*record, progress_, style_));
    } else if (type->as_string() == "health" && !event.at("ok").as_bool()) {
      print(fmt::format("{}: {}", std::string_view(event.at("position").as_string()),
                        std::string_view(event.at("detail").as_string())));
    }
  }

 private:
  static void print(const std::string& line) {
    std::fwrite(line.data(), 1, line.size(), stdout);
    if (line.empty() || line.back() != '\n') std::fputc('\n', stdout);
    std::fflush(stdout);
  }

  reports::TerminalStyle style_;
  journal::RunModel model_;
  reports::Progress progress_;
};

void say(const char* text) { std::fputs(text, stderr); }

}  // namespace

int run_command(RunCommand command) {
  bench::SignalStops signals;
  command.options.after_step = signals.after_step();
  command.options.abort = signals.abort();
  const reports::TerminalStyle style = terminal_style();
  if (!command.quiet) {
    command.options.observers.push_back(std::make_shared<ProgressObserver>(style));
  }
  Campaign campaign(command.options);
  if (campaign.plan().empty()) {
    std::fprintf(stderr, "meterproof: the selection matches no case of the catalogue\n");
    return 4;
  }
  campaign.begin();
  std::printf("run folder: %s\n", campaign.run_folder().c_str());
  std::fflush(stdout);
  std::string fault;
  const auto attempt = [&fault](const auto& work) {
    try {
      work();
    } catch (const std::exception& error) {
      if (fault.empty()) fault = error.what();
    }
  };
  int code = 3;
  {
    // What a signal does must be seen at once, also under --quiet.
    const std::stop_callback first(command.options.after_step, [] {
      say("meterproof: stopping after this step; a second signal aborts it\n");
    });
    const std::stop_callback second(command.options.abort,
                                    [] { say("meterproof: aborting; the bench is made safe\n"); });
    attempt([&] { campaign.run_all(); });
    attempt([&] { code = campaign.finish(); });
  }
  const journal::RunModel model(journal::read_journal(campaign.run_folder() / "journal.jsonl"));
  std::printf("\n%s", reports::closing_table(model, style).c_str());
  if (!fault.empty()) std::fprintf(stderr, "meterproof: %s\n", fault.c_str());
  std::printf("%s\n", std::filesystem::absolute(campaign.run_folder()).lexically_normal().c_str());
  return fault.empty() ? code : 3;
}

}  // namespace meterproof::suites
