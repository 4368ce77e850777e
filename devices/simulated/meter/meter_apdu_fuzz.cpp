// Arbitrary APDUs to a meter: on a connection without an association, on one with the public
// association, and on one whose client has every key of general-ciphering and general-signing,
// there as they are or inside good layers of both. Nothing may crash, and nobody may gain rights.
#include <cstdlib>
#include <optional>

#include "devices/cosem/association.hpp"
#include "devices/simulated/meter/application.hpp"

namespace {

namespace simulated = meterproof::simulated;
namespace cosem = meterproof::cosem;

class FuzzedPlant final : public simulated::MeterPlant {
 public:
  double import_energy_wh() const override { return 1000; }
  double voltage(int) const override { return 230; }
  double current(int) const override { return 1; }
  double active_power() const override { return 230; }
  std::chrono::system_clock::time_point clock() const override { return {}; }
  bool relay_closed() const override { return true; }
  void set_relay(bool) override {
    if (!may_operate) std::abort();
  }
  bool may_operate = false;  // the request under way came with every proof
  void set_communication_load(double) override {}
};

simulated::MeterUnit fuzzed_unit() {
  auto type = std::make_shared<meterproof::bench::MeterType>();
  type->manufacturer = "Meterproof";
  type->has_relay = true;
  meterproof::bench::DeclaredClient everybody, management;
  everybody.name = "public";
  everybody.authentication = "none";
  everybody.may_read = {"0-0:42.0.0.255"};
  management.name = "management";
  management.client_sap = 1;
  management.authentication = "hls_gmac";
  management.ciphered = true;
  management.policy = "authenticated_encrypted";
  meterproof::bench::DeclaredClient general = management;
  general.name = "general";
  general.client_sap = 2;
  general.authentication = "hls_ecdsa";
  general.security_suite = 1;
  general.general_ciphering = "one_pass";
  general.signing = "outside";
  type->clients = {everybody, management, general};
  simulated::MeterUnit unit;
  unit.type = type;
  unit.serial = "1";
  unit.clients["management"].encryption_key.assign(16, std::byte{0x42});
  unit.clients["management"].authentication_key.assign(16, std::byte{0x24});
  unit.system_title.fill(std::byte{0x4D});
  simulated::ClientSecrets& secrets = unit.clients["general"];
  secrets = unit.clients["management"];
  secrets.master_key = secrets.broadcast_key = secrets.encryption_key;
  secrets.signing_key.assign(32, std::byte{1});
  secrets.meter_signing_key.assign(32, std::byte{2});
  secrets.agreement_key.assign(32, std::byte{3});
  secrets.meter_agreement_key.assign(32, std::byte{4});
  return unit;
}

cosem::ClientSettings general_client(const simulated::MeterUnit& unit) {
  const simulated::ClientSecrets& secrets = unit.clients.at("general");
  const auto own = [](const std::vector<std::byte>& number) {
    return cosem::PrivateKey::from(cosem::SecuritySuite::suite_1, number).value();
  };
  cosem::ClientSettings settings;
  settings.mechanism = cosem::mechanism::k_hls_ecdsa;
  settings.ciphered = true;
  settings.keys = cosem::security_keys_from(secrets.encryption_key, secrets.authentication_key,
                                            cosem::SecuritySuite::suite_1);
  settings.system_title = cosem::Bytes(8, std::byte{0x43});
  settings.challenge = cosem::Bytes(32, std::byte{0x44});
  settings.signing_key = own(secrets.signing_key);
  settings.server_signing_key = own(secrets.meter_signing_key).public_key();
  settings.general.agreement_key = own(secrets.agreement_key);
  settings.general.server_agreement_key = own(secrets.meter_agreement_key).public_key();
  settings.general.form = {cosem::KeyChoice::static_agreement, cosem::Signing::outside};
  return settings;
}

struct FuzzedMeter {
  FuzzedPlant plant;
  simulated::MeterUnit unit = fuzzed_unit();
  simulated::Nonvolatile numbers{""};
  simulated::LoadProfile profile;
  simulated::MeterApplication application{
      unit, plant, {}, {numbers, profile}, meterproof::harness::WallTime{}};
  cosem::ClientAssociation client{general_client(unit)};
  simulated::Session open_session;  // of that client

  FuzzedMeter() {
    const cosem::Bytes aare = ask(open_session, 2, client.aarq().value());
    if (!client.accept_aare(aare)) std::abort();
    const auto proof = client.protect(client.hls_request().value());
    const auto answer = client.unprotect(ask(open_session, 2, proof.value()));
    if (!answer || !client.accept_hls_reply(answer->plain)) std::abort();
  }
  cosem::Bytes ask(simulated::Session& session, std::uint16_t sap, cosem::BytesView apdu) {
    auto outcome = application.on_apdu(session, {sap, 1}, apdu, meterproof::harness::WallTime{});
    return outcome.replies.empty() ? cosem::Bytes{} : std::move(outcome.replies.front());
  }
};

}  // namespace

// The first octet chooses the client and the layers; then length-prefixed APDUs (one octet) until
// the end.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr unsigned k_public = 1, k_general = 2, k_layers = 4;
  static FuzzedMeter meter;
  if (size == 0) return 0;
  const bool general = (data[0] & k_general) != 0;
  const bool layers = general && (data[0] & k_layers) != 0;
  const std::uint16_t sap = general ? 2 : (data[0] & k_public) != 0 ? 16 : 1;
  simulated::Session session = general ? meter.open_session : simulated::Session{};
  meter.plant.may_operate = layers;
  auto rest = std::as_bytes(std::span(data, size)).subspan(1);
  while (!rest.empty()) {
    const std::size_t wanted = std::to_integer<std::size_t>(rest.front());
    rest = rest.subspan(1);
    const auto apdu = rest.first(std::min(wanted, rest.size()));
    rest = rest.subspan(apdu.size());
    if (layers) {
      const auto request = meter.client.protect(apdu);
      if (request) (void)meter.client.unprotect(meter.ask(session, sap, *request));
    } else {
      meter.ask(session, sap, apdu);
    }
    if (!general && session.standing() == simulated::Standing::proven) std::abort();
  }
  return 0;
}
