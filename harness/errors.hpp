// Exceptions of the harness. Who is to blame decides the type:
//
//   BenchError     link, instrument, lock, calibration: the bench is at fault     -> verdict error
//   ConfigError    bench file, plan, key file are wrong; carries every problem    -> exit code 2,
//   nothing energised InternalError  the harness contradicts itself -> verdict error, type
//   InternalError Cancelled      a stop was asked for (signal, deadline of the run)             ->
//   verdict error, type Interrupted
//
// What the DUT does is never an exception: see harness/result.hpp.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace meterproof::harness {

class BenchError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class InternalError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

class Cancelled : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// One problem of an input file. line counts from 1; 0 means the whole file.
struct Diagnostic {
  std::string file;
  int line = 0;
  std::string message;  // names the nearest valid name where a name was wrong
};

// "bench.toml:12: unknown key 'clas' (did you mean 'class'?)", one line for each problem.
std::string to_string(const Diagnostic& diagnostic);

class ConfigError : public std::runtime_error {
 public:
  explicit ConfigError(std::vector<Diagnostic> diagnostics);
  explicit ConfigError(Diagnostic diagnostic);

  const std::vector<Diagnostic>& diagnostics() const { return diagnostics_; }

 private:
  std::vector<Diagnostic> diagnostics_;
};

}  // namespace meterproof::harness
