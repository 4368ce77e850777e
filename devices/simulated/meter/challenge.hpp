// ChallengeSource: the server-to-client challenges (StoC) of HLS. A healthy meter draws 32 octets
// from the operating system's generator; the two weak ones are what meters were found to do.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "devices/simulated/meter/policy.hpp"

namespace meterproof::simulated {

inline constexpr std::size_t k_challenge_octets = 32;

// Octets of the operating system's random generator. Throws BenchError when it fails.
std::vector<std::byte> random_octets(std::size_t count);

class ChallengeSource {
 public:
  // seed: of the unit; used only by the weakness that repeats after boot.
  ChallengeSource(const Policy& policy, std::uint64_t seed);
  std::vector<std::byte> next();

 private:
  std::byte shift_register_octet();
  std::byte repeating_octet();

  Policy policy_;
  std::uint16_t register_;
  std::uint64_t sequence_;
};

}  // namespace meterproof::simulated
