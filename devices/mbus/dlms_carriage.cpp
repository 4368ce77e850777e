#include "devices/mbus/dlms_carriage.hpp"

#include <algorithm>
#include <utility>

#include "harness/errors.hpp"

namespace meterproof::mbus {
namespace {

constexpr std::uint8_t k_last_segment = 0x10, k_largest_dlms_ci = 0x1F;
constexpr unsigned k_most_segments = 16;
constexpr std::size_t k_access_points = 2;
// As meters in the field cut: L is 250 at most, so that frame and header fit 256 octets.
constexpr std::size_t k_segment_octets = 245;

}  // namespace

std::vector<LongFrame> segments(const CarriedApdu& carried, std::uint8_t control) {
  if (carried.apdu.size() > k_most_segments * k_segment_octets) {
    throw harness::InternalError("APDU too long for M-Bus");
  }
  std::vector<LongFrame> frames;
  BytesView rest(carried.apdu);
  do {
    const BytesView part = rest.first(std::min(rest.size(), k_segment_octets));
    rest = rest.subspan(part.size());
    const auto number = static_cast<std::uint8_t>(frames.size());
    LongFrame frame{control,
                    carried.address,
                    static_cast<std::uint8_t>(number | (rest.empty() ? k_last_segment : 0)),
                    {std::byte{carried.source_sap}, std::byte{carried.destination_sap}}};
    frame.data.insert(frame.data.end(), part.begin(), part.end());
    frames.push_back(std::move(frame));
  } while (!rest.empty());
  return frames;
}

Result<std::optional<CarriedApdu>> Reassembly::take(const LongFrame& frame) {
  if (frame.information > k_largest_dlms_ci) return MbusError::not_dlms;
  if (frame.data.size() < k_access_points) return MbusError::truncated;
  const unsigned number = frame.information & 0x0F;
  const auto source = std::to_integer<std::uint8_t>(frame.data[0]);
  const auto destination = std::to_integer<std::uint8_t>(frame.data[1]);
  if (number == 0) {
    begun_ = {frame.address, source, destination, {}};
  } else if (number != next_ || begun_.address != frame.address || begun_.source_sap != source ||
             begun_.destination_sap != destination) {
    next_ = 0;
    return MbusError::bad_sequence;
  }
  begun_.apdu.insert(begun_.apdu.end(), frame.data.begin() + k_access_points, frame.data.end());
  if ((frame.information & k_last_segment) != 0) {
    next_ = 0;
    return std::optional(std::exchange(begun_, {}));
  }
  if (number + 1 == k_most_segments) {
    next_ = 0;
    return MbusError::bad_sequence;
  }
  next_ = number + 1;
  return std::optional<CarriedApdu>();
}

}  // namespace meterproof::mbus
