#include "suites/security/statistics.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace meterproof::suites {
namespace {

struct Moments {
  double mean = 0;
  double variance_of_mean = 0;
};

Moments trimmed_moments(std::vector<double>& sample) {
  std::sort(sample.begin(), sample.end());
  sample.resize(sample.size() - sample.size() / 2);
  const auto n = static_cast<double>(sample.size());
  const double mean = std::accumulate(sample.begin(), sample.end(), 0.0) / n;
  double squares = 0;
  for (const double x : sample) squares += (x - mean) * (x - mean);
  return {mean, squares / (n - 1) / n};
}

}  // namespace

double welch_t(std::vector<double> a, std::vector<double> b) {
  if (a.size() < 8 || b.size() < 8) return 0;
  const Moments first = trimmed_moments(a);
  const Moments second = trimmed_moments(b);
  const double spread = std::sqrt(first.variance_of_mean + second.variance_of_mean);
  if (spread > 0) return (first.mean - second.mean) / spread;
  return first.mean == second.mean ? 0 : std::copysign(1e9, first.mean - second.mean);
}

std::size_t linear_complexity(std::span<const std::uint8_t> bits) {
  const std::size_t n = bits.size();
  std::vector<std::uint8_t> c(n + 1, 0), b(n + 1, 0);
  c[0] = b[0] = 1;
  std::size_t length = 0, shift = 1;
  for (std::size_t i = 0; i < n; ++i) {
    std::uint8_t discrepancy = bits[i];
    for (std::size_t j = 1; j <= length; ++j) {
      discrepancy = static_cast<std::uint8_t>(discrepancy ^ (c[j] & bits[i - j]));
    }
    if (discrepancy == 0) {
      ++shift;
      continue;
    }
    const std::vector<std::uint8_t> before = c;
    for (std::size_t j = 0; j + shift <= n; ++j) {
      c[j + shift] = static_cast<std::uint8_t>(c[j + shift] ^ b[j]);
    }
    if (2 * length <= i) {
      length = i + 1 - length;
      b = before;
      shift = 1;
    } else {
      ++shift;
    }
  }
  return length;
}

double octet_chi_square_p(std::span<const std::byte> octets) {
  if (octets.size() < 1280) return 0.5;
  std::array<double, 256> counts{};
  for (const std::byte octet : octets) counts[std::to_integer<std::size_t>(octet)] += 1;
  const double expected = static_cast<double>(octets.size()) / 256;
  double chi_square = 0;
  for (const double count : counts)
    chi_square += (count - expected) * (count - expected) / expected;
  constexpr double k_freedom = 255;
  const double z = (std::cbrt(chi_square / k_freedom) - (1 - 2 / (9 * k_freedom))) /
                   std::sqrt(2 / (9 * k_freedom));
  return 0.5 * std::erfc(z / std::sqrt(2.0));
}

std::vector<std::uint8_t> bits_of(std::span<const std::byte> octets) {
  std::vector<std::uint8_t> bits;
  bits.reserve(octets.size() * 8);
  for (const std::byte octet : octets) {
    for (int bit = 7; bit >= 0; --bit) {
      bits.push_back(static_cast<std::uint8_t>(std::to_integer<unsigned>(octet) >> bit & 1u));
    }
  }
  return bits;
}

}  // namespace meterproof::suites
