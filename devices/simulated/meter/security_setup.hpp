// SecuritySetup: the Security setup object (class 64, IEC 62056-6-2) of one role that has keys: its
// policy, its symmetric keys and, in security suites 1 and 2, its key pairs and certificates.
// Version 0 in suite 0, version 1 in the others.
//
// Policy, transferred keys and certificates survive power cuts. A policy can only be strengthened.
// New keys are used from the next request on, so that the answer to the method still comes under
// the keys that the client asked with; the old ones are then gone. The first certificate of an
// authority that is imported becomes the trust anchor; no other certificate comes in without one.
#pragma once

#include <chrono>
#include <functional>
#include <map>

#include "devices/cosem/certificate.hpp"
#include "devices/simulated/meter/object_model.hpp"

namespace meterproof::simulated {

class SecuritySetup {
 public:
  using Calendar = std::function<std::chrono::system_clock::time_point()>;
  // role, memory and unit outlive it. Restores what memory holds.
  SecuritySetup(Role& role, const MeterUnit& unit, Nonvolatile& memory, Calendar calendar);
  SecuritySetup(const SecuritySetup&) = delete;
  SecuritySetup& operator=(const SecuritySetup&) = delete;

  Object object(const cosem::LogicalName& name);
  // Makes transferred and agreed keys the ones in use.
  void activate_keys();

 private:
  using Use = cosem::CertificateUse;
  using Parameters = std::optional<cosem::Data>;
  cosem::ActionOutcome activate_policy(const Parameters& parameters);
  cosem::ActionOutcome transfer_keys(const Parameters& parameters);
  cosem::ActionOutcome agree_keys(const Parameters& parameters);
  cosem::ActionOutcome generate_key_pair(const Parameters& parameters);
  cosem::ActionOutcome make_request(const Parameters& parameters);
  cosem::ActionOutcome import_certificate(const Parameters& parameters);
  cosem::ActionOutcome export_certificate(const Parameters& parameters) const;
  cosem::ActionOutcome remove_certificate(const Parameters& parameters);

  bool take_certificate(const cosem::Certificate& certificate);
  std::optional<std::size_t> find_certificate(const Parameters& parameters) const;
  cosem::Data certificate_list() const;
  // What a method brings, taken over when all of it is good.
  struct Staged {
    cosem::SecurityKeys keys;
    std::optional<cosem::SymmetricKey> master;
  };
  Staged keys_now() const;
  bool stage(std::int64_t key_id, const cosem::SymmetricKey& key, Staged& staged) const;
  void take_over(const Staged& staged);
  void save_certificates();
  std::uint8_t version() const {
    return suite_ == cosem::SecuritySuite::suite_0 ? std::uint8_t{0} : std::uint8_t{1};
  }

  Role& role_;
  cosem::SystemTitle own_title_;
  Nonvolatile& memory_;
  Calendar calendar_;
  cosem::SecuritySuite suite_;
  std::map<Use, cosem::PrivateKey> generated_;  // without a certificate yet
  std::vector<cosem::Certificate> certificates_;
};

}  // namespace meterproof::simulated
