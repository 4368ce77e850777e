// What ApplicationDefects do to requests and answers, kept out of the meter's own code.
#pragma once

#include <vector>

#include "devices/cosem/short_name.hpp"
#include "devices/simulated/meter/application_defects.hpp"
#include "devices/simulated/meter/session.hpp"

namespace meterproof::simulated {

// Before the meter sees the request.
cosem::Bytes spoiled_request(const ApplicationDefects& defects, Session& session,
                             std::vector<Role>& roles, cosem::BytesView apdu);
// Before its service, deciphered.
cosem::Apdu spoiled_service(const ApplicationDefects& defects, const Session& session,
                            cosem::Apdu request);
void spoil_access(const ApplicationDefects& defects, cosem::Bytes& request);
void spoil_short_name(const ApplicationDefects& defects, cosem::ShortNameApdu& request);
// Before the answer is encoded.
cosem::Apdu spoiled_answer(const ApplicationDefects& defects, cosem::Apdu answer);
// The answer to a GET, plain and as encoded.
cosem::Bytes spoiled_value(const ApplicationDefects& defects, cosem::BytesView request,
                           cosem::Bytes answer);
// AARE, as encoded.
cosem::Bytes spoiled_aare(const ApplicationDefects& defects, cosem::Bytes aare);
// Is this no APDU that the meter knows?
bool unknown_apdu(cosem::BytesView apdu);

}  // namespace meterproof::simulated
