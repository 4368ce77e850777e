#include "devices/simulated/unit_factory.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <numbers>
#include <span>

#include "devices/cosem/acse.hpp"
#include "devices/cosem/hls.hpp"
#include "devices/simulated/random.hpp"
#include "harness/errors.hpp"

namespace meterproof::simulated {
namespace {

std::vector<std::byte> random_octets(Random& random, std::size_t count) {
  std::vector<std::byte> octets(count);
  for (auto& octet : octets) octet = static_cast<std::byte>(random.next() >> 56);
  return octets;
}

std::vector<std::byte> octets_counting_from(unsigned first, std::size_t count) {
  std::vector<std::byte> octets(count);
  for (unsigned n = 0; n < octets.size(); ++n) octets[n] = static_cast<std::byte>(first + n);
  return octets;
}

std::vector<std::byte> octets_of(std::string_view text) {
  std::vector<std::byte> octets(text.size());
  std::transform(text.begin(), text.end(), octets.begin(),
                 [](char c) { return static_cast<std::byte>(c); });
  return octets;
}

std::string text_of(const std::vector<std::byte>& octets) {
  std::string text;
  for (const std::byte octet : octets) text.push_back(static_cast<char>(octet));
  return text;
}

std::string hex_of(std::span<const std::byte> octets) {
  std::string text;
  for (const std::byte octet : octets) text += fmt::format("{:02X}", std::to_integer<int>(octet));
  return text;
}

bool needs_password(const bench::DeclaredClient& client) {
  const auto mechanism = cosem::mechanism_named(client.authentication);
  return mechanism && (*mechanism == cosem::mechanism::k_lls || cosem::hls_uses_secret(*mechanism));
}
bool needs_system_title(const bench::DeclaredClient& client) {
  const auto mechanism = cosem::mechanism_named(client.authentication);
  return client.ciphered || (mechanism && cosem::hls_uses_system_titles(*mechanism));
}
bool needs_keys(const bench::DeclaredClient& client) {
  return client.authentication == "hls_gmac" || client.ciphered;
}

void write_secret(const std::string& path, const std::string& text) {
  {
    std::ofstream file(path, std::ios::trunc);
    file << text << '\n';
    if (!file.flush()) throw harness::BenchError("cannot write " + path);
  }
  std::filesystem::permissions(
      path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

std::string client_toml(const MeterUnit& unit, const bench::DeclaredClient& client) {
  std::string text;
  if (!needs_password(client) && !needs_system_title(client)) return text;
  const std::string stem = "secrets/" + unit.name + "_" + client.name;
  text += fmt::format("\n[[position.client]]\nname = \"{}\"\n", client.name);
  if (needs_password(client))
    text += fmt::format("password = {{ file = \"{}_password.txt\", encoding = \"text\" }}\n", stem);
  if (needs_keys(client))
    text += fmt::format(
        "encryption_key = {{ file = \"{0}_guek.hex\", encoding = \"hex\" }}\n"
        "authentication_key = {{ file = \"{0}_gak.hex\", encoding = \"hex\" }}\n",
        stem);
  if (client.general_ciphering == "broadcast")
    text += fmt::format("broadcast_key = {{ file = \"{}_gbek.hex\", encoding = \"hex\" }}\n", stem);
  if (client.general_ciphering == "wrapped")
    text += fmt::format("master_key = {{ file = \"{}_kek.hex\", encoding = \"hex\" }}\n", stem);
  const auto key_pair = [&](const std::string& use, const std::vector<std::byte>& meters_key) {
    const auto meters =
        cosem::PrivateKey::from(*cosem::security_suite_from(client.security_suite), meters_key);
    text += fmt::format(
        "{0}_key = {{ file = \"{1}_{0}_key.hex\", encoding = \"hex\" }}\n"
        "meter_{0}_public_key = \"{2}\"\n",
        use, stem, hex_of(meters.value().public_key().octets()));
  };
  const ClientSecrets& secrets = unit.clients.at(client.name);
  if (bench::signs(client)) key_pair("signing", secrets.meter_signing_key);
  if (bench::agrees_on_keys(client)) key_pair("agreement", secrets.meter_agreement_key);
  if (needs_system_title(client)) {
    // A client's own title is no secret; any will do as long as clients and meters differ.
    const std::string title = "4D5048" + hex_of(std::span(unit.system_title).subspan(4)) +
                              fmt::format("{:02X}", client.client_sap & 0xff);
    text += fmt::format("system_title = \"{}\"\n", title);
  }
  return text;
}

}  // namespace

MeterUnit make_unit(const WorldConfig& config, const WorldPosition& position,
                    std::shared_ptr<const bench::MeterType> type, const std::string& directory) {
  MeterUnit unit;
  Random random(config.seed, "unit " + position.name);
  unit.name = position.name;
  unit.type = std::move(type);
  const auto number = static_cast<std::uint32_t>(random.next() % 100'000'000);
  unit.serial = position.serial.empty() ? fmt::format("MPV{:08}", number) : position.serial;
  unit.firmware = "1.0.0";
  const auto title = octets_of("MPV");
  std::copy(title.begin(), title.end(), unit.system_title.begin());
  for (std::size_t n = 3; n < 8; ++n)
    unit.system_title[n] = n == 3 ? std::byte{0} : static_cast<std::byte>(number >> (8 * (7 - n)));
  unit.weaknesses = position.weaknesses;
  unit.state_file = directory + "/state/" + position.name;
  unit.seed = random.next();

  const bool published = unit.weaknesses.contains("MUT_AUTH_005");
  for (const auto& client : unit.type->clients) {
    Random secret(config.seed, "secrets " + position.name + " " + client.name);
    ClientSecrets secrets;
    const auto password = octets_of(fmt::format("{:016x}", secret.next()));
    const std::size_t key_octets = client.security_suite == 2 ? 32 : 16;
    const auto guek = random_octets(secret, key_octets);
    const auto gak = random_octets(secret, key_octets);
    if (needs_password(client)) secrets.password = published ? octets_of("12345678") : password;
    if (needs_keys(client)) {
      // The keys of the worked examples in the DLMS UA Green Book, clause 9.2.7.
      secrets.encryption_key = published ? octets_counting_from(0x00, key_octets) : guek;
      secrets.authentication_key = published ? octets_counting_from(0xd0, key_octets) : gak;
    }
    if (needs_keys(client)) secrets.master_key = random_octets(secret, key_octets);
    const auto draw_key_pair = [&](std::vector<std::byte>& clients,
                                   std::vector<std::byte>& meters) {
      const std::size_t number =
          cosem::field_octets(*cosem::security_suite_from(client.security_suite));
      for (auto* key : {&clients, &meters}) {
        *key = random_octets(secret, number);
        key->front() &= std::byte{0x7F};  // below the order of the curve
      }
    };
    if (bench::signs(client)) draw_key_pair(secrets.signing_key, secrets.meter_signing_key);
    if (bench::agrees_on_keys(client))
      draw_key_pair(secrets.agreement_key, secrets.meter_agreement_key);
    if (client.general_ciphering == "broadcast")
      secrets.broadcast_key = random_octets(secret, key_octets);
    unit.clients[client.name] = std::move(secrets);
  }
  return unit;
}

void write_secrets(const MeterUnit& unit, const std::string& directory) {
  for (const auto& client : unit.type->clients) {
    const ClientSecrets& secrets = unit.clients.at(client.name);
    const std::string stem = directory + "/secrets/" + unit.name + "_" + client.name;
    if (needs_password(client)) write_secret(stem + "_password.txt", text_of(secrets.password));
    if (needs_keys(client)) {
      write_secret(stem + "_guek.hex", hex_of(secrets.encryption_key));
      write_secret(stem + "_gak.hex", hex_of(secrets.authentication_key));
    }
    if (bench::signs(client)) write_secret(stem + "_signing_key.hex", hex_of(secrets.signing_key));
    if (bench::agrees_on_keys(client))
      write_secret(stem + "_agreement_key.hex", hex_of(secrets.agreement_key));
    if (client.general_ciphering == "broadcast")
      write_secret(stem + "_gbek.hex", hex_of(secrets.broadcast_key));
    if (client.general_ciphering == "wrapped")
      write_secret(stem + "_kek.hex", hex_of(secrets.master_key));
  }
}

std::string bench_toml(const BenchDescription& bench) {
  const auto& stated = bench.reference.uncertainty;
  double max_voltage = 1e9, max_current = 1e9;
  for (const auto& position : bench.positions) {
    max_voltage = std::min(max_voltage, 1.2 * position.unit->type->nominal_voltage.value);
    max_current = std::min(max_current, 1.2 * position.unit->type->maximum_current.value);
  }
  std::string text = fmt::format(
      R"(# A virtual bench, written by the world that serves it. Everything below is simulated.
[bench]
name = "virtual"
time_scale = {:.17g}

[safety]
allow = ["127.0.0.0/8"]
make_safe = ["source"]

[safety.envelope]
max_voltage = "{:.9g} V"
max_current = "{:.9g} A"
max_duration = "2 h"

[source]
driver = "scpi"
profile = "virtual_source"
link = "{}"
simulated = true

[reference]
driver = "scpi"
profile = "virtual_reference"
link = "{}"
simulated = true
constant = "{:.15g} imp/kWh"
certificate_expanded = "{:.6g} %"
drift = "{:.6g} %"
specification = "{:.6g} %"
phase = "{:.6g} arcmin"

[[pulse_input]]
name = "counter"
driver = "scpi"
profile = "virtual_counter"
link = "{}"
simulated = true
)",
      bench.config->scale, max_voltage, max_current, bench.source_link, bench.reference_link,
      bench.reference.constant, stated.certificate_expanded * 100, stated.drift_rectangular * 100,
      stated.specification_rectangular * 100,
      stated.phase_rectangular_rad * 10'800 / std::numbers::pi, bench.counter_link);
  int channel = 0;
  for (const auto& position : bench.positions) {
    const MeterUnit& unit = *position.unit;
    text += fmt::format(
        "\n[[position]]\nname = \"{}\"\ntype = \"{}\"\nserial = \"{}\"\n"
        "pulse = {{ input = \"counter\", channel = {} }}\nsimulated = true\n"
        "allow_state_changing = true\n",
        unit.name, unit.type->name, unit.serial, ++channel);
    for (const auto& client : unit.type->clients) text += client_toml(unit, client);
    for (const auto& [name, url] : position.links) {
      text +=
          fmt::format("\n[[position.interface]]\nname = \"{}\"\nlink = \"{}\"\nframing = \"{}\"\n",
                      name, url, url.starts_with("pty:") ? "hdlc" : "wrapper");
    }
  }
  return text;
}

}  // namespace meterproof::simulated
