// What this thread has asked operator new for since the program began, so that a test can say that
// hostile octets cost no more memory than they should. Counted in memory_bounds_test.cpp; the
// allocations of C libraries are not seen.
#pragma once

#include <cstddef>

namespace meterproof::test_only {

struct Allocations {
  std::size_t count = 0;
  std::size_t octets = 0;  // all together, whether given back or not
};

const Allocations& allocations();

// Octets that act() asks for: at least as many as it ever holds at one time.
template <class Act>
std::size_t octets_allocated_by(Act act) {
  const std::size_t before = allocations().octets;
  act();
  return allocations().octets - before;
}

}  // namespace meterproof::test_only
