// Login: opening associations (AARQ/AARE, HLS passes 3 and 4) and closing them.
//
// Whatever is wrong with the credentials, unknown client, wrong length, wrong octet, locked, the
// answer and the work done are the same: rejected-permanent, authentication-failure.
#pragma once

#include <map>

#include "devices/cosem/initiate.hpp"
#include "devices/simulated/meter/challenge.hpp"
#include "devices/simulated/meter/event_log.hpp"
#include "devices/simulated/meter/guess_limiter.hpp"
#include "devices/simulated/meter/protection.hpp"

namespace meterproof::simulated {

struct LoginAnswer {
  cosem::Bytes octets;  // AARE
  bool failed = false;
  bool lied_in_length = false;    // the AARQ did not parse because of a length
  harness::WallDuration delay{};  // before the answer leaves (weakness AUTH_004)
};

class Login {
 public:
  Login(const MeterUnit& unit, const Policy& policy, std::vector<Role>& roles, Nonvolatile& memory,
        EventLog& events, harness::WallTime now);

  // Any earlier association of the session ends. known_server: the addressed logical device exists.
  LoginAnswer aarq(Session& session, std::uint16_t client_sap, bool known_server,
                   cosem::BytesView octets, harness::WallTime now,
                   std::chrono::system_clock::time_point calendar);
  // HLS pass 3 of a challenged session: opens it, or ends it. The counter of a GMAC token must be
  // new (fresh_from) and another than that of the message that carried it.
  cosem::ActionOutcome reply_to_hls(Session& session, const std::optional<cosem::Data>& token,
                                    std::uint64_t fresh_from,
                                    std::optional<std::uint32_t> outer_counter,
                                    harness::WallTime now);
  static cosem::Bytes rlrq(Session& session, cosem::BytesView octets);

 private:
  struct Verdict;
  Role* role_at(std::uint16_t client_sap);
  GuessLimiter& limiter_of(const std::string& role);
  Verdict judge(Session& session, Role* role, const cosem::Aarq& request, harness::WallTime now);
  cosem::HlsCredentials hls_credentials(const Session& session) const;
  bool password_right(const Role* role, cosem::BytesView offered,
                      harness::WallDuration& delay) const;
  cosem::Bytes accept(Session& session, const cosem::Aarq& request,
                      const cosem::InitiateRequest& initiate);

  const MeterUnit& unit_;
  Policy policy_;
  std::vector<Role>& roles_;
  Nonvolatile& memory_;
  EventLog& events_;
  Protection protection_;
  ChallengeSource challenges_;
  cosem::Bytes nobodys_password_;  // compared with when there is no such client
  std::map<std::string, GuessLimiter> limiters_;
};

}  // namespace meterproof::simulated
