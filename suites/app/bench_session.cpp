#include "suites/app/bench_session.hpp"

#include <algorithm>
#include <filesystem>
#include <future>

#include "devices/meters/registry.hpp"
#include "devices/registry.hpp"
#include "harness/bench/address_guard.hpp"
#include "harness/errors.hpp"
#include "suites/app/data_directories.hpp"

namespace meterproof::suites {
namespace {

constexpr std::chrono::seconds k_probe_time{3};

// Beside the bench file, one for each unit: what a unit has used up belongs to the unit.
std::string counter_ledger_of(const std::string& bench_file, const bench::Position& position) {
  const std::string unit = position.serial.empty() ? position.name : position.serial;
  std::string file;
  for (const char letter : unit) {
    const bool plain = (letter >= '0' && letter <= '9') || (letter >= 'A' && letter <= 'Z') ||
                       (letter >= 'a' && letter <= 'z');
    file += plain ? letter : '_';
  }
  return (std::filesystem::path(bench_file).parent_path() / "ledger" / (file + ".counters"))
      .string();
}

bool has_secrets(const bench::Position& position, const bench::DeclaredClient& client) {
  return client.authentication == "none" ||
         std::any_of(
             position.interfaces.begin(), position.interfaces.end(), [&](const auto& entry) {
               const auto access = entry.second.clients.find(client.name);
               return access != entry.second.clients.end() &&
                      (access->second.password.from != bench::SecretReference::From::none ||
                       access->second.encryption_key.from != bench::SecretReference::From::none ||
                       access->second.signing_key.from != bench::SecretReference::From::none);
             });
}

harness::PositionInfo info_of(const bench::Position& position, const bench::Bench& bench) {
  harness::PositionInfo info{position.name, position.type->name, {}};
  auto& words = info.capabilities;
  words.insert("protocol." + position.type->protocol);
  for (const auto& [name, interface] : position.interfaces) words.insert("interface." + name);
  for (const bench::DeclaredClient& client : position.type->clients) {
    if (!has_secrets(position, client)) continue;
    words.insert("client." + client.name);
    words.insert("auth." + client.authentication);
  }
  if (!position.pulse.input.empty()) words.insert("pulse");
  if (bench.source) words.insert("source");
  if (bench.reference) words.insert("reference");
  if (position.type->has_relay) words.insert("relay");
  if (position.type->profile && !position.type->profile->objects.empty())
    words.insert("object_list");
  if (bench.time_scale == 1.0) words.insert("real_time");
  if (bench.positions.size() > 1) words.insert("twin");
  if (position.allow_state_changing) words.insert("permit.state_changing");
  if (position.sacrificial) words.insert("permit.destructive");
  return info;
}

}  // namespace

bench::Bench load_bench_file(const std::string& path) {
  return bench::load_bench(path,
                           {.source_drivers = devices::SourceDrivers::instance().names(),
                            .reference_drivers = devices::ReferenceDrivers::instance().names(),
                            .pulse_drivers = devices::PulseInputDrivers::instance().names(),
                            .protocols = devices::meter_protocols(),
                            .type_directories = type_directories(),
                            .profile_directories = profile_directories()});
}

std::vector<harness::PositionInfo> positions_of(const bench::Bench& bench) {
  std::vector<harness::PositionInfo> infos;
  for (const bench::Position& position : bench.positions) infos.push_back(info_of(position, bench));
  return infos;
}

BenchSession::BenchSession(const bench::Bench& bench, journal::Journal& journal,
                           std::shared_ptr<link::TransferSink> sink, std::string log_file)
    : bench_(bench),
      journal_(journal),
      sink_(std::move(sink)),
      log_file_(std::move(log_file)),
      clock_(bench.time_scale),
      // Before any driver exists: even a driver's last act, switching off, is for the owner alone.
      locks_(bench::lock_bench(bench)) {
  const auto options = [&](const std::string& channel) {
    return devices::DriverOptions{
        profile_directories(),
        sink_ ? std::make_shared<link::Transcript>(sink_, channel, channel) : nullptr};
  };
  devices::EnvelopeObserver observer;
  observer.energising = [this](const devices::Load& load) {
    journal_.append("energise", {{"load", to_string(load)}});
  };
  observer.de_energised = [this] { note("de_energise", {}); };
  observer.fault = [this](const std::string& message) {
    note("make_safe", {{"ok", false}, {"detail", message}});
  };
  envelope_ = std::make_shared<devices::SafetyEnvelope>(
      devices::SourceDrivers::instance().make(*bench_.source, options("source")),
      bench_.safety.envelope, observer);
  envelope_->forbid("the bench is not open");
  const auto supply = std::make_shared<StageSupply>(envelope_);
  std::shared_ptr<devices::ReferenceStandard> reference;
  if (bench_.reference) {
    reference = devices::ReferenceDrivers::instance().make(*bench_.reference, options("reference"));
  }
  std::map<std::string, std::shared_ptr<devices::PulseInput>> inputs;
  for (const bench::Instrument& input : bench_.pulse_inputs) {
    inputs[input.name] = devices::PulseInputDrivers::instance().make(input, options(input.name));
  }
  for (const bench::Position& position : bench_.positions) {
    meters_[position.name] =
        devices::make_meter({.position = position,
                             .bench_file = bench_.file,
                             .sink = sink_,
                             .counter_ledger = counter_ledger_of(bench_.file, position)});
  }
  const auto guard = std::make_shared<bench::AddressGuard>(bench_.safety.allow);
  for (const bench::Position& position : bench_.positions) {
    harness::Resources& all = resources_[position.name];
    all.put(std::make_shared<bench::Position>(position));
    all.put(meters_.at(position.name));
    all.put(supply);
    // For whoever works alone, outside any stage: hand-written tests.
    all.put(std::shared_ptr<devices::Supply>(envelope_));
    all.put(guard);
    if (reference) all.put(reference);
    if (const auto input = inputs.find(position.pulse.input); input != inputs.end()) {
      all.put(input->second);
    }
    auto neighbours = std::make_shared<Neighbours>();
    for (const auto& [name, meter] : meters_) {
      if (name != position.name) neighbours->meters.push_back(meter);
    }
    all.put(std::move(neighbours));
  }
}

BenchSession::~BenchSession() {
  try {
    close();
  } catch (const std::exception& fault) {
    note("make_safe", {{"ok", false}, {"detail", fault.what()}});
  }
}

void BenchSession::open() {
  // The supervisor is the second line: when it dies, we make safe ourselves, and nothing is
  // energised any more.
  supervisor_ = std::make_unique<bench::Supervisor>(bench::SupervisorOptions{
      .log_file = log_file_, .on_lost = [envelope = std::weak_ptr(envelope_)] {
        const auto alive = envelope.lock();
        if (!alive) return;
        alive->forbid("the supervisor process has gone");
        alive->make_safe();
      }});
  std::vector<bench::OffCommand> commands;
  for (const devices::OffCommand& command : envelope_->off_commands()) {
    commands.push_back({command.url, command.bytes, command.expected_reply});
  }
  supervisor_->arm(commands, harness::Deadline::after(std::chrono::seconds(10)));
  envelope_->permit();
}

void BenchSession::close() {
  if (!supervisor_) return;
  const auto supervisor = std::move(supervisor_);
  envelope_->forbid("the bench is closed");
  try {
    envelope_->make_safe();
  } catch (const harness::BenchError&) {
    // Not confirmed here: the supervisor has its own connection and tries again.
    supervisor->switch_off(harness::Deadline::after(std::chrono::seconds(5)));
  }
  supervisor->goodbye();
  note("make_safe", {{"ok", true}, {"detail", "source off, confirmed"}});
}

void BenchSession::note(std::string_view type, boost::json::object fields) noexcept {
  try {
    journal_.append(type, std::move(fields));
  } catch (const std::exception&) {
    // A journal that cannot be written is reported by the run itself; making safe goes on.
  }
}

void BenchSession::identify(std::string_view when, std::stop_token stop) {
  // All at once, as in wait_for_boot().
  std::vector<std::future<harness::Result<devices::MeterIdentity>>> answers;
  for (const bench::Position& position : bench_.positions) {
    answers.push_back(std::async(std::launch::async, [meter = meters_.at(position.name), stop] {
      return meter->identity(harness::Deadline::after(k_probe_time), stop);
    }));
  }
  for (std::size_t n = 0; n < answers.size(); ++n) {
    const bench::Position& position = bench_.positions[n];
    const auto identity = answers[n].get();
    if (!identity) {
      note("health", {{"position", position.name},
                      {"ok", false},
                      {"action", "probe"},
                      {"detail", "identity not readable: " + identity.error().message()}});
      continue;
    }
    journal_.append("identity", {{"position", position.name},
                                 {"when", when},
                                 {"manufacturer", identity->manufacturer},
                                 {"model", identity->model},
                                 {"serial", identity->serial},
                                 {"firmware", identity->firmware}});
    if (!position.serial.empty() && position.serial != identity->serial) {
      throw harness::BenchError("position " + position.name +
                                ": the bench file says serial number " + position.serial +
                                ", the meter says " + identity->serial);
    }
  }
}

const harness::Resources& BenchSession::resources(const std::string& position) const {
  const auto found = resources_.find(position);
  if (found == resources_.end()) throw harness::InternalError("no position " + position);
  return found->second;
}

devices::Load BenchSession::nominal_voltage() const {
  const bench::MeterType& type = *bench_.positions.front().type;
  harness::Voltage lowest = type.nominal_voltage;
  for (const bench::Position& position : bench_.positions) {
    lowest = std::min(lowest, position.type->nominal_voltage);
  }
  return devices::balanced_load(type.phases, lowest, {0}, {0}, type.frequency);
}

std::shared_ptr<void> BenchSession::hold_voltage(std::stop_token stop) {
  auto hold = std::make_shared<devices::Energised>(envelope_->energise(nominal_voltage(), stop));
  wait_for_boot(stop);
  if (!identified_) {
    identify("before", stop);
    identified_ = true;
  }
  return hold;
}

void BenchSession::wait_for_boot(std::stop_token stop) {
  // All at once: the bench waits as long for five dead meters as for one.
  std::vector<std::future<void>> waits;
  for (const bench::Position& position : bench_.positions) {
    waits.push_back(std::async(std::launch::async, [this, &position, stop] {
      const auto patience =
          harness::Deadline::after(position.type->boot + position.type->recovery + k_probe_time);
      while (!healthy(position.name, stop) && !patience.passed() && !stop.stop_requested()) {
        harness::wait(std::chrono::milliseconds(50), stop);
      }
    }));
  }
  for (auto& wait : waits) wait.get();
}

bool BenchSession::healthy(const std::string& position, std::stop_token stop) {
  return meters_.at(position)->probe(harness::Deadline::after(k_probe_time), stop).has_value();
}

harness::WallDuration BenchSession::recovery_time(const std::string& position) const {
  for (const bench::Position& each : bench_.positions) {
    if (each.name == position) return each.type->recovery;
  }
  return {};
}

void BenchSession::power_cycle(std::stop_token stop) {
  {
    const devices::Energised dark = envelope_->energise(devices::Load{}, stop);
    harness::wait(std::chrono::seconds(1), stop);
  }
  wait_for_boot(stop);
}

}  // namespace meterproof::suites
