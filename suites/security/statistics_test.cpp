#include "suites/security/statistics.hpp"

#include <gtest/gtest.h>

#include <random>

namespace meterproof::suites {
namespace {

std::vector<std::uint8_t> random_bits(std::size_t count) {
  std::mt19937_64 random(7);
  std::vector<std::uint8_t> bits(count);
  for (auto& bit : bits) bit = static_cast<std::uint8_t>(random() & 1);
  return bits;
}

TEST(LinearComplexity, OfAShiftRegisterIsItsLength) {
  std::uint16_t state = 0xACE1;
  std::vector<std::uint8_t> bits;
  for (int i = 0; i < 1000; ++i) {
    bits.push_back(static_cast<std::uint8_t>(state & 1));
    const unsigned feedback = (state ^ state >> 2 ^ state >> 3 ^ state >> 5) & 1u;
    state = static_cast<std::uint16_t>(state >> 1 | feedback << 15);
  }
  EXPECT_EQ(linear_complexity(bits), 16u);
}

TEST(LinearComplexity, OfRandomBitsIsAboutHalf) {
  EXPECT_NEAR(static_cast<double>(linear_complexity(random_bits(1000))), 500, 16);
}

TEST(LinearComplexity, OfKnownSequences) {
  EXPECT_EQ(linear_complexity(std::vector<std::uint8_t>{0, 0, 0, 0}), 0u);
  EXPECT_EQ(linear_complexity(std::vector<std::uint8_t>{0, 0, 0, 1}), 4u);
  EXPECT_EQ(linear_complexity(std::vector<std::uint8_t>{1, 1, 1, 1}), 1u);
  // Worked example 6.31 of the Handbook of Applied Cryptography.
  EXPECT_EQ(linear_complexity(std::vector<std::uint8_t>{0, 0, 1, 1, 0, 1, 1, 1, 0}), 5u);
}

TEST(WelchT, SeesAShiftAndIgnoresOutliers) {
  std::mt19937_64 random(1);
  std::normal_distribution<double> noise(100, 5);
  std::vector<double> a(60), b(60), shifted(60);
  for (double& x : a) x = noise(random);
  for (double& x : b) x = noise(random);
  for (double& x : shifted) x = noise(random) + 10;
  b[3] = 100'000;
  EXPECT_LT(std::abs(welch_t(a, b)), 4.5);
  EXPECT_GT(std::abs(welch_t(a, shifted)), 4.5);
  EXPECT_EQ(welch_t({1, 2}, {3, 4}), 0);
}

TEST(OctetChiSquare, RejectsConstantOctetsOnly) {
  std::mt19937_64 random(3);
  std::vector<std::byte> octets(4096);
  for (auto& octet : octets) octet = static_cast<std::byte>(random());
  EXPECT_GT(octet_chi_square_p(octets), 1e-4);
  EXPECT_LT(octet_chi_square_p(octets), 1 - 1e-4);
  std::fill(octets.begin(), octets.begin() + 1024, std::byte{7});
  EXPECT_LT(octet_chi_square_p(octets), 1e-4);
}

}  // namespace
}  // namespace meterproof::suites
