#include "devices/simulated/meter/policy.hpp"

namespace meterproof::simulated {

Policy policy_of(const std::set<std::string>& weaknesses) {
  const auto has = [&](const char* name) { return weaknesses.contains(name); };
  Policy policy;
  policy.limit_guesses = !has("MUT_AUTH_001");
  policy.constant_time_compare = !has("MUT_AUTH_004");
  policy.accept_published_secrets = has("MUT_AUTH_005");
  policy.challenge_from_short_register = has("MUT_AUTH_007");
  policy.challenge_repeats_after_boot = has("MUT_AUTH_009");
  policy.counter_checked_at_login = !has("MUT_AUTH_009") && !has("MUT_DLMS_004");
  policy.counter_checked = !has("MUT_DLMS_004");
  policy.rights_before_pass_3 = has("MUT_AUTH_011");
  policy.protection_always_demanded = !has("MUT_DLMS_001");
  policy.whole_tag_compared = !has("MUT_DLMS_003");
  policy.notifications_protected = !has("MUT_DLMS_016");
  policy.public_energy = has("MUT_ACL_002");
  policy.open_disconnect = has("MUT_ACL_003");
  policy.echo_beyond_buffer = has("MUT_APDU_001");
  policy.check_frame_sequence = !has("MUT_HDLC_001");
  policy.defend_connections = !has("MUT_BOT_001");
  return policy;
}

}  // namespace meterproof::simulated
