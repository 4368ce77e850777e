#include "suites/security/head_end.hpp"

#include "devices/cosem/objects.hpp"

namespace meterproof::suites {

using harness::Deadline;
using harness::WallClock;
using harness::WallTime;

double HeadEnd::since_origin(WallTime when) const {
  return std::chrono::duration<double>(when - origin_).count();
}

harness::Result<double> HeadEnd::read_once(Deadline deadline) const {
  const auto name = cosem::LogicalName::parse(meter_.type().register_energy)
                        .value_or(cosem::names::k_active_import);
  auto session = meter_.session(
      settings_.interface, settings_.client, deadline, stop_,
      {.settings = {}, .own_address = settings_.own_address, .client_sap = {}, .server_sap = {}});
  if (!session) return session.error();
  const auto energy = cosem::read_register(*session, name, deadline, stop_);
  const auto closed = session->close(deadline, stop_);
  if (!energy) return energy.error();
  if (!closed) return closed.error();
  return energy->value();
}

Transaction HeadEnd::transact(WallTime due) const {
  Transaction transaction;
  transaction.due = since_origin(due);
  const WallTime begun = WallClock::now();
  transaction.begun = since_origin(begun);
  const auto energy = read_once(Deadline::at(begun + settings_.timeout));
  transaction.ended = since_origin(WallClock::now());
  transaction.good = energy.has_value();
  if (energy) {
    transaction.energy_wh = *energy;
  } else {
    transaction.problem = energy.error().message();
  }
  return transaction;
}

TrafficPhase HeadEnd::serve(std::string name, harness::WallDuration span) const {
  const WallTime from = WallClock::now();
  TrafficPhase phase{std::move(name),
                     static_cast<int>(span / settings_.period),
                     std::chrono::duration<double>(span).count(),
                     {}};
  // A hiccup just before the end must not cost what was due already; a meter that is too slow for
  // the schedule gains no more than this.
  const WallTime last_begin = from + span + span / 5;
  for (int i = 0; i < phase.offered; ++i) {
    const WallTime due = from + i * settings_.period;
    const WallTime now = WallClock::now();
    if (now >= last_begin) break;
    if (due > now) harness::wait(due - now, stop_);
    phase.transactions.push_back(transact(due));
  }
  // Whatever was quick leaves the rest of the phase to the attack.
  const WallTime now = WallClock::now();
  if (now < from + span) harness::wait(from + span - now, stop_);
  return phase;
}

TrafficPhase HeadEnd::serve_until_good(std::string name, int in_a_row,
                                       harness::WallDuration patience) const {
  const WallTime from = WallClock::now();
  TrafficPhase phase{std::move(name), 0, 0, {}};
  WallTime due = from;
  int row = 0;
  while (row < in_a_row && WallClock::now() < from + patience) {
    if (const WallTime now = WallClock::now(); due > now) harness::wait(due - now, stop_);
    phase.transactions.push_back(transact(due));
    row = phase.transactions.back().good ? row + 1 : 0;
    due = std::max(due + settings_.period, WallClock::now());
  }
  phase.offered = static_cast<int>(phase.transactions.size());
  phase.seconds = std::chrono::duration<double>(WallClock::now() - from).count();
  return phase;
}

}  // namespace meterproof::suites
