#include "devices/source.hpp"

#include <fmt/format.h>

#include <cmath>

namespace meterproof::devices {
namespace {

std::string power_factor_text(harness::Angle phi) {
  // Set points come from acos(), so 0.5 returns as 0.5000000000000001.
  const double cosine = std::round(std::cos(phi.value) * 1e9) / 1e9;
  const char* side = phi.value > 0 ? " ind" : phi.value < 0 ? " cap" : "";
  return fmt::format("PF {:.9g}{}", cosine, cosine == 1 ? "" : side);
}

std::string phase_text(const PhaseLoad& phase) {
  std::string text = fmt::format("{:.9g} V, {:.9g} A", phase.u.value, phase.i.value);
  if (phase.i.value != 0) text += ", " + power_factor_text(phase.phi);
  return text;
}

}  // namespace

Load balanced_load(int phases, harness::Voltage u, harness::Current i, harness::Angle phi,
                   harness::Frequency frequency) {
  Load load;
  load.frequency = frequency;
  for (std::size_t n = 0; n < load.phases.size() && static_cast<int>(n) < phases; ++n) {
    load.phases[n] = {u, i, phi};
  }
  return load;
}

std::string to_string(const Load& load) {
  const auto& [l1, l2, l3] = load.phases;
  const std::string frequency = fmt::format(", {:.9g} Hz", load.frequency.value);
  if (l1 == l2 && l2 == l3) return "3x" + phase_text(l1) + frequency;
  if (l2 == PhaseLoad{} && l3 == PhaseLoad{}) return "1x" + phase_text(l1) + frequency;
  return fmt::format("L1 {}; L2 {}; L3 {}{}", phase_text(l1), phase_text(l2), phase_text(l3),
                     frequency);
}

}  // namespace meterproof::devices
