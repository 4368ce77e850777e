#include "devices/hdlc/errors.hpp"

namespace meterproof::hdlc {
namespace {

class HdlcCategory final : public boost::system::error_category {
 public:
  const char* name() const noexcept override { return "hdlc"; }
  std::string message(int value) const override {
    switch (static_cast<HdlcError>(value)) {
      case HdlcError::truncated:
        return "the octets end too early";
      case HdlcError::bad_format:
        return "not an HDLC frame of format type 3";
      case HdlcError::bad_length:
        return "the length field contradicts the octets";
      case HdlcError::bad_header_check:
        return "wrong header check sequence";
      case HdlcError::bad_frame_check:
        return "wrong frame check sequence";
      case HdlcError::bad_parameters:
        return "negotiated parameters out of range";
      case HdlcError::bad_llc:
        return "no LLC header";
      case HdlcError::too_long:
        return "longer than the receiver agreed to";
      case HdlcError::not_connected:
        return "no HDLC connection";
      case HdlcError::disconnected:
        return "the peer has no HDLC connection (DM)";
      case HdlcError::rejected:
        return "the peer rejected a frame (FRMR)";
      case HdlcError::bad_sequence:
        return "the peer acknowledged what was never sent";
      case HdlcError::bad_version:
        return "not version 1 of the wrapper";
    }
    return "unknown HDLC error";
  }
};

}  // namespace

const boost::system::error_category& hdlc_category() {
  static const HdlcCategory category;
  return category;
}

}  // namespace meterproof::hdlc
