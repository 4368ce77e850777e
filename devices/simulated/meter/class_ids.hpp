// The COSEM interface classes of which the simulated meter has objects (IEC 62056-6-2, clause 4).
#pragma once

#include <cstdint>

namespace meterproof::simulated {

inline constexpr std::uint16_t k_class_data = 1, k_class_register = 3, k_class_profile = 7,
                               k_class_clock = 8, k_class_association = 15,
                               k_class_sap_assignment = 17, k_class_image_transfer = 18,
                               k_class_hdlc_setup = 23, k_class_push = 40, k_class_security = 64,
                               k_class_disconnect = 70;

}  // namespace meterproof::simulated
