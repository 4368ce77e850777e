// What can go wrong below the APDU: frames that do not parse, a peer that leaves the protocol, a
// wrapper header that makes no sense. Silence is not here: it is link::LinkError::timeout.
#pragma once

#include "harness/result.hpp"

namespace meterproof::hdlc {

using harness::Error;
using harness::Result;

enum class HdlcError {
  truncated = 1,     // the octets end too early
  bad_format,        // not frame format type 3, or an address field of 3 or more than 4 octets
  bad_length,        // the length field contradicts the octets
  bad_header_check,  // HCS
  bad_frame_check,   // FCS
  bad_parameters,    // negotiated sizes or windows out of range (IEC 62056-46, 6.4.4.4.3)
  bad_llc,           // no LLC header before the APDU
  too_long,          // more octets than the receiver agreed to take
  not_connected,     // no SNRM/UA yet
  disconnected,      // the peer answered DM: it has no connection
  rejected,          // the peer answered FRMR
  bad_sequence,      // N(R) acknowledges what was never sent
  bad_version,       // wrapper: not version 1
};
const boost::system::error_category& hdlc_category();
inline Error make_error_code(HdlcError error) { return {static_cast<int>(error), hdlc_category()}; }

}  // namespace meterproof::hdlc

template <>
struct boost::system::is_error_code_enum<meterproof::hdlc::HdlcError> : std::true_type {};
