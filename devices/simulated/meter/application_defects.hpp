// ApplicationDefects: what the application layer of a meter can get wrong, one switch each, all off
// in a healthy one. They are the mutants of the conformance procedures (docs/conformance.md). Most
// change a request before the meter sees it, or an answer after it was made, so that the meter's
// own code need not know of them.
#pragma once

namespace meterproof::simulated {

struct ApplicationDefects {
  bool serves_early = false;        // GET without an association
  bool any_context = false;         // every application context is LN
  bool any_version = false;         // every DLMS version is 6
  bool own_conformance = false;     // grants what was not proposed
  bool empty_password = false;      // an empty password is right
  bool same_invoke_id = false;      // answers under one invoke-id
  bool trailing_octets = false;     // what follows a GET is not looked at
  bool read_only_success = false;   // a refused SET says success
  bool any_method = false;          // an unknown method says success
  bool any_block_number = false;    // the next block, whatever number was said
  bool any_service = false;         // services are served unasked
  bool outlives_release = false;    // the association stands after RLRE
  bool any_length = false;          // answers as long as the meter likes
  bool answers_unknown = false;     // an unknown APDU gets a GET response
  bool spins = false;               // a lone first octet of a GET hangs the application
  bool always_global = false;       // answers in the service-specific form only
  bool any_service_tag = false;     // the ciphered tag is not compared with the service inside
  bool own_challenge = false;       // HLS: the reply to CtoS passes for that to StoC
  bool wrong_type = false;          // the scaler of a register is a long
  bool denies_listed = false;       // what the object list calls readable is denied
  bool wrong_context_name = false;  // the association names another application context
  bool wrong_deviation = false;     // the clock's deviation is not its zone
  bool any_columns = false;         // a profile by entry gives all columns
  bool any_request_block = false;   // blocks of SET and ACTION are taken whatever their number
  bool any_general_block = false;   // so are general blocks
  bool access_goes_on = false;      // ACCESS does what stands behind an error
  bool any_short_name = false;      // a short name between two attributes means the one before
  bool any() const;
};

}  // namespace meterproof::simulated
