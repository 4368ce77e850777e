// For the tests of this folder: a meter on a plant that stands still, and a client that builds its
// APDUs from the codecs, step by step.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <initializer_list>
#include <optional>

#include "devices/cosem/hls.hpp"
#include "devices/simulated/meter/application.hpp"

namespace meterproof::simulated::testing {

class StillPlant final : public MeterPlant {
 public:
  double import_energy_wh() const override { return energy_wh; }
  double voltage(int) const override { return 230.04; }
  double current(int) const override { return 5.0; }
  double active_power() const override { return 3450; }
  std::chrono::system_clock::time_point clock() const override { return calendar; }
  bool relay_closed() const override { return relay; }
  void set_relay(bool closed) override { relay = closed; }
  void set_communication_load(double events_per_second) override { load = events_per_second; }

  double energy_wh = 123456.7;
  std::chrono::system_clock::time_point calendar{std::chrono::sys_days{std::chrono::year_month_day{
      std::chrono::year{2026}, std::chrono::month{5}, std::chrono::day{4}}}};
  bool relay = true;
  double load = 0;
};

inline constexpr std::uint16_t k_public_sap = 16, k_reader_sap = 2, k_management_sap = 1;
inline const cosem::Bytes k_password = cosem::to_bytes("Vx9-kTq2");
inline const cosem::Bytes k_encryption_key = *cosem::from_hex("5A17C3E28F604B9D1177AAC0D3F4E582");
inline const cosem::Bytes k_authentication_key =
    *cosem::from_hex("C4D29E0B73A1586F2290BB3D4E7F6180");
inline const cosem::SystemTitle k_client_title =
    *cosem::system_title_from(*cosem::from_hex("4D50560000000001"));

bench::MeterType test_type();
MeterUnit test_unit(std::initializer_list<const char*> weaknesses, std::string state_file = "");

// A unit with power; power_cut() forgets all that is volatile.
class TestMeter {
 public:
  explicit TestMeter(std::initializer_list<const char*> weaknesses = {},
                     std::string state_file = "",
                     const std::function<void(bench::MeterType&)>& change = {});
  explicit TestMeter(MeterUnit unit);
  MeterApplication& application() { return *application_; }
  void power_cut();
  void pass(harness::WallDuration span) { now += span; }

  StillPlant plant;
  harness::WallTime now{std::chrono::seconds(1000)};

 private:
  void boot();

  MeterUnit unit_;
  std::optional<Nonvolatile> numbers_;
  LoadProfile profile_;
  std::optional<MeterApplication> application_;
};

class TestClient {
 public:
  TestClient(TestMeter& meter, std::uint16_t sap) : meter_(&meter), sap_(sap) {}

  // What comes back, as it is; the outcome of the last call stands in last.
  cosem::Bytes send(cosem::BytesView octets);
  cosem::Aare aarq(std::uint8_t mechanism, const cosem::Bytes& credential,
                   const cosem::Bytes& user_information, bool ciphered = false);
  // Opens the association as its role demands; gtest failures when it does not work.
  TestClient& open();
  bool login_with(const cosem::Bytes& password);  // LLS: accepted?
  cosem::Aare hls_passes_1_and_2();
  cosem::Bytes hls_pass_3(const cosem::Bytes& server_challenge);  // protected request

  cosem::Bytes protect(cosem::BytesView plain, cosem::CipherForm form = cosem::CipherForm::global);
  // An answer in the clear, deciphered when it is protected.
  std::optional<cosem::Apdu> understand(cosem::BytesView octets);
  std::optional<cosem::Apdu> ask(const cosem::Apdu& request);  // protected when keys are in use

  cosem::DataOrResult get(std::uint16_t class_id, const cosem::LogicalName& name,
                          std::int8_t attribute = 2,
                          std::optional<cosem::SelectiveAccess> access = {});
  cosem::DataAccessResult set(const cosem::LogicalName& name, const cosem::Data& value);
  cosem::ActionResult action(std::uint16_t class_id, const cosem::LogicalName& name,
                             std::int8_t method);

  Outcome last;
  Session session;
  cosem::SecurityKeys keys = *cosem::security_keys_from(k_encryption_key, k_authentication_key);
  std::uint32_t counter = 1;
  std::uint16_t max_pdu = 1024;
  bool ciphered = false;

 private:
  TestMeter* meter_;
  std::uint16_t sap_;
};

bool readable_by(TestClient& client, std::uint16_t class_id, const cosem::LogicalName& name);

}  // namespace meterproof::simulated::testing
