// The commands of the program `meterproof`, one .cpp each. They return the exit code;
// command_line.cpp is the only file that knows CLI11.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "suites/app/campaign.hpp"

namespace meterproof::suites {

// Exit code 2: the bench file or the plan is wrong; nothing was energised.
inline constexpr int k_exit_configuration = 2;

struct RunCommand {
  CampaignOptions options;
  bool quiet = false;  // only the closing table
};
int run_command(RunCommand command);

struct ListCommand {
  harness::Selection selection;
  bool json = false;
};
int list_command(const ListCommand& command);

struct CheckCommand {
  std::filesystem::path bench;
  bool probe = true;
};
int check_command(const CheckCommand& command);

// The objects that a client sees in the meter at one position: names, rights, with read also their
// values. energise: hold nominal voltage meanwhile; without it the meter must have supply.
struct ObjectsCommand {
  std::filesystem::path bench;
  std::string position;  // empty: the first
  std::string client;    // empty: the one that procedures read with
  bool read = false;
  bool energise = false;
};
int objects_command(const ObjectsCommand& command);

struct SimulateCommand {
  std::filesystem::path directory;
  double scale = 1;
  int positions = 3;
  std::uint64_t seed = 1;
  bool noise = true;
  std::vector<std::string> weaknesses;
  bool list_weaknesses = false;
  bool exit_with_parent = false;
};
int simulate_command(const SimulateCommand& command);

struct ReportCommand {
  std::filesystem::path run;
  std::string dialect = "rich";
  std::optional<std::filesystem::path> output;
};
int report_command(const ReportCommand& command);

struct KillMatrixCommand {
  std::vector<std::string> procedures;  // patterns; empty: all
  std::filesystem::path runs;
};
int kill_matrix_command(const KillMatrixCommand& command);

// Prints what meters push. Keys come from files, never from the command line.
struct ListenCommand {
  std::string url;
  std::string framing = "auto";
  std::string key_file, authentication_key_file;  // hexadecimal
  int count = 0;                                  // end after so many telegrams; 0: never
  double seconds = 0;                             // end after that time; 0: never
};
// 0: every telegram was understood; 1: not every one; 3: nothing to listen to, or too few came.
int listen_command(const ListenCommand& command);

// Parses the command line and runs one command. Never throws.
int run_program(int argc, char** argv);

}  // namespace meterproof::suites
