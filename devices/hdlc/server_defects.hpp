// ServerDefects: what a secondary station can get wrong, one switch each, all off in a healthy one.
// They are the mutants of the conformance procedures (docs/conformance.md).
#pragma once

namespace meterproof::hdlc {

struct ServerDefects {
  bool stays_connected = false;       // DISC is acknowledged and nothing more
  bool serves_disconnected = false;   // an I-frame connects by itself
  bool any_parameters = false;        // an SNRM whose parameters do not parse gets the defaults
  bool own_parameters = false;        // the UA says what the station likes best
  bool ignores_window = false;        // all segments at once
  bool any_address = false;           // every destination is its own
  bool any_command = false;           // an unknown command is answered like RR
  bool repeats = false;               // a repeated I-frame is taken again
  bool any_receive_number = false;    // N(R) is not looked at
  bool any_length = false;            // information longer than settled is taken
  bool keeps_segments = false;        // a new connection finds the old one's segments
  bool any_llc = false;               // the LLC header is not looked at
  bool never_inactive = false;        // a silent client stays connected for ever
  bool deaf_after_bad_check = false;  // the first wrong FCS while disconnected is the last frame
};

}  // namespace meterproof::hdlc
