#include "devices/simulated/meter/hdlc_setup.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "devices/simulated/meter/class_ids.hpp"

namespace meterproof::simulated {
namespace {

using cosem::Data;
using cosem::DataAccessResult;

constexpr const char* k_inactivity_key = "hdlc.inactivity_s";
constexpr std::uint64_t k_never_set = 0x10000;  // no long-unsigned
constexpr harness::WallDuration k_usual_inactivity = std::chrono::seconds(120);
constexpr std::chrono::hours k_as_good_as_never{24 * 365};
constexpr std::uint16_t k_inter_octet_ms = 25;
constexpr std::uint16_t k_lowest_device = 16, k_highest_device = 0x3FFF;

// comm_speed: its number in this list.
Data comm_speed(int baud) {
  constexpr std::array k_rates{300, 600, 1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200};
  const auto found = std::find(k_rates.begin(), k_rates.end(), baud);
  const auto at = found == k_rates.end() ? 5 : found - k_rates.begin();
  return Data(cosem::Enum{static_cast<std::uint8_t>(at)});
}

}  // namespace

HdlcSetup::HdlcSetup(Nonvolatile& memory, const bench::MeterType& type)
    : memory_(memory), type_(type) {}

harness::WallDuration HdlcSetup::inactivity() const {
  const std::uint64_t seconds = memory_.get(k_inactivity_key, k_never_set);
  if (seconds == 0) return k_as_good_as_never;
  if (seconds < k_never_set) return std::chrono::seconds(seconds);
  return type_.inactivity_timeout.count() > 0 ? type_.inactivity_timeout : k_usual_inactivity;
}

std::uint16_t HdlcSetup::inactivity_seconds() const {
  const std::uint64_t seconds = memory_.get(k_inactivity_key, k_never_set);
  if (seconds < k_never_set) return static_cast<std::uint16_t>(seconds);
  const auto declared = std::chrono::ceil<std::chrono::seconds>(inactivity()).count();
  return static_cast<std::uint16_t>(std::min<std::int64_t>(declared, 0xFFFF));
}

Object HdlcSetup::object() {
  Attribute inactivity_attribute = readable(8, [this] { return Data(inactivity_seconds()); });
  inactivity_attribute.set = [this](const Data& wanted) {
    const auto* seconds = wanted.as<std::uint16_t>();
    if (seconds == nullptr) return DataAccessResult::type_unmatched;
    memory_.set(k_inactivity_key, *seconds);
    return DataAccessResult::success;
  };
  const auto window = static_cast<std::uint8_t>(std::clamp(type_.hdlc_window, 1, 7));
  const auto octets = static_cast<std::uint16_t>(std::clamp(type_.hdlc_information, 32, 2030));
  const auto device = static_cast<std::uint16_t>(
      std::clamp<int>(type_.hdlc_physical_address, k_lowest_device, k_highest_device));
  return {k_class_hdlc_setup,
          1,
          {{0, 0, 22, 0, 0, 255}},
          {constant(2, comm_speed(type_.optical_baud)), constant(3, Data(window)),
           constant(4, Data(window)), constant(5, Data(octets)), constant(6, Data(octets)),
           constant(7, Data(k_inter_octet_ms)), std::move(inactivity_attribute),
           constant(9, Data(device))},
          {},
          false};
}

}  // namespace meterproof::simulated
