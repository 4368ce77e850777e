// A pre-established association (IEC 62056-5-3, 4.2.5): client and meter know context, conformance
// and keys from the factory, and the first request is already inside of it. No AARQ, no release.
#pragma once

#include <vector>

#include "devices/simulated/meter/role.hpp"
#include "devices/simulated/meter/session.hpp"

namespace meterproof::simulated {

// Opens the session for the client whose first request this is, when the type declares it so.
// A ciphered request names its sender (general-glo-ciphering): the title is taken from there, and
// only the authentication tag makes it true.
void establish_without_aarq(Session& session, std::vector<Role>& roles,
                            const bench::MeterType& type, std::uint16_t client_sap,
                            cosem::BytesView request);

}  // namespace meterproof::simulated
