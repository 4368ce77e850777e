// A procedure is one test: what it is called, which clauses it covers, what it needs and disturbs,
// and a plain blocking function that judges through the Context (TTCN-3 would say test case).
// Declarations are what the scheduler plans by.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace meterproof::harness {

class Context;

enum class Supply { none, voltage, load };
enum class Disturbs { nothing, communication, metering };
// In the order in which they may run: harmless ones first.
enum class Destructiveness { none, disruptive, state_changing, destructive };
enum class Severity { low, medium, high, critical };
// Parameters (guesses, seconds, bots, pulses) come in tiers; a verdict states the tier reached.
enum class Tier { demo, standard, full };

std::string_view to_string(Supply supply);
std::string_view to_string(Disturbs disturbs);
std::string_view to_string(Destructiveness destructiveness);
std::string_view to_string(Severity severity);
std::string_view to_string(Tier tier);

struct Clause {
  std::string standard;  // "IEC 62053-21:2003"
  std::string number;    // "8.1 Table 6"
};

struct Declaration {
  Supply supply = Supply::voltage;
  // The procedure sets the load itself, in lockstep with the other positions. False: it uses what
  // is held.
  bool changes_supply = false;
  // Voltage-only guests may run on the other interfaces while this procedure holds the voltage
  // (no-load test).
  bool hosts_guests = false;
  std::vector<std::string> interfaces;  // interface names used: "tcp", "optical"
  Disturbs disturbs = Disturbs::nothing;
  Destructiveness destructiveness = Destructiveness::none;
  // What of the unit's life it uses up, for the ledger: "invocation_counter", "lock_out",
  // "relay_cycle", "flash_write".
  std::vector<std::string> consumes;
  bool one_position_at_a_time = false;
  // Couples bench time and wall time, so it runs only on a bench whose scale is 1.
  bool real_time = false;
};

// A form of the procedure: a load point, an attack form. Never a procedure id of its own.
struct Variant {
  std::string name = "base";  // [A-Za-z0-9_]+
  std::string title;
  std::vector<std::string> needs;  // capabilities in addition to the procedure's
};

// A form that the catalogue entry names but that needs what is not built or not declared yet;
// printed with every verdict.
struct NotExercised {
  std::string form;
  std::string reason;
};

// The proof that the procedure can fail: one weakness of the simulated meter, and the expectation
// that catches it.
struct Mutant {
  std::string weakness;
  std::string expectation;
  std::vector<std::string> variants;  // that must catch it; empty: all
};

struct Procedure {
  std::string id;     // "SEC_AUTH_001"
  std::string suite;  // "security"
  std::string title;
  std::string objective;
  Severity severity = Severity::medium;
  std::vector<Clause> clauses;
  std::vector<std::string> needs;  // capabilities; a missing one ends as skipped
  Declaration declaration;
  std::vector<Variant> variants = {Variant{}};
  std::vector<NotExercised> not_exercised;
  std::vector<Mutant> mutants;
  std::function<void(Context&)> body;
};

}  // namespace meterproof::harness
