// Target: the DLMS unit of this position over one of its interfaces, as an attacker with a lab's
// knowledge sees it: connections that are not yet associated, log-ins with right and with wrong
// secrets, raw octets.
//
// Every call gets a deadline of its own (k_answer_time unless said otherwise), so a silent meter is
// an answer like any other.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "devices/cosem/client.hpp"
#include "devices/meters/dlms_meter.hpp"
#include "suites/context.hpp"

namespace meterproof::suites {

inline constexpr std::chrono::milliseconds k_answer_time{2000};

class Target {
 public:
  // interface: "tcp", "optical". Throws InternalError when the position's meter does not speak
  // DLMS, BenchError when the bench file's allow list does not permit attacks on the interface.
  Target(Context& context, std::string interface);

  Context& context() const { return context_; }
  const std::string& interface() const { return interface_; }
  devices::DlmsMeter& meter() const { return meter_; }
  const bench::MeterType& type() const { return context_.type(); }
  // Name of the first declared client with this authentication ("none", "lls", "hls_gmac"); empty
  // when there is none.
  std::string client_with(const std::string& authentication) const;

  // Settings with the right secrets and a fresh challenge.
  cosem::ClientSettings settings(const std::string& client) const;
  // A connected transport, not associated. own_address: local address to bind to (TCP); empty: the
  // system's choice. client_sap: instead of the declared one.
  harness::Result<cosem::Client> connect(const std::string& client, cosem::ClientSettings settings,
                                         const std::string& own_address = {},
                                         std::optional<int> client_sap = {}) const;
  harness::Result<cosem::Client> connect(const std::string& client) const;
  // connect + associate + authenticate.
  harness::Result<cosem::Client> login(const std::string& client) const;
  harness::Result<cosem::Client> login(const std::string& client, cosem::ClientSettings settings,
                                       const std::string& own_address = {}) const;

  // The harmless twin of most stimuli: log in with the right secrets and read the clock.
  harness::Result<void> log_in_and_read(const std::string& client) const;
  // log_in_and_read before and after the stimulus. The second waits until it works or the meter's
  // declared lock-out and recovery times are over.
  void control_before(const std::string& client);
  void control_after(const std::string& client);
  // A log-in after a stimulus that the rest of the case needs: tried for as long as control_after
  // does. A meter that does not come back has failed "recovers", and the case ends.
  cosem::Client login_again(const std::string& client) const;

  // The declared lock-out and recovery times from now on.
  harness::Deadline patience() const {
    return harness::Deadline::after(type().lockout + type().recovery);
  }
  // The literal address of the meter; empty where the interface is none of a network.
  std::string host() const;
  harness::Deadline deadline(std::chrono::milliseconds span = k_answer_time) const {
    return harness::Deadline::after(span);
  }
  std::stop_token stop() const { return context_.stop(); }

 private:
  Context& context_;
  std::string interface_;
  devices::DlmsMeter& meter_;
};

// Objects that procedures use: harmless to read or write on any meter of the virtual bench, and
// standard ones in the field.
namespace objects {
cosem::AttributeDescriptor clock();  // 0-0:1.0.0.255, class 8, attribute 2
cosem::AttributeDescriptor energy(const bench::MeterType& type);  // class 3, attribute 2
cosem::AttributeDescriptor load_profile();  // 1-0:99.1.0.255, class 7, attribute 2
cosem::AttributeDescriptor
writable();  // 0-0:96.50.0.255, class 1, attribute 2: a note of no effect
cosem::MethodDescriptor remote_disconnect();  // 0-0:96.3.10.255, class 70, method 1
cosem::MethodDescriptor remote_reconnect();   // method 2
cosem::MethodDescriptor push();               // 0-0:25.9.0.255, class 40, method 1
}  // namespace objects

// "accepted", or the error's message.
template <class T>
std::string said(const harness::Result<T>& result) {
  return result ? std::string("accepted") : result.error().message();
}

}  // namespace meterproof::suites
