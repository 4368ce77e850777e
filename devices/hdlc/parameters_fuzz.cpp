// What SNRM and UA carry, addresses and single frames: what decodes is in its range, encodes to the
// same value, and two stations that agree never exceed what either said.
#include <cstdlib>

#include "devices/hdlc/frame.hpp"
#include "devices/hdlc/parameters.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace meterproof::hdlc;
  const BytesView input = std::as_bytes(std::span(data, size));
  if (const auto parameters = decode_parameters(input)) {
    const auto in_range = [](unsigned octets, unsigned window) {
      return octets >= 1 && octets <= 2030 && window >= 1 && window <= 7;
    };
    if (!in_range(parameters->transmit_octets, parameters->transmit_window) ||
        !in_range(parameters->receive_octets, parameters->receive_window)) {
      std::abort();
    }
    if (decode_parameters(encode_parameters(*parameters)).value() != *parameters) std::abort();
    const Parameters agreed = agree({128, 128, 1, 1}, *parameters);
    if (agreed.transmit_octets > 128 || agreed.receive_octets > 128) std::abort();
  }
  if (const auto address = parse_address(input)) {
    Bytes again;
    append_address(again, address->address);
    if (!std::equal(again.begin(), again.end(), input.begin()) || again.size() != address->octets) {
      std::abort();
    }
  }
  for (const bool checked : {true, false}) {
    const auto frame = decode(input, {.header_check = checked, .frame_check = checked});
    if (!frame) continue;
    const Bytes octets = encode(*frame);
    const auto again = decode(BytesView(octets).subspan(1, octets.size() - 2));
    if (!again || *again != *frame || to_string(frame->kind()).empty()) std::abort();
  }
  return 0;
}
