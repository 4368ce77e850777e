#include "suites/security/flood.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <limits>
#include <random>

#include "devices/hdlc/wrapper.hpp"
#include "fixtures/attacks/lying_lengths.hpp"
#include "harness/errors.hpp"
#include "harness/link/link_url.hpp"

namespace meterproof::suites {
namespace {

constexpr double k_least_share_of_level = 0.95;
constexpr std::uint32_t k_made_up_counter = 1'000'000;

cosem::Bytes made_up_octets(std::mt19937_64& random, std::size_t count) {
  cosem::Bytes octets(count);
  for (std::byte& octet : octets) octet = static_cast<std::byte>(random() & 0xFF);
  return octets;
}

// Makes one guess after the other; runs on the botnet's thread with values of its own.
struct Guesser {
  cosem::ClientSettings password_client, key_client;  // without their secrets
  std::uint16_t password_sap = 0, key_sap = 0, server_sap = 1;
  std::uint64_t passwords_left = 0;
  std::mt19937_64 random;

  cosem::Bytes guess(std::uint64_t number) {
    const bool password = password_sap != 0 && passwords_left > 0 && number % 2 == 0;
    cosem::ClientSettings settings = password ? password_client : key_client;
    if (password) {
      --passwords_left;
      settings.password = cosem::to_bytes(fmt::format("{:08d}", random() % 100'000'000));
    } else {
      settings.keys =
          cosem::security_keys_from(made_up_octets(random, 16), made_up_octets(random, 16));
      settings.challenge = made_up_octets(random, 16);
      settings.invocation_counter = k_made_up_counter + static_cast<std::uint32_t>(number);
    }
    const auto aarq = cosem::ClientAssociation(settings).aarq();
    if (!aarq) return {};
    return hdlc::encode({password ? password_sap : key_sap, server_sap, *aarq});
  }
};

// Nothing of the unit's secrets may be in what the bots send.
cosem::ClientSettings without_secrets(cosem::ClientSettings settings) {
  settings.password.clear();
  settings.keys.reset();
  settings.shared_counter.reset();
  return settings;
}

std::uint64_t passwords_the_meter_bears(const bench::MeterType& type, const FloodLevel& level) {
  if (level.until_lock_out || type.lockout_after_failures <= 0) {
    return std::numeric_limits<std::uint64_t>::max();
  }
  return static_cast<std::uint64_t>(type.lockout_after_failures - 1);
}

}  // namespace

fixtures::BotnetOptions flood_options(const Target& target, const FloodLevel& level) {
  const bench::MeterType& type = target.type();
  const link::LinkUrl url =
      link::parse_link_url(target.context().position().interfaces.at(target.interface()).link);
  fixtures::BotnetOptions options{.host = url.host, .port = url.port, .bots = level.bots};
  options.connections_per_second = level.connections_per_second;
  options.duration = level.duration;
  auto random = target.context().random("botnet");
  options.seed = random();

  const std::string with_password = target.client_with("lls");
  const std::string with_keys = target.client_with("hls_gmac");
  auto guesser = std::make_shared<Guesser>();
  guesser->server_sap = static_cast<std::uint16_t>(type.server_sap);
  guesser->random.seed(random());
  guesser->passwords_left = passwords_the_meter_bears(type, level);
  if (const bench::DeclaredClient* role = type.client(with_password); role && !role->ciphered) {
    guesser->password_client.mechanism = cosem::mechanism::k_lls;
    guesser->password_sap = static_cast<std::uint16_t>(role->client_sap);
  }
  guesser->key_client = without_secrets(target.settings(with_keys));
  guesser->key_sap = static_cast<std::uint16_t>(type.client(with_keys)->client_sap);
  options.wrong_login = [guesser](std::uint64_t number) { return guesser->guess(number); };

  std::set<std::uint16_t> public_saps;
  for (const bench::DeclaredClient& client : type.clients) {
    if (client.authentication == "none") {
      public_saps.insert(static_cast<std::uint16_t>(client.client_sap));
    }
  }
  options.is_success = [public_saps](cosem::BytesView octets) {
    return lets_in(octets, public_saps);
  };

  const std::uint16_t anyone =
      public_saps.empty() ? std::uint16_t{16} : *public_saps.begin();  // 16: the public client
  const auto aarq = cosem::ClientAssociation(cosem::ClientSettings{}).aarq();
  for (const fixtures::LyingApdu& lie :
       fixtures::lying_lengths(*aarq, fixtures::tlv_length_positions(*aarq))) {
    options.malformed.push_back(hdlc::encode({anyone, guesser->server_sap, lie.octets}));
  }
  return options;
}

std::string guessed_password_client(const Target& target) {
  const std::string name = target.client_with("lls");
  const auto& interface = target.context().position().interfaces.at(target.interface());
  return interface.clients.contains(name) ? name : std::string{};
}

bool lets_in(cosem::BytesView octets, const std::set<std::uint16_t>& public_saps) {
  hdlc::WrapperReader reader;
  reader.push(octets);
  const auto pdu = reader.next();
  if (!pdu || !*pdu || public_saps.contains((*pdu)->destination)) return false;
  const auto answer = cosem::decode_acse((*pdu)->apdu);
  if (!answer) return false;
  const auto* aare = std::get_if<cosem::Aare>(&*answer);
  return aare != nullptr && aare->result == cosem::association_result::k_accepted &&
         aare->diagnostic != cosem::diagnostic::k_authentication_required;
}

std::string shortfall(const fixtures::BotnetReport& report, const FloodLevel& level) {
  const double wanted = level.connections_per_second * report.seconds;
  if (!(wanted > 0)) return "the botnet did not run";
  if (static_cast<double>(report.scheduled) < k_least_share_of_level * wanted) {
    return fmt::format("{} connections begun in {:.2f} s, {:.0f} were planned", report.scheduled,
                       report.seconds, wanted);
  }
  if (report.established == 0) return "no bot was ever connected";
  if (report.logins == 0) return "no bot tried to log in";
  return {};
}

std::string to_json(const fixtures::BotnetReport& report, const FloodLevel& level) {
  return boost::json::serialize(
             boost::json::object{{"bots", level.bots},
                                 {"planned_connections_per_second", level.connections_per_second},
                                 {"seconds", report.seconds},
                                 {"scheduled_connections", report.scheduled},
                                 {"attempted_connections", report.attempted},
                                 {"established_connections", report.established},
                                 {"refused", report.refused},
                                 {"thrown_out", report.thrown_out},
                                 {"peak_held", report.peak_held},
                                 {"distinct_sources", report.distinct_sources},
                                 {"logins_tried", report.logins},
                                 {"malformed_requests", report.malformed},
                                 {"answered", report.answered},
                                 {"let_in", report.successes},
                                 {"octets_sent", report.octets_sent},
                                 {"octets_received", report.octets_received}}) +
         "\n";
}

std::string to_string(const fixtures::BotnetReport& report) {
  return fmt::format(
      "{} connections in {:.1f} s from {} addresses, {} held at most, {} log-ins tried",
      report.attempted, report.seconds, report.distinct_sources, report.peak_held, report.logins);
}

}  // namespace meterproof::suites
