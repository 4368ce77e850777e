// Statistics that security oracles need: Welch's t for response times, tests of randomness for
// challenges. Pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace meterproof::suites {

// Welch's t of two samples after the slower half of each was cut off: scheduling only ever adds
// time, and on a busy machine it adds more than what is looked for. The cut makes |t| larger than
// Student's by up to about two, so a finding must be reproduced. 0 for samples of fewer than 8 or
// without spread and difference.
double welch_t(std::vector<double> a, std::vector<double> b);

// Length of the shortest linear feedback shift register that makes these bits (Berlekamp-Massey).
// Each element is 0 or 1. About n/2 for random bits, the length of the register for an LFSR.
std::size_t linear_complexity(std::span<const std::uint8_t> bits);

// Chi-square of the octet distribution as a two-sided probability by the Wilson-Hilferty
// approximation, 0..1. At least 1280 octets, else 0.5.
double octet_chi_square_p(std::span<const std::byte> octets);

std::vector<std::uint8_t> bits_of(std::span<const std::byte> octets);

}  // namespace meterproof::suites
