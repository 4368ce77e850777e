// hand_over: protocol mode E on a link, from 300 baud 7E1 to 8N1 at the rate agreed. The link must
// be a serial one (a port or a pseudo-terminal): a raw TCP serial server cannot change its rate.
#pragma once

#include <stop_token>

#include "devices/iec62056_21/mode_e.hpp"
#include "harness/link/link.hpp"

namespace meterproof::iec62056_21 {

// Errors: LinkError (not_supported when the line cannot be set), SignOnError.
Result<HandedOver> hand_over(link::Link& line, const ModeEOptions& options,
                             harness::Deadline deadline, std::stop_token stop);

}  // namespace meterproof::iec62056_21
