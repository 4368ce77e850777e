// DlmsMeter's way to an open association: secrets, link, framing, invocation counter.
#include <openssl/rand.h>

#include <algorithm>
#include <map>

#include "devices/hdlc/hdlc_transport.hpp"
#include "devices/hdlc/wrapper_transport.hpp"
#include "devices/iec62056_21/hand_over.hpp"
#include "devices/meters/dlms_meter.hpp"
#include "harness/errors.hpp"
#include "harness/link/link.hpp"
#include "harness/link/secrets.hpp"

namespace meterproof::devices {

using cosem::Client;
using harness::Deadline;
using harness::Result;

namespace {

constexpr std::size_t k_challenge_octets = 16;

cosem::Bytes resolve_if_given(const bench::SecretReference& reference, const MeterSetup& setup,
                              const std::string& id) {
  if (reference.from == bench::SecretReference::From::none) return {};
  cosem::Bytes octets = bench::resolve(reference, setup.bench_file);
  link::secrets().add(setup.position.name + "." + id, octets);
  return octets;
}

std::uint8_t control_of(const std::string& policy) {
  if (policy == "authenticated") return cosem::security_control::k_authenticated;
  if (policy == "encrypted") return cosem::security_control::k_encrypted;
  if (policy == "authenticated_encrypted")
    return cosem::security_control::k_authenticated_encrypted;
  return 0;
}

cosem::GeneralForm general_form_of(const bench::DeclaredClient& client) {
  using cosem::KeyChoice;
  static const std::map<std::string, KeyChoice> k_choices = {
      {"unicast", KeyChoice::unicast},
      {"broadcast", KeyChoice::broadcast},
      {"wrapped", KeyChoice::wrapped},
      {"one_pass", KeyChoice::one_pass},
      {"static_agreement", KeyChoice::static_agreement}};
  cosem::GeneralForm form;
  const auto found = k_choices.find(client.general_ciphering);
  if (found != k_choices.end()) form.ciphering = found->second;
  if (client.signing == "outside") form.signing = cosem::Signing::outside;
  if (client.signing == "inside") form.signing = cosem::Signing::inside;
  return form;
}

std::uint8_t mechanism_of(const std::string& authentication) {
  return cosem::mechanism_named(authentication).value_or(std::uint8_t{cosem::mechanism::k_none});
}

int strength_of(const bench::DeclaredClient& client) {
  return mechanism_of(client.authentication) + (client.ciphered ? 10 : 0);
}

bool may_read_energy(const bench::DeclaredClient& client, const std::string& energy) {
  return std::any_of(client.may_read.begin(), client.may_read.end(),
                     [&](const std::string& name) { return name == "*" || name == energy; });
}

// The counter object that the public client may read: the client's own where it is declared.
cosem::LogicalName counter_object(const bench::DeclaredClient& reader, int client_sap) {
  std::optional<cosem::LogicalName> first;
  for (const std::string& text : reader.may_read) {
    const auto name = cosem::LogicalName::parse(text);
    if (!name || name->groups[2] != 43 || name->groups[3] != 1) continue;
    if (name->groups[4] == client_sap) return *name;
    if (!first) first = name;
  }
  return first.value_or(cosem::names::k_invocation_counter);
}

// As many octets as the addresses need, unless the type says how many.
hdlc::Address hdlc_address(const bench::MeterType& type, int server_sap) {
  const auto logical = static_cast<std::uint16_t>(server_sap);
  const auto physical = static_cast<std::uint16_t>(type.hdlc_physical_address);
  constexpr int k_seven_bits = 0x7F;
  int octets = type.hdlc_address_octets;
  if (octets == 0) octets = physical == 0 ? 1 : 2;
  if (logical > k_seven_bits || physical > k_seven_bits) octets = 4;
  if (octets == 4) return hdlc::Address::server_4_octets(logical, physical);
  return octets == 2 ? hdlc::Address::server(logical, physical) : hdlc::Address::server(logical);
}

hdlc::Parameters offered_parameters(const bench::MeterType& type) {
  const auto octets = static_cast<std::uint16_t>(type.hdlc_information);
  const auto window = static_cast<std::uint8_t>(type.hdlc_window);
  return {octets, octets, window, window};
}

hdlc::HdlcTransport::BeforeConnect hand_over_to_hdlc(int highest_baud) {
  return [highest_baud](link::Link& line, Deadline deadline, std::stop_token stop) -> Result<void> {
    iec62056_21::ModeEOptions options;
    options.highest_baud = highest_baud;
    const auto handed_over = iec62056_21::hand_over(line, options, deadline, std::move(stop));
    if (!handed_over) return handed_over.error();
    return {};
  };
}

[[noreturn]] void unknown_name(const MeterSetup& setup, const std::string& what,
                               const std::string& name) {
  throw harness::ConfigError(harness::Diagnostic{
      setup.bench_file, 0,
      "position '" + setup.position.name + "' has no " + what + " '" + name + "'"});
}

}  // namespace

DlmsMeter::DlmsMeter(MeterSetup setup) : setup_(std::move(setup)) {
  for (const auto& [interface_name, interface] : setup_.position.interfaces) {
    for (const auto& [name, given] : interface.clients) {
      if (access_.contains(name)) continue;
      Access access;
      access.password = resolve_if_given(given.password, setup_, name + ".password");
      access.encryption_key =
          resolve_if_given(given.encryption_key, setup_, name + ".encryption_key");
      access.authentication_key =
          resolve_if_given(given.authentication_key, setup_, name + ".authentication_key");
      access.signing_key = resolve_if_given(given.signing_key, setup_, name + ".signing_key");
      access.meter_signing_public_key =
          cosem::from_hex(given.meter_signing_public_key_hex).value_or(cosem::Bytes{});
      access.broadcast_key = resolve_if_given(given.broadcast_key, setup_, name + ".broadcast_key");
      access.master_key = resolve_if_given(given.master_key, setup_, name + ".master_key");
      access.agreement_key = resolve_if_given(given.agreement_key, setup_, name + ".agreement_key");
      access.meter_agreement_public_key =
          cosem::from_hex(given.meter_agreement_public_key_hex).value_or(cosem::Bytes{});
      access.system_title = cosem::from_hex(given.system_title_hex).value_or(cosem::Bytes{});
      access.counter = counter_of(name, access);
      access.counter_known = std::make_shared<std::atomic<bool>>(false);
      access_.emplace(name, std::move(access));
    }
  }
  choose_home();
}

// Kept in the unit's ledger where there is one, for the key that the client has.
std::shared_ptr<cosem::InvocationCounter> DlmsMeter::counter_of(const std::string& client,
                                                                const Access& access) const {
  const bench::DeclaredClient* role = type().client(client);
  if (setup_.counter_ledger.empty() || role == nullptr || access.encryption_key.empty()) {
    return std::make_shared<cosem::InvocationCounter>();
  }
  const auto keys = cosem::security_keys_from(access.encryption_key, access.authentication_key,
                                              *cosem::security_suite_from(role->security_suite));
  if (!keys) return std::make_shared<cosem::InvocationCounter>();
  return std::make_shared<cosem::InvocationCounter>(
      std::make_shared<const cosem::CounterLedger>(setup_.counter_ledger),
      cosem::counter_name(access.system_title, client, *keys));
}

// The network interface where there is one, and the best protected client that may read the energy.
void DlmsMeter::choose_home() {
  for (const auto& [name, interface] : setup_.position.interfaces) {
    const bool network = interface.framing == "wrapper";
    if (home_interface_.empty() ||
        (network && interface_of(home_interface_).framing != "wrapper")) {
      home_interface_ = name;
    }
  }
  if (home_interface_.empty()) unknown_name(setup_, "interface", "(any)");
  const bench::DeclaredClient* best = nullptr;
  for (const bench::DeclaredClient& client : type().clients) {
    if (!interface_of(home_interface_).clients.contains(client.name)) continue;
    const auto rank = [&](const bench::DeclaredClient& one) {
      return std::pair(may_read_energy(one, type().register_energy), strength_of(one));
    };
    if (best == nullptr || rank(client) > rank(*best)) best = &client;
  }
  if (best == nullptr) unknown_name(setup_, "client on interface", home_interface_);
  home_client_ = best->name;
}

const bench::Interface& DlmsMeter::interface_of(const std::string& name) const {
  const auto found = setup_.position.interfaces.find(name);
  if (found == setup_.position.interfaces.end()) unknown_name(setup_, "interface", name);
  return found->second;
}

const bench::DeclaredClient& DlmsMeter::declared(const std::string& client) const {
  const bench::DeclaredClient* found = type().client(client);
  if (found == nullptr) unknown_name(setup_, "client", client);
  return *found;
}

cosem::Bytes DlmsMeter::random_octets(std::size_t count) const {
  if (setup_.random_octets) return setup_.random_octets(count);
  cosem::Bytes octets(count);
  if (RAND_bytes(reinterpret_cast<unsigned char*>(octets.data()), static_cast<int>(count)) != 1) {
    throw harness::InternalError("OpenSSL has no random numbers");
  }
  return octets;
}

void DlmsMeter::add_curve_keys(const Access& access, const bench::DeclaredClient& role,
                               cosem::ClientSettings& settings) const {
  const auto suite = *cosem::security_suite_from(role.security_suite);
  const auto add = [&](const cosem::Bytes& private_key, const cosem::Bytes& public_key,
                       std::optional<cosem::PrivateKey>& own,
                       std::optional<cosem::PublicKey>& meters, const std::string& use) {
    if (private_key.empty()) return;
    const auto mine = cosem::PrivateKey::from(suite, private_key);
    const auto theirs = cosem::PublicKey::from(suite, public_key);
    if (!mine || !theirs) {
      throw harness::ConfigError(harness::Diagnostic{
          setup_.bench_file, 0,
          "position '" + setup_.position.name + "', client '" + role.name + "': a " + use +
              " key that is not on the curve of security suite " +
              std::to_string(role.security_suite)});
    }
    own = *mine;
    meters = *theirs;
  };
  add(access.signing_key, access.meter_signing_public_key, settings.signing_key,
      settings.server_signing_key, "signing");
  add(access.agreement_key, access.meter_agreement_public_key, settings.general.agreement_key,
      settings.general.server_agreement_key, "key agreement");
}

cosem::ClientSettings DlmsMeter::settings(const std::string& client) const {
  const bench::DeclaredClient& role = declared(client);
  const auto access = access_.find(client);
  if (access == access_.end()) unknown_name(setup_, "secrets of client", client);
  const auto suite = *cosem::security_suite_from(role.security_suite);
  cosem::ClientSettings settings;
  settings.mechanism = mechanism_of(role.authentication);
  if (type().referencing == "sn") {
    settings.referencing = cosem::Referencing::short_name;
  }
  settings.general_blocks.window = static_cast<std::uint8_t>(type().general_block_window);
  settings.ciphered = role.ciphered;
  settings.control = control_of(role.policy);
  settings.password = access->second.password;
  settings.system_title = access->second.system_title;
  settings.keys = cosem::security_keys_from(access->second.encryption_key,
                                            access->second.authentication_key, suite);
  add_curve_keys(access->second, role, settings);
  settings.general.form = general_form_of(role);
  settings.general.broadcast = cosem::SymmetricKey::from(access->second.broadcast_key);
  settings.general.master = cosem::SymmetricKey::from(access->second.master_key);
  if (settings.mechanism > cosem::mechanism::k_lls) {
    settings.challenge = random_octets(k_challenge_octets);
  }
  settings.shared_counter = access->second.counter;
  settings.pre_established = role.pre_established;
  // Without an AARQ only the general form tells the meter who speaks.
  if (role.pre_established) settings.form = cosem::CipherForm::general_global;
  return settings;
}

Result<std::unique_ptr<link::Link>> DlmsMeter::open_link(const std::string& interface,
                                                         Deadline deadline, std::stop_token stop,
                                                         const std::string& own_address) {
  std::string url = interface_of(interface).link;
  if (!own_address.empty()) {
    url += (url.find('?') == std::string::npos ? "?bind=" : "&bind=") + own_address;
  }
  link::OpenOptions options{deadline, stop, nullptr};
  if (setup_.sink) {
    options.transcript = std::make_shared<link::Transcript>(
        setup_.sink, setup_.position.name + "." + interface, url);
  }
  return link::open(url, options);
}

Result<std::unique_ptr<cosem::ApduTransport>> DlmsMeter::transport(const std::string& interface,
                                                                   const std::string& client,
                                                                   Deadline deadline,
                                                                   std::stop_token stop,
                                                                   const SessionOptions& options) {
  const bench::Interface& way = interface_of(interface);
  const int client_sap = options.client_sap.value_or(declared(client).client_sap);
  const int server_sap = options.server_sap.value_or(type().server_sap);
  Result<std::unique_ptr<link::Link>> link =
      open_link(interface, deadline, stop, options.own_address);
  if (link.has_error()) return link.error();
  std::unique_ptr<cosem::ApduTransport> transport;
  if (way.framing == "hdlc") {
    hdlc::ClientConfig config;
    config.client = hdlc::Address::client(static_cast<std::uint8_t>(client_sap));
    config.server = hdlc_address(type(), server_sap);
    config.parameters = offered_parameters(type());
    config.connectionless = declared(client).pre_established;
    auto hdlc = std::make_unique<hdlc::HdlcTransport>(std::move(*link), config);
    if (type().start == "mode_e") hdlc->before_connect(hand_over_to_hdlc(type().optical_baud));
    transport = std::move(hdlc);
  } else {
    hdlc::WrapperConfig config;
    config.client = static_cast<std::uint16_t>(client_sap);
    config.server = static_cast<std::uint16_t>(server_sap);
    config.datagrams = way.link.starts_with("udp:");
    transport = std::make_unique<hdlc::WrapperTransport>(std::move(*link), config);
  }
  return transport;
}

Result<Client> DlmsMeter::session(const std::string& interface, const std::string& client,
                                  Deadline deadline, std::stop_token stop) {
  return session(interface, client, deadline, stop, SessionOptions{});
}

Result<Client> DlmsMeter::session(const std::string& interface, const std::string& client,
                                  Deadline deadline, std::stop_token stop,
                                  const SessionOptions& options) {
  cosem::ClientSettings wanted = options.settings ? *options.settings : settings(client);
  const auto access = access_.find(client);
  const bool uses_counter = wanted.ciphered || wanted.mechanism == cosem::mechanism::k_hls_gmac;
  if (options.learn_counter && uses_counter && access != access_.end() &&
      wanted.shared_counter == access->second.counter && !*access->second.counter_known) {
    const Result<void> learned = learn_counter(interface, client, deadline, stop);
    if (learned.has_error()) return learned.error();
  }
  auto way = transport(interface, client, deadline, stop, options);
  if (way.has_error()) return way.error();
  Client session(std::move(*way), std::move(wanted));
  const Result<void> opened =
      options.associate ? session.open(deadline, stop) : session.connect_transport(deadline, stop);
  if (opened.has_error()) {
    // Whoever comes next must find the line free.
    (void)session.disconnect_transport(deadline, stop);
    return opened.error();
  }
  return session;
}

Result<void> DlmsMeter::learn_counter(const std::string& interface, const std::string& client,
                                      Deadline deadline, std::stop_token stop) {
  const auto access = access_.find(client);
  if (access == access_.end()) unknown_name(setup_, "secrets of client", client);
  const bench::DeclaredClient* reader = nullptr;
  for (const bench::DeclaredClient& one : type().clients) {
    if (one.authentication == "none" && access_.contains(one.name)) reader = &one;
  }
  if (reader == nullptr || reader->name == client) {
    // Nobody to ask: the counter starts at 1, and a meter that has seen more will say so.
    *access->second.counter_known = true;
    return {};
  }
  Result<Client> session_of_reader =
      session(interface, reader->name, deadline, stop, SessionOptions{});
  if (session_of_reader.has_error()) return session_of_reader.error();
  const cosem::LogicalName object = counter_object(*reader, declared(client).client_sap);
  const auto last = session_of_reader->get({1, object, 2}, deadline, stop);
  (void)session_of_reader->close(deadline, stop);
  if (last.has_error()) {
    // Markets whose meters show no counter leave it to the head-end, as when there is nobody to
    // ask.
    using cosem::DataAccessResult;
    for (const auto none :
         {DataAccessResult::object_undefined, DataAccessResult::object_unavailable,
          DataAccessResult::read_write_denied}) {
      if (last.error() != none) continue;
      *access->second.counter_known = true;
      return {};
    }
    return last.error();
  }
  const auto value = last->unsigned_integer();
  if (!value || *value >= UINT32_MAX) return cosem::CosemError::type_mismatch;
  // Never back: another session of this process may already have gone further.
  const auto next = static_cast<std::uint32_t>(*value + 1);
  access->second.counter->raise_to(next);
  *access->second.counter_known = true;
  return {};
}

}  // namespace meterproof::devices
