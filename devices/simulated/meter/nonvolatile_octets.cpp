#include "devices/simulated/meter/nonvolatile_octets.hpp"

#include <algorithm>

namespace meterproof::simulated {
namespace {

constexpr std::size_t k_octets_of_a_number = 8;
constexpr std::uint64_t k_longest_octets = 4096;

std::string part_of(const std::string& name, std::size_t from) {
  return name + "." + std::to_string(from / k_octets_of_a_number);
}

}  // namespace

void store_octets(Nonvolatile& memory, const std::string& name, cosem::BytesView octets) {
  memory.set(name + ".size", octets.size());
  for (std::size_t from = 0; from < octets.size(); from += k_octets_of_a_number) {
    std::uint64_t number = 0;
    const std::size_t end = std::min(from + k_octets_of_a_number, octets.size());
    for (std::size_t i = from; i < end; ++i)
      number = number << 8 | std::to_integer<std::uint64_t>(octets[i]);
    memory.set(part_of(name, from), number);
  }
}

cosem::Bytes stored_octets(const Nonvolatile& memory, const std::string& name) {
  const std::uint64_t size = memory.get(name + ".size");
  if (size > k_longest_octets) return {};
  cosem::Bytes octets(static_cast<std::size_t>(size));
  for (std::size_t from = 0; from < octets.size(); from += k_octets_of_a_number) {
    std::uint64_t number = memory.get(part_of(name, from));
    const std::size_t end = std::min(from + k_octets_of_a_number, octets.size());
    for (std::size_t i = end; i-- > from; number >>= 8)
      octets[i] = static_cast<std::byte>(number & 0xFF);
  }
  return octets;
}

}  // namespace meterproof::simulated
