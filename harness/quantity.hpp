// Strong units: a Voltage is not a Current. All values are SI, as double; only sums of like units,
// scaling and the few products that the bench needs are defined, so that a wrong formula does not
// compile.
#pragma once

#include <compare>

#include "harness/clock.hpp"

namespace meterproof::harness {

template <class Unit>
struct Quantity {
  double value = 0;

  constexpr auto operator<=>(const Quantity&) const = default;
  constexpr Quantity operator+(Quantity other) const { return {value + other.value}; }
  constexpr Quantity operator-(Quantity other) const { return {value - other.value}; }
  constexpr Quantity operator-() const { return {-value}; }
  constexpr Quantity operator*(double factor) const { return {value * factor}; }
  constexpr Quantity operator/(double divisor) const { return {value / divisor}; }
  constexpr double operator/(Quantity other) const { return value / other.value; }
  friend constexpr Quantity operator*(double factor, Quantity quantity) {
    return quantity * factor;
  }
};

using Voltage = Quantity<struct VoltUnit>;         // V r.m.s.
using Current = Quantity<struct AmpereUnit>;       // A r.m.s.
using Power = Quantity<struct WattUnit>;           // W
using Energy = Quantity<struct JouleUnit>;         // J; 1 kWh = 3.6e6 J
using Frequency = Quantity<struct HertzUnit>;      // Hz
using Angle = Quantity<struct RadianUnit>;         // rad
using Temperature = Quantity<struct CelsiusUnit>;  // degree Celsius

constexpr Power operator*(Voltage u, Current i) { return {u.value * i.value}; }
constexpr Energy operator*(Power p, BenchDuration t) { return {p.value * t.seconds()}; }

namespace literals {
constexpr Voltage operator""_V(long double v) { return {static_cast<double>(v)}; }
constexpr Current operator""_A(long double v) { return {static_cast<double>(v)}; }
constexpr Power operator""_W(long double v) { return {static_cast<double>(v)}; }
constexpr Frequency operator""_Hz(long double v) { return {static_cast<double>(v)}; }
constexpr Energy operator""_kWh(long double v) { return {static_cast<double>(v) * 3.6e6}; }
}  // namespace literals

}  // namespace meterproof::harness
