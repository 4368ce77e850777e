// What an attack may see and change below the APDU. Empty functions do nothing.
#pragma once

#include <functional>

#include "devices/hdlc/frame.hpp"

namespace meterproof::hdlc {

struct FrameInterceptors {
  std::function<void(Frame&)> frame_out;   // before check sequences are made: lie in a field
  std::function<void(Bytes&)> octets_out;  // with flags and check sequences: spoil those
  std::function<void(Frame&)> frame_in;    // before the station sees it
};

struct WrapperInterceptors {
  std::function<void(Bytes&)> pdu_out;  // header and APDU
  std::function<void(Bytes&)> apdu_in;
};

}  // namespace meterproof::hdlc
