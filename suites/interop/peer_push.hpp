// A push that somebody else sends: waits for one data-notification at an own port and says what was
// in it, in the words of the peers' glue.
#pragma once

#include <boost/json/object.hpp>

#include "suites/interop/peer_session.hpp"

namespace meterproof::suites {

// Throws NotRead when none comes in time or it cannot be read.
void receive_push(const PeerOptions& options, std::uint16_t port, boost::json::object& out);

}  // namespace meterproof::suites
