// Comparing secrets. The healthy way takes the same time whatever differs; the weak way stops at
// the first wrong octet and takes long enough for each right one to be measured from outside.
#pragma once

#include "devices/cosem/bytes.hpp"
#include "harness/clock.hpp"

namespace meterproof::simulated {

// Digests first, so that not even the length shows.
bool equal_in_constant_time(cosem::BytesView left, cosem::BytesView right);

struct LeakyComparison {
  bool equal = false;
  harness::WallDuration taken{};  // 50 us for each octet that matched
};
LeakyComparison equal_with_early_exit(cosem::BytesView left, cosem::BytesView right);

}  // namespace meterproof::simulated
