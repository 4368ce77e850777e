// check_type: holds a value against the type that its class says, and names each place where it
// deviates. Whoever judges decides what a deviation means; nothing here is a verdict.
#pragma once

#include <string>
#include <vector>

#include "devices/cosem/classes/type.hpp"

namespace meterproof::cosem::classes {

struct Deviation {
  std::string path;     // "[3].script_selector"; empty: the value itself
  std::string message;  // "is long, not long-unsigned"
  bool operator==(const Deviation&) const = default;
};

// At most `limit` deviations. A compact array counts as the array that it expands to.
std::vector<Deviation> check_type(const Type& type, const Data& value, std::size_t limit = 20);

// "[3].script_selector is long, not long-unsigned"
std::string to_string(const Deviation& deviation);
// All of them, joined by "; ".
std::string to_string(const std::vector<Deviation>& deviations);

}  // namespace meterproof::cosem::classes
