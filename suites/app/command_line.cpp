#include <CLI/CLI.hpp>
#include <cstdio>
#include <map>

#include "harness/errors.hpp"
#include "suites/app/commands.hpp"

namespace meterproof::suites {
namespace {

const std::map<std::string, harness::Tier> k_tiers{{"demo", harness::Tier::demo},
                                                   {"standard", harness::Tier::standard},
                                                   {"full", harness::Tier::full}};
const std::map<std::string, harness::Severity> k_severities{
    {"low", harness::Severity::low},
    {"medium", harness::Severity::medium},
    {"high", harness::Severity::high},
    {"critical", harness::Severity::critical}};

struct SelectionOptions {
  harness::Selection selection;
  std::string at_least = "low";

  void add_to(CLI::App& app) {
    app.add_option("--suite", selection.suites, "only these suites: accuracy, security, ...");
    app.add_option("--case", selection.cases,
                   "only these: shell patterns on procedure id or case, 'ACC_*', '*/p01'");
    app.add_option("--clause", selection.clauses,
                   "only procedures that cover a clause with this text, '62053-21'");
    app.add_option("--severity", at_least, "only this severity and above")
        ->check(CLI::IsMember({"low", "medium", "high", "critical"}));
  }
  harness::Selection get() const {
    harness::Selection result = selection;
    if (at_least != "low") result.at_least = k_severities.at(at_least);
    return result;
  }
};

int dispatch(int argc, char** argv) {
  CLI::App app{"Proves that a smart meter is secure and measures what it bills."};
  app.name("meterproof");
  app.require_subcommand(1);
  app.set_version_flag("--version", METERPROOF_VERSION);

  RunCommand run;
  SelectionOptions run_selection;
  std::string run_bench;
  std::string tier = "demo";
  std::string resume;
  CLI::App* run_app = app.add_subcommand("run", "run procedures on a bench");
  run_app->add_option("bench", run_bench, "bench file; without one, the virtual bench is started");
  run_selection.add_to(*run_app);
  run_app->add_option("--tier", tier, "size of the parameters: demo, standard, full")
      ->check(CLI::IsMember({"demo", "standard", "full"}))
      ->capture_default_str();
  run_app->add_option("--seed", run.options.seed, "run seed; 0 draws one");
  run_app->add_option("--runs", run.options.runs, "folder for run folders")->capture_default_str();
  run_app->add_option("--resume", resume, "finish the run in this run folder");
  run_app->add_option("--junit-dialect", run.options.junit_dialect, "rich, jenkins-xunit or ant")
      ->check(CLI::IsMember({"rich", "jenkins-xunit", "ant"}))
      ->capture_default_str();
  run_app->add_flag("--quiet", run.quiet, "no progress, only the closing table");
  run_app
      ->add_option("--virtual-positions", run.options.virtual_positions,
                   "positions of the virtual bench")
      ->check(CLI::Range(1, 16))
      ->capture_default_str();
  run_app->add_option("--virtual-scale", run.options.virtual_scale, "bench seconds per second")
      ->capture_default_str();
  run_app->add_option("--weakness", run.options.weaknesses,
                      "defect of the virtual bench's meters: NAME or POSITION:NAME");

  ListCommand list;
  SelectionOptions list_selection;
  CLI::App* list_app = app.add_subcommand("list", "list the catalogue of procedures");
  list_selection.add_to(*list_app);
  list_app->add_flag("--json", list.json, "as JSON");

  CheckCommand check;
  bool no_probe = false;
  CLI::App* check_app =
      app.add_subcommand("check", "check a bench file and whether its devices can be reached");
  check_app->add_option("bench", check.bench, "bench file")->required();
  check_app->add_flag("--no-probe", no_probe, "only the file");

  ObjectsCommand objects;
  CLI::App* objects_app =
      app.add_subcommand("objects", "print the COSEM objects of a meter and a client's rights");
  objects_app->add_option("bench", objects.bench, "bench file")->required();
  objects_app->add_option("--position", objects.position, "default: the first");
  objects_app->add_option("--client", objects.client, "default: the one that procedures read with");
  objects_app->add_flag("--read", objects.read, "also the values, with scaler and unit");
  objects_app->add_flag("--energise", objects.energise,
                        "hold nominal voltage meanwhile; else the meter must have supply");

  SimulateCommand simulate;
  bool no_noise = false;
  CLI::App* simulate_app = app.add_subcommand("simulate", "start a virtual bench and serve it");
  simulate_app->add_option("--directory", simulate.directory,
                           "where its bench.toml, secrets and truth go");
  simulate_app->add_option("--scale", simulate.scale, "bench seconds per second")
      ->capture_default_str();
  simulate_app->add_option("--positions", simulate.positions, "meters")
      ->check(CLI::Range(1, 16))
      ->capture_default_str();
  simulate_app->add_option("--seed", simulate.seed, "seed of keys and hidden errors")
      ->capture_default_str();
  simulate_app->add_flag("--no-noise", no_noise, "exact instruments and edges");
  simulate_app->add_option("--weakness", simulate.weaknesses, "NAME or POSITION:NAME");
  simulate_app->add_flag("--list-weaknesses", simulate.list_weaknesses, "what --weakness knows");
  simulate_app->add_flag("--exit-with-parent", simulate.exit_with_parent,
                         "end when standard input ends");

  ReportCommand report;
  std::string output;
  CLI::App* report_app = app.add_subcommand("report", "make the reports of a run folder again");
  report_app->add_option("run", report.run, "run folder")->required();
  report_app->add_option("--junit-dialect", report.dialect, "rich, jenkins-xunit or ant")
      ->check(CLI::IsMember({"rich", "jenkins-xunit", "ant"}))
      ->capture_default_str();
  report_app->add_option("--output", output, "JUnit file; default: junit.xml in the run folder");

  KillMatrixCommand matrix;
  CLI::App* matrix_app = app.add_subcommand(
      "kill-matrix",
      "prove that every procedure passes on a healthy meter and fails on its mutant");
  matrix_app->add_option("--case", matrix.procedures, "only these procedures (shell patterns)");
  matrix_app->add_option("--runs", matrix.runs, "folder for run folders; default: a temporary one");

  ListenCommand listen;
  CLI::App* listen_app = app.add_subcommand("listen", "print what meters push");
  listen_app
      ->add_option("url", listen.url,
                   "where: serial:, pty: (a line), tcp:, udp: (own address and port)")
      ->required();
  listen_app->add_option("--framing", listen.framing, "auto, hdlc, wrapper or mbus")
      ->check(CLI::IsMember({"auto", "hdlc", "wrapper", "mbus"}))
      ->capture_default_str();
  listen_app->add_option("--key-file", listen.key_file,
                         "encryption key, 32 hexadecimal digits, 64 in suite 2");
  listen_app->add_option("--authentication-key-file", listen.authentication_key_file,
                         "authentication key, 32 hexadecimal digits");
  listen_app->add_option("--count", listen.count, "end after so many telegrams");
  listen_app->add_option("--seconds", listen.seconds, "end after this time");

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? 0 : k_exit_configuration;
  }
  if (run_app->parsed()) {
    run.options.selection = run_selection.get();
    run.options.tier = k_tiers.at(tier);
    if (!run_bench.empty()) run.options.bench = run_bench;
    if (!resume.empty()) run.options.resume = resume;
    return run_command(std::move(run));
  }
  if (list_app->parsed()) {
    list.selection = list_selection.get();
    return list_command(list);
  }
  if (check_app->parsed()) {
    check.probe = !no_probe;
    return check_command(check);
  }
  if (objects_app->parsed()) return objects_command(objects);
  if (simulate_app->parsed()) {
    simulate.noise = !no_noise;
    return simulate_command(simulate);
  }
  if (listen_app->parsed()) return listen_command(listen);
  if (report_app->parsed()) {
    if (!output.empty()) report.output = output;
    return report_command(report);
  }
  return kill_matrix_command(matrix);
}

}  // namespace

int run_program(int argc, char** argv) {
  try {
    return dispatch(argc, argv);
  } catch (const harness::ConfigError& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return k_exit_configuration;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "meterproof: %s\n", error.what());
    return 3;
  }
}

}  // namespace meterproof::suites
