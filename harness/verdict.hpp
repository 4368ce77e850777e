// Verdicts. fail blames the DUT, error blames the bench, inconclusive blames nobody; skipped was
// not run, for a stated reason.
//
// Precedence inside one case: bench fault -> error; failed control -> inconclusive; failed
// expectation -> fail; undecided measurement -> inconclusive; else pass. CaseOutcome collects the
// parts and applies that order.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace meterproof::harness {

enum class Verdict { pass, skipped, inconclusive, fail, error };

std::string_view to_string(Verdict verdict);
std::optional<Verdict> verdict_from(std::string_view text);

// The parts of a case's verdict as they become known. Not thread safe: one case runs on one thread.
class CaseOutcome {
 public:
  void bench_fault(std::string type, std::string message);
  void requirement_not_met(std::string name, std::string detail);
  void failed_control(std::string name, std::string detail);
  void failed_expectation(std::string name, std::string detail);
  void undecided_measurement(std::string name, std::string detail);
  void skipped(std::string type, std::string message);

  Verdict verdict() const;
  // The first part that decided the verdict: type is a word of a closed list (docs/journal.md),
  // message is for people.
  std::string type() const;
  std::string message() const;
  // Name of the first failed expectation; empty unless verdict() is fail. The kill matrix compares
  // it.
  std::string expectation() const;

 private:
  struct Part {
    std::string type;
    std::string name;
    std::string message;
  };
  const Part* deciding() const;

  std::optional<Part> fault_, control_, expectation_, undecided_, skipped_;
};

}  // namespace meterproof::harness
