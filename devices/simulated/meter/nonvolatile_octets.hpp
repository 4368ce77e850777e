// Octets in the meter's small memory, which holds numbers: "name.size" and eight octets to a
// number.
#pragma once

#include "devices/cosem/bytes.hpp"
#include "devices/simulated/meter/nonvolatile.hpp"

namespace meterproof::simulated {

void store_octets(Nonvolatile& memory, const std::string& name, cosem::BytesView octets);
// Empty when there are none.
cosem::Bytes stored_octets(const Nonvolatile& memory, const std::string& name);

}  // namespace meterproof::simulated
