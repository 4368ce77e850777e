#include "devices/simulated/meter/login.hpp"

#include <algorithm>
#include <utility>

#include "devices/cosem/hls.hpp"
#include "devices/cosem/short_names.hpp"
#include "devices/simulated/meter/objects.hpp"
#include "devices/simulated/meter/password.hpp"

namespace meterproof::simulated {
namespace {

namespace diagnostic = cosem::diagnostic;
namespace mechanism = cosem::mechanism;
using cosem::Aare;
using cosem::Aarq;
using cosem::Bytes;

constexpr std::size_t k_shortest_challenge = 8, k_longest_challenge = 64;
constexpr std::size_t k_longest_aarq = 512;
constexpr std::uint16_t k_smallest_pdu = 12;
constexpr std::uint8_t k_dlms_version = 6;
// Octets that protection adds to an APDU: tag, length, title, SC, IC, authentication tag.
constexpr std::size_t k_protection_overhead = 32;
// Where the type declares no lock-out the meter still throttles.
constexpr int k_default_failures = 10;
constexpr std::chrono::seconds k_default_lock{10};
// initiate errors of confirmedServiceError
constexpr std::uint8_t k_version_too_low = 1, k_incompatible_conformance = 2,
                       k_pdu_size_too_short = 3;

bool length_lies(const cosem::Error& error) {
  return error == cosem::CosemError::truncated || error == cosem::CosemError::bad_length ||
         error == cosem::CosemError::too_large;
}

bool refers_by_short_names(std::optional<std::uint8_t> application_context) {
  return application_context == cosem::context::k_sn ||
         application_context == cosem::context::k_sn_ciphered;
}

std::uint32_t offered_conformance(std::optional<std::uint8_t> application_context) {
  return refers_by_short_names(application_context) ? meter_conformance_short_names()
                                                    : meter_conformance();
}

bool context_offered(const bench::MeterType& type,
                     std::optional<std::uint8_t> application_context) {
  if (refers_by_short_names(application_context)) return type.referencing != "ln";
  const bool logical_names = application_context == cosem::context::k_ln ||
                             application_context == cosem::context::k_ln_ciphered;
  return logical_names && type.referencing != "sn";
}

Bytes rejection(std::uint8_t reason, std::optional<std::uint8_t> application_context,
                Bytes user_information = {}) {
  Aare answer;
  answer.application_context = application_context;
  answer.result = cosem::association_result::k_rejected_permanent;
  answer.diagnostic = reason;
  answer.user_information = std::move(user_information);
  return cosem::encode_acse(answer);
}

// acse-service-provider: no-common-acse-version.
Bytes no_common_version() {
  Aare answer;
  answer.result = cosem::association_result::k_rejected_permanent;
  answer.diagnostic_source = 2;
  answer.diagnostic = 2;
  return cosem::encode_acse(answer);
}

}  // namespace

// Accepted, or the reason why not.
struct Login::Verdict {
  std::optional<cosem::InitiateRequest> initiate;
  std::uint8_t reason = diagnostic::k_authentication_failure;
  std::uint8_t initiate_error = 0;  // 0: none to be told
  harness::WallDuration delay{};
};

Login::Login(const MeterUnit& unit, const Policy& policy, std::vector<Role>& roles,
             Nonvolatile& memory, EventLog& events, harness::WallTime now)
    : unit_(unit),
      policy_(policy),
      roles_(roles),
      memory_(memory),
      events_(events),
      protection_(policy, unit.system_title),
      challenges_(policy, unit.seed),
      nobodys_password_(random_octets(8)) {
  for (const Role& role : roles_)
    limiter_of(role.name).restore(static_cast<int>(memory_.get("failures." + role.name)), now);
}

Role* Login::role_at(std::uint16_t client_sap) {
  const auto found = std::find_if(roles_.begin(), roles_.end(),
                                  [&](const Role& role) { return role.client_sap == client_sap; });
  return found == roles_.end() ? nullptr : &*found;
}

GuessLimiter& Login::limiter_of(const std::string& role) {
  const bench::MeterType& type = *unit_.type;
  const bool declared = type.lockout_after_failures > 0;
  return limiters_
      .try_emplace(role, declared ? type.lockout_after_failures : k_default_failures,
                   declared ? type.lockout : harness::WallDuration(k_default_lock))
      .first->second;
}

bool Login::password_right(const Role* role, cosem::BytesView offered,
                           harness::WallDuration& delay) const {
  if (role == nullptr || role->passwords.empty()) {
    // The same work as for a client that exists.
    return policy_.constant_time_compare && equal_in_constant_time(offered, nobodys_password_) &&
           false;
  }
  bool right = policy_.application.empty_password && offered.empty();
  for (const Bytes& password : role->passwords) {
    if (policy_.constant_time_compare) {
      right = equal_in_constant_time(offered, password) || right;
    } else {
      const LeakyComparison compared = equal_with_early_exit(offered, password);
      delay += compared.taken;
      right = compared.equal || right;
    }
  }
  return right;
}

Login::Verdict Login::judge(Session& session, Role* role, const Aarq& request,
                            harness::WallTime now) {
  Verdict verdict;
  const std::uint8_t wanted = request.mechanism.value_or(mechanism::k_none);
  const bool ciphered = request.application_context == cosem::context::k_ln_ciphered ||
                        request.application_context == cosem::context::k_sn_ciphered;
  if (wanted != mechanism::k_none && wanted != mechanism::k_lls && !cosem::is_hls(wanted)) {
    verdict.reason = diagnostic::k_mechanism_not_recognised;
    return verdict;
  }

  if (wanted == mechanism::k_lls) {
    const bool known = role != nullptr && role->mechanism == mechanism::k_lls && !ciphered;
    const std::string name = known ? role->name : std::string();
    GuessLimiter& limiter = limiter_of(name);
    // Compared before the lock is asked for, so that a locked client costs the same time.
    const bool right =
        password_right(known ? role : nullptr,
                       request.calling_authentication_value.value_or(Bytes{}), verdict.delay);
    if (policy_.limit_guesses && limiter.locked(now)) return verdict;
    if (!right) {
      limiter.failed(now);
      memory_.set("failures." + name, static_cast<std::uint64_t>(limiter.failures()));
      return verdict;
    }
    limiter.succeeded();
    memory_.set("failures." + name, 0);
  } else if (role == nullptr || role->mechanism != wanted || role->ciphered != ciphered) {
    return verdict;
  } else if (cosem::hls_uses_secret(wanted) && policy_.limit_guesses &&
             limiter_of(role->name).locked(now)) {
    return verdict;  // failures are counted at pass 3
  }

  Bytes plain = request.user_information;
  if (cosem::is_hls(wanted)) {
    const std::size_t challenge = request.calling_authentication_value.value_or(Bytes{}).size();
    if (challenge < k_shortest_challenge || challenge > k_longest_challenge) return verdict;
  }
  if (cosem::hls_uses_system_titles(wanted) || ciphered) {
    const auto title = cosem::system_title_from(request.calling_ap_title);
    // A client with the meter's own title would share its initialization vectors.
    if (!title || *title == unit_.system_title) return verdict;
    session.client_title = *title;
    if (!role->key_sets.empty()) session.keys = &role->key_sets.front();
  }
  if (ciphered) {
    const auto opened = protection_.open_initiate(session, *role, request.user_information);
    if (!opened) return verdict;
    plain = *opened;
  }
  const auto initiate = cosem::decode_initiate_request(plain);
  if (!initiate) {
    verdict.reason = diagnostic::k_no_reason;
  } else if (initiate->dlms_version < k_dlms_version) {
    verdict.reason = diagnostic::k_no_reason;
    verdict.initiate_error = k_version_too_low;
  } else if (initiate->max_pdu != 0 && initiate->max_pdu < k_smallest_pdu) {
    verdict.reason = diagnostic::k_no_reason;
    verdict.initiate_error = k_pdu_size_too_short;
  } else if ((initiate->conformance & offered_conformance(request.application_context)) == 0) {
    verdict.reason = diagnostic::k_no_reason;
    verdict.initiate_error = k_incompatible_conformance;
  } else {
    verdict.initiate = *initiate;
  }
  return verdict;
}

Bytes Login::accept(Session& session, const Aarq& request, const cosem::InitiateRequest& initiate) {
  const Role& role = *session.role;
  const std::size_t longest = initiate.max_pdu == 0 ? std::size_t{k_meter_max_pdu}
                                                    : std::min(initiate.max_pdu, k_meter_max_pdu);
  const std::size_t overhead = role.ciphered ? k_protection_overhead : 0;
  session.longest_pdu = longest;
  session.longest_answer = longest > overhead ? longest - overhead : 1;
  session.short_names = refers_by_short_names(request.application_context);
  session.conformance = initiate.conformance & offered_conformance(request.application_context);

  if (role.ciphered && !initiate.dedicated_key.empty()) {
    const auto key = cosem::SymmetricKey::from(initiate.dedicated_key);
    cosem::SecurityKeys keys = session.keys->keys();
    // A dedicated key of another size is none: what comes under it will not open.
    if (key && key->size() == keys.encryption.size()) {
      keys.encryption = *key;
      session.dedicated = std::make_shared<DedicatedKey>(DedicatedKey{keys, {}, 1});
    }
  }
  Aare answer;
  answer.application_context = request.application_context;
  cosem::InitiateResponse response;
  response.conformance = session.conformance;
  response.max_pdu = k_meter_max_pdu;
  if (session.short_names) response.vaa_name = cosem::base_names::k_association;
  answer.user_information = cosem::encode(response);
  session.phase = Session::Phase::open;
  if (role.mechanism != mechanism::k_none) {
    answer.responder_acse_requirements = true;
    answer.mechanism = role.mechanism;
  }
  if (role.ciphered || cosem::hls_uses_system_titles(role.mechanism))
    answer.responding_ap_title.assign(unit_.system_title.begin(), unit_.system_title.end());
  if (cosem::is_hls(role.mechanism)) {
    session.phase = Session::Phase::challenged;
    session.client_challenge = *request.calling_authentication_value;
    session.server_challenge = challenges_.next();
    answer.diagnostic = diagnostic::k_authentication_required;
    answer.responding_authentication_value = session.server_challenge;
  }
  if (role.ciphered && role.policy.response != 0) {
    auto closed = protection_.close(session, answer.user_information, cosem::CipherForm::global);
    if (!closed) {
      session = Session{};
      return rejection(diagnostic::k_no_reason, request.application_context);
    }
    answer.user_information = std::move(*closed);
  }
  return cosem::encode_acse(answer);
}

LoginAnswer Login::aarq(Session& session, std::uint16_t client_sap, bool known_server,
                        cosem::BytesView octets, harness::WallTime now,
                        std::chrono::system_clock::time_point calendar) {
  session = Session{};
  LoginAnswer answer;
  const auto fail = [&](Bytes rejected) {
    session = Session{};
    events_.note(SecurityEvent::login_failed, now, calendar);
    answer.failed = true;
    answer.octets = std::move(rejected);
    return answer;
  };
  if (octets.size() > k_longest_aarq)
    return fail(rejection(diagnostic::k_no_reason, cosem::context::k_ln));
  const auto decoded = cosem::decode_acse(octets);
  const Aarq* request = decoded ? std::get_if<Aarq>(&*decoded) : nullptr;
  if (request == nullptr) {
    answer.lied_in_length = !decoded && length_lies(decoded.error());
    return fail(rejection(diagnostic::k_no_reason, cosem::context::k_ln));
  }
  const auto& odd = request->oddities;
  if (std::find(odd.begin(), odd.end(), "protocol-version is not version1") != odd.end())
    return fail(no_common_version());
  if (!context_offered(*unit_.type, request->application_context))
    return fail(rejection(diagnostic::k_context_not_supported, cosem::context::k_ln));

  Role* role = known_server ? role_at(client_sap) : nullptr;
  const Verdict verdict = judge(session, role, *request, now);
  answer.delay = verdict.delay;
  if (!verdict.initiate) {
    Bytes error;
    if (verdict.initiate_error != 0)
      error = cosem::encode_apdu(cosem::ConfirmedServiceError{1, 6, verdict.initiate_error});
    return fail(rejection(verdict.reason, request->application_context, std::move(error)));
  }
  session.client_sap = client_sap;
  session.role = role;
  role->client_title = session.client_title;
  answer.octets = accept(session, *request, *verdict.initiate);
  return answer;
}

cosem::HlsCredentials Login::hls_credentials(const Session& session) const {
  const Role& role = *session.role;
  cosem::HlsCredentials own;
  own.mechanism = role.mechanism;
  if (!role.passwords.empty()) own.secret = role.passwords.front();
  if (session.keys != nullptr) own.keys = session.keys->keys();
  own.signing_key = role.signing_key;
  own.peer_signing_key = role.client_signing_key;
  return own;
}

cosem::ActionOutcome Login::reply_to_hls(Session& session, const std::optional<cosem::Data>& token,
                                         std::uint64_t fresh_from,
                                         std::optional<std::uint32_t> outer_counter,
                                         harness::WallTime now) {
  const Role& role = *session.role;
  const bool guessable = cosem::hls_uses_secret(role.mechanism);
  const auto refuse = [&] {
    session = Session{};
    return cosem::ActionOutcome{cosem::ActionResult::read_write_denied, {}};
  };
  const auto octets = token ? token->octets() : std::nullopt;
  if (!octets) return refuse();
  const cosem::HlsCredentials own = hls_credentials(session);
  auto counter = cosem::verify_hls_token(own,
                                         {session.client_title, unit_.system_title,
                                          session.server_challenge, session.client_challenge},
                                         *octets);
  if (!counter && policy_.application.own_challenge) {
    counter = cosem::verify_hls_token(own,
                                      {session.client_title, unit_.system_title,
                                       session.client_challenge, session.client_challenge},
                                      *octets);
  }
  if (guessable) {
    GuessLimiter& limiter = limiter_of(role.name);
    if (counter) {
      limiter.succeeded();
    } else {
      limiter.failed(now);
    }
    memory_.set("failures." + role.name, static_cast<std::uint64_t>(limiter.failures()));
  }
  if (!counter) return refuse();
  if (*counter) {
    if (policy_.counter_checked_at_login && (**counter < fresh_from || *counter == outer_counter))
      return refuse();
    session.keys->received(**counter);
  }
  session.key_proven = true;
  session.phase = Session::Phase::open;
  std::uint32_t own_counter = 0;
  if (cosem::hls_uses_counter(role.mechanism)) {
    const auto next = session.keys->next_sent();
    if (!next) return refuse();
    own_counter = *next;
  }
  const auto proof = cosem::hls_token(own,
                                      {unit_.system_title, session.client_title,
                                       session.client_challenge, session.server_challenge},
                                      own_counter);
  session.server_challenge.clear();
  if (!proof) return refuse();
  return {cosem::ActionResult::success, cosem::octet_string(*proof)};
}

Bytes Login::rlrq(Session& session, cosem::BytesView octets) {
  constexpr std::uint8_t k_normal = 0, k_not_finished = 1;
  const auto decoded = cosem::decode_acse(octets);
  const bool good = decoded && std::holds_alternative<cosem::Rlrq>(*decoded) &&
                    session.phase != Session::Phase::none;
  session = Session{};
  cosem::Rlre answer;
  answer.reason = good ? k_normal : k_not_finished;
  return cosem::encode_acse(answer);
}

}  // namespace meterproof::simulated
