// The simulated meter that the benchmarks read: a plant that stands still, three clients. Test
// keys, known to everybody.
#pragma once

#include <memory>
#include <string>

#include "devices/cosem/association.hpp"
#include "devices/simulated/meter_plant.hpp"
#include "devices/simulated/meter_unit.hpp"

namespace meterproof::benchmarks {

inline constexpr std::uint16_t k_bench_public_sap = 16, k_bench_reader_sap = 2,
                               k_bench_management_sap = 1;
inline constexpr std::uint32_t k_bench_energy = 123456;

class BenchPlant final : public simulated::MeterPlant {
 public:
  double import_energy_wh() const override { return k_bench_energy + 0.7; }
  double voltage(int) const override { return 230; }
  double current(int) const override { return 5; }
  double active_power() const override { return 3450; }
  std::chrono::system_clock::time_point clock() const override {
    return std::chrono::sys_days{std::chrono::year{2026} / 5 / 4};
  }
  bool relay_closed() const override { return true; }
  void set_relay(bool) override {}
  void set_communication_load(double) override {}
};

inline std::shared_ptr<const bench::MeterType> bench_type() {
  auto type = std::make_shared<bench::MeterType>();
  type->manufacturer = "Meterproof";
  type->model = "Benchmark";
  type->lockout_after_failures = 3;
  type->lockout = std::chrono::seconds(10);
  type->inactivity_timeout = std::chrono::hours(1);
  type->has_relay = true;
  bench::DeclaredClient everybody;
  everybody.name = "public";
  everybody.client_sap = k_bench_public_sap;
  everybody.authentication = "none";
  everybody.may_read = {"0-0:42.0.0.255"};
  bench::DeclaredClient reader;
  reader.name = "reader";
  reader.client_sap = k_bench_reader_sap;
  reader.authentication = "lls";
  reader.may_read = {"*"};
  bench::DeclaredClient management;
  management.name = "management";
  management.client_sap = k_bench_management_sap;
  management.authentication = "hls_gmac";
  management.ciphered = true;
  management.policy = "authenticated_encrypted";
  management.may_read = {"*"};
  type->clients = {everybody, reader, management};
  return type;
}

inline simulated::MeterUnit bench_unit(std::shared_ptr<const bench::MeterType> type,
                                       std::uint32_t number) {
  simulated::MeterUnit unit;
  unit.name = "m" + std::to_string(number);
  unit.type = std::move(type);
  unit.serial = std::to_string(26000000 + number);
  unit.firmware = "1.0";
  const cosem::Bytes title = *cosem::from_hex("4D50560000ABCDEF");
  std::copy(title.begin(), title.end(), unit.system_title.begin());
  for (std::size_t i = 0; i < 4; ++i)
    unit.system_title[4 + i] = static_cast<std::byte>(number >> (24 - 8 * i));
  unit.clients["reader"].password = cosem::to_bytes("Vx9-kTq2");
  unit.clients["management"].encryption_key = *cosem::from_hex("5A17C3E28F604B9D1177AAC0D3F4E582");
  unit.clients["management"].authentication_key =
      *cosem::from_hex("C4D29E0B73A1586F2290BB3D4E7F6180");
  unit.seed = number;
  return unit;
}

inline cosem::ClientSettings bench_reader() {
  cosem::ClientSettings settings;
  settings.mechanism = cosem::mechanism::k_lls;
  settings.password = cosem::to_bytes("Vx9-kTq2");
  return settings;
}

// HLS-GMAC in a ciphered context: every request and answer authenticated and encrypted.
inline cosem::ClientSettings bench_management() {
  cosem::ClientSettings settings;
  settings.mechanism = cosem::mechanism::k_hls_gmac;
  settings.ciphered = true;
  settings.system_title = *cosem::from_hex("4D50450000000001");
  settings.keys = cosem::security_keys_from(*cosem::from_hex("5A17C3E28F604B9D1177AAC0D3F4E582"),
                                            *cosem::from_hex("C4D29E0B73A1586F2290BB3D4E7F6180"));
  settings.challenge = cosem::to_bytes("sixteen octets..");
  return settings;
}

}  // namespace meterproof::benchmarks
