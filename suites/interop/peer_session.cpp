#include "suites/interop/peer_session.hpp"

#include <fstream>
#include <iterator>
#include <random>
#include <regex>

#include "devices/hdlc/hdlc_transport.hpp"
#include "devices/hdlc/wrapper_transport.hpp"
#include "harness/errors.hpp"
#include "harness/link/link.hpp"

namespace meterproof::suites {

cosem::Bytes peer_secret(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file)
    throw harness::ConfigError(harness::Diagnostic{path, 0, "cannot read the secret file"});
  std::string text{std::istreambuf_iterator<char>(file), {}};
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  if (!std::regex_match(text, std::regex("([0-9a-fA-F]{32}){1,2}"))) return octets_of_text(text);
  return cosem::from_hex(text).value();
}
namespace {

// A line of a file of suites/interop/peer_keys.py: 0 the private key, 1 the public one. `use` is
// "sign" or "agree".
cosem::Bytes curve_key(const PeerOptions& options, const std::string& whose, const std::string& use,
                       int line) {
  const std::string path =
      options.keys + "/" + whose + "_" + use + (options.suite == 2 ? "_384" : "_256");
  std::ifstream file(path);
  std::string text;
  for (int i = 0; i <= line; ++i) std::getline(file, text);
  const auto octets = cosem::from_hex(text);
  if (!file || !octets) throw harness::ConfigError(harness::Diagnostic{path, 0, "no curve key"});
  return *octets;
}

void protect_with(const PeerOptions& options, cosem::ClientSettings& settings) {
  settings.ciphered = true;
  settings.system_title = cosem::from_hex(options.system_title).value();
  settings.keys = cosem::security_keys_from(peer_secret(options.encryption_key),
                                            peer_secret(options.authentication_key),
                                            *cosem::security_suite_from(options.suite));
  const std::string& form = options.form;
  const bool dedicated = form.ends_with("ded");
  const bool general = form == "general-glo" || form == "general-ded";
  if (form == "general-signing") settings.general.form.signing = cosem::Signing::outside;
  // Gurux signs nothing before the association is open, and takes nothing signed until then.
  settings.general.also_in_pass_3 = form != "general-signing";
  if (form == "general-ciphering") settings.general.form.ciphering = cosem::KeyChoice::unicast;
  if (form == "general-ciphering-one-pass")
    settings.general.form.ciphering = cosem::KeyChoice::one_pass;
  if (form == "general-ciphering-static")
    settings.general.form.ciphering = cosem::KeyChoice::static_agreement;
  settings.form =
      general ? dedicated ? cosem::CipherForm::general_dedicated : cosem::CipherForm::general_global
      : dedicated ? cosem::CipherForm::dedicated
                  : cosem::CipherForm::global;
  if (dedicated) {
    settings.initiate.dedicated_key =
        cosem::Bytes(peer_secret(options.encryption_key).size(), std::byte{0x5D});
  }
}

void read_curve_keys(const PeerOptions& options, cosem::ClientSettings& settings) {
  const auto suite = *cosem::security_suite_from(options.suite);
  const auto own = [&](const std::string& use) {
    return need("own key", cosem::PrivateKey::from(suite, curve_key(options, "client", use, 0)));
  };
  const auto meters = [&](const std::string& use) {
    return need("meter's key", cosem::PublicKey::from(suite, curve_key(options, "server", use, 1)));
  };
  settings.signing_key = own("sign");
  settings.server_signing_key = meters("sign");
  if (!settings.general.form.ciphering) return;
  settings.general.agreement_key = own("agree");
  settings.general.server_agreement_key = meters("agree");
}

}  // namespace

void not_read(const std::string& what, const harness::Error& error) {
  throw NotRead{what + ": " + error.category().name() + ": " + error.message()};
}

cosem::Bytes octets_of_text(const std::string& text) {
  cosem::Bytes out;
  for (const char c : text) out.push_back(static_cast<std::byte>(c));
  return out;
}

cosem::ClientSettings client_settings(const PeerOptions& options) {
  cosem::ClientSettings settings;
  settings.initiate.max_pdu = options.max_pdu;
  settings.invocation_counter = options.invocation_counter;
  // Anything that is not a mechanism's name has been refused by the command line.
  settings.mechanism = *cosem::mechanism_named(options.authentication);
  if (!options.password.empty()) settings.password = peer_secret(options.password);
  if (options.form != "plain") protect_with(options, settings);
  if (options.short_names) settings.referencing = cosem::Referencing::short_name;
  if (options.access) settings.initiate.conformance |= cosem::conformance::k_access;
  settings.general_blocks.window = options.general_block_window;
  // The one peer with general-block-transfer understands it only in its own direction.
  settings.general_blocks.short_requests = false;
  if (options.authentication.starts_with("hls")) {
    settings.system_title = cosem::from_hex(options.system_title).value();
    // HLS-ECDSA wants 32 to 64 octets, the others 8 to 64.
    std::random_device random;
    for (int i = 0; i < 32; ++i) settings.challenge.push_back(static_cast<std::byte>(random()));
  }
  if (options.authentication == "hls_ecdsa" || settings.general.form.any()) {
    if (options.suite != 0) read_curve_keys(options, settings);
  }
  return settings;
}

std::unique_ptr<cosem::ApduTransport> open_transport(const PeerOptions& options) {
  link::OpenOptions how;
  how.deadline = harness::Deadline::after(std::chrono::seconds(5));
  auto wire = need("link", link::open(options.link, how));
  if (options.framing == "wrapper") {
    return std::make_unique<hdlc::WrapperTransport>(
        std::move(wire), hdlc::WrapperConfig{.client = options.client, .server = options.server});
  }
  hdlc::ClientConfig config;
  config.client = hdlc::Address::client(options.client);
  config.server = options.physical == 0 ? hdlc::Address::server(options.server)
                  : options.server_octets == 4
                      ? hdlc::Address::server_4_octets(options.server, options.physical)
                      : hdlc::Address::server(options.server, options.physical);
  config.parameters = {.transmit_octets = options.max_info,
                       .receive_octets = options.max_info,
                       .transmit_window = options.window,
                       .receive_window = options.window};
  return std::make_unique<hdlc::HdlcTransport>(std::move(wire), config);
}

}  // namespace meterproof::suites
