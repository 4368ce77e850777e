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
  policy.station.stays_connected = has("CONF_HDLC_DISC");
  policy.station.serves_disconnected = has("CONF_HDLC_NDM");
  policy.station.any_parameters = has("CONF_HDLC_SNRM");
  policy.station.own_parameters = has("CONF_HDLC_UA");
  policy.station.ignores_window = has("CONF_HDLC_WINDOW");
  policy.station.any_address = has("CONF_HDLC_ADDRESS");
  policy.station.any_command = has("CONF_HDLC_COMMAND");
  policy.station.repeats = has("CONF_HDLC_REPEAT");
  policy.station.any_receive_number = has("CONF_HDLC_NR");
  policy.station.any_length = has("CONF_HDLC_LONG");
  policy.station.keeps_segments = has("CONF_HDLC_SEGMENTS");
  policy.station.any_llc = has("CONF_HDLC_LLC");
  policy.station.deaf_after_bad_check = has("CONF_HDLC_DEAF");
  policy.application.serves_early = has("CONF_APPL_EARLY");
  policy.application.any_context = has("CONF_APPL_CONTEXT");
  policy.application.any_version = has("CONF_APPL_VERSION");
  policy.application.own_conformance = has("CONF_APPL_CONFORMANCE");
  policy.application.empty_password = has("CONF_APPL_PASSWORD");
  policy.application.same_invoke_id = has("CONF_APPL_INVOKE");
  policy.application.trailing_octets = has("CONF_APPL_TRAILING");
  policy.application.read_only_success = has("CONF_APPL_READONLY");
  policy.application.any_method = has("CONF_APPL_METHOD");
  policy.application.any_block_number = has("CONF_APPL_BLOCK");
  policy.application.any_service = has("CONF_APPL_SERVICE");
  policy.application.outlives_release = has("CONF_APPL_RELEASE");
  policy.application.any_length = has("CONF_APPL_PDU");
  policy.application.answers_unknown = has("CONF_APPL_UNKNOWN");
  policy.application.spins = has("CONF_APPL_SPIN");
  policy.application.always_global = has("CONF_SEC_FORM");
  policy.application.any_service_tag = has("CONF_SEC_SERVICE");
  policy.application.own_challenge = has("CONF_SEC_REPLY");
  policy.application.wrong_type = has("CONF_OBJ_TYPE");
  policy.application.denies_listed = has("CONF_OBJ_RIGHTS");
  policy.application.wrong_context_name = has("CONF_OBJ_CONTEXT");
  policy.application.wrong_deviation = has("CONF_OBJ_CLOCK");
  policy.application.any_columns = has("CONF_OBJ_COLUMNS");
  policy.clock_of_another_version = has("CONF_TYPE_VERSION");
  policy.writable_serial_number = has("CONF_TYPE_RIGHTS");
  policy.station.never_inactive = has("CONF_HDLC_INACTIVE");
  policy.application.any_request_block = has("CONF_APPL_PBLOCK");
  policy.application.any_general_block = has("CONF_APPL_GENERAL");
  policy.application.access_goes_on = has("CONF_APPL_ACCESS");
  policy.application.any_short_name = has("CONF_APPL_SHORT");
  policy.clock_saves_daylight = !has("CONF_OBJ_SAVING");
  policy.any_image = has("CONF_OBJ_IMAGE");
  return policy;
}

}  // namespace meterproof::simulated
