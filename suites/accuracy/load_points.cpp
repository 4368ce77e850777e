#include "suites/accuracy/load_points.hpp"

#include <fmt/format.h>

#include <array>

#include "harness/errors.hpp"

namespace meterproof::suites {
namespace {

constexpr PowerFactor k_pf1{1.0, Side::none};
constexpr PowerFactor k_pf0p5l{0.5, Side::inductive};
constexpr PowerFactor k_pf0p8c{0.8, Side::capacitive};

constexpr std::array k_points = std::to_array<LoadPoint>({
    {"imax_pf1", 0, k_pf1},
    {"imax_pf0p5l", 0, k_pf0p5l},
    {"imax_pf0p8c", 0, k_pf0p8c},
    {"i1_pf1", 1, k_pf1},
    {"i1_pf0p5l", 1, k_pf0p5l},
    {"i1_pf0p8c", 1, k_pf0p8c},
    {"i0p5_pf1", 0.5, k_pf1},
    {"i0p2_pf0p5l", 0.2, k_pf0p5l},
    {"i0p2_pf0p8c", 0.2, k_pf0p8c},
    {"i0p1_pf1", 0.1, k_pf1},
    {"i0p1_pf0p5l", 0.1, k_pf0p5l},
    {"i0p1_pf0p8c", 0.1, k_pf0p8c},
    {"i0p05_pf1", 0.05, k_pf1},
});

}  // namespace

devices::Load LoadPoint::load(const bench::MeterType& type) const {
  return devices::balanced_load(type.phases, type.nominal_voltage, current(type),
                                power_factor.angle(), type.frequency);
}

std::string LoadPoint::title() const {
  const std::string_view side = power_factor.side == Side::inductive    ? " inductive"
                                : power_factor.side == Side::capacitive ? " capacitive"
                                                                        : "";
  return fmt::format("{}, PF {:g}{}", multiple > 0 ? fmt::format("{:g} Ib", multiple) : "Imax",
                     power_factor.cosine, side);
}

std::span<const LoadPoint> direct_load_points() { return k_points; }

const LoadPoint& load_point(std::string_view name) {
  for (const LoadPoint& point : k_points) {
    if (point.name == name) return point;
  }
  throw harness::InternalError("no load point is called " + std::string(name));
}

std::vector<harness::Variant> load_point_variants() {
  std::vector<harness::Variant> variants;
  for (const LoadPoint& point : k_points) {
    variants.push_back({std::string(point.name), point.title(), {}});
  }
  return variants;
}

std::vector<std::string> load_point_names(PowerFactor power_factor) {
  std::vector<std::string> names;
  for (const LoadPoint& point : k_points) {
    if (point.power_factor.cosine == power_factor.cosine &&
        point.power_factor.side == power_factor.side) {
      names.emplace_back(point.name);
    }
  }
  return names;
}

}  // namespace meterproof::suites
