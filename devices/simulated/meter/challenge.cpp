#include "devices/simulated/meter/challenge.hpp"

#include <openssl/rand.h>

#include <algorithm>

#include "harness/errors.hpp"

namespace meterproof::simulated {

std::vector<std::byte> random_octets(std::size_t count) {
  std::vector<std::byte> octets(count);
  if (RAND_bytes(reinterpret_cast<unsigned char*>(octets.data()), static_cast<int>(count)) != 1)
    throw harness::BenchError("the operating system gives no random numbers");
  return octets;
}

ChallengeSource::ChallengeSource(const Policy& policy, std::uint64_t seed)
    : policy_(policy), register_(0), sequence_(seed) {
  const auto start = random_octets(2);
  register_ = static_cast<std::uint16_t>(1U | std::to_integer<unsigned>(start[0]) << 8 |
                                         std::to_integer<unsigned>(start[1]));
}

// Galois form of x^16 + x^14 + x^13 + x^11 + 1, one bit a step.
std::byte ChallengeSource::shift_register_octet() {
  unsigned octet = 0;
  for (int bit = 0; bit < 8; ++bit) {
    const unsigned out = register_ & 1U;
    octet = octet << 1 | out;
    register_ = static_cast<std::uint16_t>(register_ >> 1 ^ (out != 0 ? 0xB400U : 0U));
  }
  return static_cast<std::byte>(octet);
}

// SplitMix64: looks random, and is the same after every boot.
std::byte ChallengeSource::repeating_octet() {
  std::uint64_t mixed = sequence_ += 0x9E3779B97F4A7C15U;
  mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9U;
  mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EBU;
  return static_cast<std::byte>((mixed ^ mixed >> 31) & 0xFFU);
}

std::vector<std::byte> ChallengeSource::next() {
  if (!policy_.challenge_from_short_register && !policy_.challenge_repeats_after_boot)
    return random_octets(k_challenge_octets);
  std::vector<std::byte> octets(k_challenge_octets);
  std::generate(octets.begin(), octets.end(), [this] {
    return policy_.challenge_repeats_after_boot ? repeating_octet() : shift_register_octet();
  });
  return octets;
}

}  // namespace meterproof::simulated
