// Arbitrary APDUs to a meter, on a connection without an association and on one with the public
// association: nothing may crash, and nobody may gain rights.
#include <cstdlib>
#include <optional>

#include "devices/simulated/meter/application.hpp"

namespace {

namespace simulated = meterproof::simulated;

class FuzzedPlant final : public simulated::MeterPlant {
 public:
  double import_energy_wh() const override { return 1000; }
  double voltage(int) const override { return 230; }
  double current(int) const override { return 1; }
  double active_power() const override { return 230; }
  std::chrono::system_clock::time_point clock() const override { return {}; }
  bool relay_closed() const override { return true; }
  void set_relay(bool) override { std::abort(); }  // nobody here has the right
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
  type->clients = {everybody, management};
  simulated::MeterUnit unit;
  unit.type = type;
  unit.serial = "1";
  unit.clients["management"].encryption_key.assign(16, std::byte{0x42});
  unit.clients["management"].authentication_key.assign(16, std::byte{0x24});
  return unit;
}

struct FuzzedMeter {
  FuzzedPlant plant;
  simulated::MeterUnit unit = fuzzed_unit();
  simulated::Nonvolatile numbers{""};
  simulated::LoadProfile profile;
  simulated::MeterApplication application{
      unit, plant, {}, {numbers, profile}, meterproof::harness::WallTime{}};
};

}  // namespace

// The first octet chooses the client; then length-prefixed APDUs (one octet) until the end.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static FuzzedMeter meter;
  if (size == 0) return 0;
  const std::uint16_t sap = (data[0] & 1U) != 0 ? 16 : 1;
  simulated::Session session;
  auto rest = std::as_bytes(std::span(data, size)).subspan(1);
  while (!rest.empty()) {
    const std::size_t wanted = std::to_integer<std::size_t>(rest.front());
    rest = rest.subspan(1);
    const auto apdu = rest.first(std::min(wanted, rest.size()));
    rest = rest.subspan(apdu.size());
    meter.application.on_apdu(session, {sap, 1}, apdu, meterproof::harness::WallTime{});
    if (session.standing() == simulated::Standing::proven) std::abort();
  }
  return 0;
}
