// The ACCESS service on the object model (IEC 62056-5-3): a list of GETs, SETs and ACTIONs, worked
// off in order, one result each.
#pragma once

#include "devices/cosem/access.hpp"
#include "devices/simulated/meter/object_model.hpp"
#include "devices/simulated/meter/session.hpp"

namespace meterproof::simulated {

// The plain answer; nothing for an unconfirmed request. An exception-response when the service was
// not negotiated, the request does not parse, or the answer is too long for one APDU.
std::optional<cosem::Bytes> answer_access(const ObjectModel& model, const Session& session,
                                          cosem::BytesView request, Notifications& notifications);

}  // namespace meterproof::simulated
