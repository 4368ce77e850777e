// DlmsMeter: a meter that speaks DLMS/COSEM, over any of its interfaces and as any of its clients.
//
// The Meter interface is what every procedure may use: each call opens an association, reads and
// closes it. session() is for procedures that talk DLMS themselves. Invocation counters are shared
// by all sessions of one client; the first one asks the meter for the last counter it accepted
// (0-0:43.1.x.255, as the public client).
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "devices/cosem/client.hpp"
#include "devices/cosem/objects.hpp"
#include "devices/meter.hpp"
#include "devices/meters/registry.hpp"
#include "harness/link/link.hpp"

namespace meterproof::devices {

class DlmsMeter final : public Meter {
 public:
  // Resolves the secrets and registers them, so that no transcript shows them. Throws ConfigError.
  explicit DlmsMeter(MeterSetup setup);

  harness::Result<MeterIdentity> identity(harness::Deadline deadline,
                                          std::stop_token stop) override;
  harness::Result<RegisterReading> read_energy(harness::Deadline deadline,
                                               std::stop_token stop) override;
  harness::Result<void> probe(harness::Deadline deadline, std::stop_token stop) override;
  harness::Result<std::optional<bool>> relay_closed(harness::Deadline deadline,
                                                    std::stop_token stop) override;
  harness::Result<cosem::DateTime> clock(harness::Deadline deadline, std::stop_token stop);
  // Rows of the load profile 1-0:99.1.0.255, entries from..to (from 1; to 0: the last).
  harness::Result<cosem::ProfileRows> load_profile(std::uint32_t from, std::uint32_t to,
                                                   harness::Deadline deadline,
                                                   std::stop_token stop);

  // The right secrets of a client, a fresh challenge, and the client's shared counter. Throws
  // ConfigError for a client that neither the type nor the interface knows.
  cosem::ClientSettings settings(const std::string& client) const;

  struct SessionOptions {
    std::optional<cosem::ClientSettings> settings;  // instead of settings(client)
    std::string own_address;                        // bind to it (TCP, UDP); empty: system's choice
    std::optional<int> client_sap;                  // instead of the declared one
    std::optional<int> server_sap;
    // How far to go: the link and its framing only, or the whole association.
    bool associate = true;
    // Ask the meter for its counter before the first ciphered session of this client.
    bool learn_counter = true;
  };
  // A connected client: link open, transport connected and, unless options say otherwise,
  // associated and authenticated.
  harness::Result<cosem::Client> session(const std::string& interface, const std::string& client,
                                         harness::Deadline deadline, std::stop_token stop,
                                         const SessionOptions& options);
  harness::Result<cosem::Client> session(const std::string& interface, const std::string& client,
                                         harness::Deadline deadline, std::stop_token stop);
  // The open way below the association, not connected.
  harness::Result<std::unique_ptr<cosem::ApduTransport>> transport(const std::string& interface,
                                                                   const std::string& client,
                                                                   harness::Deadline deadline,
                                                                   std::stop_token stop,
                                                                   const SessionOptions& options);
  // A bare link to an interface, for octets that are no DLMS at all.
  harness::Result<std::unique_ptr<link::Link>> open_link(const std::string& interface,
                                                         harness::Deadline deadline,
                                                         std::stop_token stop,
                                                         const std::string& own_address = {});
  // Reads the last counter that the meter accepted, and makes the client go on above it.
  harness::Result<void> learn_counter(const std::string& interface, const std::string& client,
                                      harness::Deadline deadline, std::stop_token stop);

  const bench::Position& position() const { return setup_.position; }
  const bench::MeterType& type() const { return *setup_.position.type; }
  // Interface and client that the Meter calls use.
  const std::string& home_interface() const { return home_interface_; }
  const std::string& home_client() const { return home_client_; }

 private:
  struct Access {
    cosem::Bytes password, encryption_key, authentication_key, system_title;
    cosem::Bytes broadcast_key, master_key;
    cosem::Bytes signing_key, meter_signing_public_key;
    cosem::Bytes agreement_key, meter_agreement_public_key;
    std::shared_ptr<cosem::InvocationCounter> counter;
    std::shared_ptr<std::atomic<bool>> counter_known;
  };
  const bench::Interface& interface_of(const std::string& name) const;
  const bench::DeclaredClient& declared(const std::string& client) const;
  void choose_home();
  std::shared_ptr<cosem::InvocationCounter> counter_of(const std::string& client,
                                                       const Access& access) const;
  cosem::Bytes random_octets(std::size_t count) const;
  void add_curve_keys(const Access& access, const bench::DeclaredClient& role,
                      cosem::ClientSettings& settings) const;
  template <class T, class Use>
  harness::Result<T> with_session(harness::Deadline deadline, std::stop_token stop, Use use);

  MeterSetup setup_;
  std::map<std::string, Access> access_;  // by client
  std::string home_interface_, home_client_;
};

}  // namespace meterproof::devices
