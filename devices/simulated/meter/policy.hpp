// Policy: what the weaknesses of a unit mean for its communication firmware, one switch each. The
// healthy meter has the default-constructed Policy; code asks the switch, never the name.
#pragma once

#include <set>
#include <string>

#include "devices/hdlc/server_defects.hpp"
#include "devices/simulated/meter/application_defects.hpp"

namespace meterproof::simulated {

struct Policy {
  bool limit_guesses = true;                   // MUT_AUTH_001: off
  bool constant_time_compare = true;           // MUT_AUTH_004: off
  bool accept_published_secrets = false;       // MUT_AUTH_005: on, beside the unit's own secrets
  bool challenge_from_short_register = false;  // MUT_AUTH_007: on
  bool challenge_repeats_after_boot = false;   // MUT_AUTH_009: on, with the next switch
  bool counter_checked_at_login = true;        // MUT_AUTH_009, MUT_DLMS_004: off
  bool counter_checked = true;                 // MUT_DLMS_004: off
  bool rights_before_pass_3 = false;           // MUT_AUTH_011: on
  bool protection_always_demanded = true;      // MUT_DLMS_001: off, asked of the first APDU only
  bool whole_tag_compared = true;              // MUT_DLMS_003: off
  bool notifications_protected = true;         // MUT_DLMS_016: off
  bool public_energy = false;                  // MUT_ACL_002: on
  bool open_disconnect = false;                // MUT_ACL_003: on
  bool echo_beyond_buffer = false;             // MUT_APDU_001: on
  bool check_frame_sequence = true;            // MUT_HDLC_001: off
  bool defend_connections = true;              // MUT_BOT_001: off
  hdlc::ServerDefects station;                 // CONF_HDLC_*
  ApplicationDefects application;              // CONF_APPL_*, CONF_SEC_*
  bool clock_of_another_version = false;       // CONF_TYPE_VERSION: on
  bool writable_serial_number = false;         // CONF_TYPE_RIGHTS: on
  bool clock_saves_daylight = true;            // CONF_OBJ_SAVING: off
  bool any_image = false;                      // CONF_OBJ_IMAGE: on
};

// Names that this room does not know (metrology, bench defects) are left to others.
Policy policy_of(const std::set<std::string>& weaknesses);

}  // namespace meterproof::simulated
