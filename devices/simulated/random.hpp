// Random: the reproducible chance of the virtual bench. Every hidden error, secret and noise stream
// has its own generator, derived from the world's seed and a name, so that adding one never changes
// another.
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <string_view>

namespace meterproof::simulated {

class Random {
 public:
  Random(std::uint64_t seed, std::string_view name) : state_(seed) {
    for (const char c : name)
      state_ = (state_ ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL + 0x9e3779b97f4a7c15ULL;
    next();
  }

  // SplitMix64 (Steele, Lea, Flood 2014).
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  // [0, 1)
  double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
  // [-half_width, half_width)
  double symmetric(double half_width) { return (2 * uniform() - 1) * half_width; }
  double normal(double standard_deviation) {
    const double radius = std::sqrt(-2 * std::log(1 - uniform()));
    return standard_deviation * radius * std::cos(2 * std::numbers::pi * uniform());
  }

 private:
  std::uint64_t state_;
};

}  // namespace meterproof::simulated
