// For tests: an ApduTransport straight into a TestMeter in the same process, without octets on a
// wire, that may lose what passes; and the settings of the meter's clients.
#pragma once

#include <deque>
#include <functional>
#include <utility>
#include <vector>

#include "devices/cosem/client.hpp"
#include "devices/simulated/meter/test_meter.hpp"
#include "harness/link/link.hpp"

namespace meterproof::simulated::testing {

inline constexpr cosem::LogicalName k_scratch_name{{0, 0, 96, 50, 0, 255}};

inline cosem::ClientSettings reader_client() {
  cosem::ClientSettings settings;
  settings.mechanism = cosem::mechanism::k_lls;
  settings.password = k_password;
  return settings;
}

inline cosem::ClientSettings management_client() {
  cosem::ClientSettings settings;
  settings.mechanism = cosem::mechanism::k_hls_gmac;
  settings.ciphered = true;
  settings.system_title.assign(k_client_title.begin(), k_client_title.end());
  settings.keys = cosem::security_keys_from(k_encryption_key, k_authentication_key);
  settings.challenge = cosem::to_bytes("client challenge");
  return settings;
}

class MeterTransport final : public cosem::ApduTransport {
 public:
  MeterTransport(TestMeter& meter, std::uint16_t sap) : meter_(meter), sap_(sap) {}

  std::vector<cosem::Bytes> sent, received;       // before losses
  std::function<bool(const cosem::Bytes&)> lose;  // asked for each APDU, both ways
  cosem::Bytes instead;                           // of the next answer
  Session session;

  // Comes before anything else, although nobody asked.
  void inject(cosem::Bytes apdu) { waiting_.push_front(std::move(apdu)); }

  harness::Result<void> connect(harness::Deadline, std::stop_token) override { return {}; }
  harness::Result<void> disconnect(harness::Deadline, std::stop_token) override { return {}; }
  harness::Result<void> send(cosem::BytesView apdu, harness::Deadline, std::stop_token) override {
    sent.emplace_back(apdu.begin(), apdu.end());
    if (lose && lose(sent.back())) return {};
    auto outcome = meter_.application().on_apdu(session, {sap_, 1}, apdu, meter_.now);
    for (cosem::Bytes& reply : outcome.replies) {
      if (!instead.empty()) reply = std::exchange(instead, {});
      received.push_back(reply);
      if (!lose || !lose(reply)) waiting_.push_back(std::move(reply));
    }
    return {};
  }
  harness::Result<cosem::Bytes> receive(harness::Deadline, std::stop_token) override {
    if (waiting_.empty()) return make_error_code(link::LinkError::timeout);
    cosem::Bytes first = std::move(waiting_.front());
    waiting_.pop_front();
    return first;
  }
  std::string name() const override { return "meter in memory"; }

 private:
  TestMeter& meter_;
  std::uint16_t sap_;
  std::deque<cosem::Bytes> waiting_;
};

}  // namespace meterproof::simulated::testing
