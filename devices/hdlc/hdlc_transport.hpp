// HdlcTransport: APDUs over HDLC over a link. It waits and retransmits; the protocol itself is
// ClientStation's. For negative tests octets and frames can be sent and received around the
// station.
#pragma once

#include <memory>

#include "devices/cosem/apdu_transport.hpp"
#include "devices/hdlc/client_station.hpp"
#include "devices/hdlc/interceptors.hpp"
#include "harness/link/link.hpp"

namespace meterproof::hdlc {

class HdlcTransport final : public cosem::ApduTransport {
 public:
  HdlcTransport(std::unique_ptr<link::Link> link, ClientConfig config,
                FrameInterceptors interceptors = {});

  // Errors of all calls: LinkError, HdlcError. LinkError::timeout: the deadline passed or the
  // station's retries are used up.
  Result<void> connect(harness::Deadline deadline, std::stop_token stop) override;
  Result<void> disconnect(harness::Deadline deadline, std::stop_token stop) override;
  Result<void> send(std::span<const std::byte> apdu, harness::Deadline deadline,
                    std::stop_token stop) override;
  Result<std::vector<std::byte>> receive(harness::Deadline deadline, std::stop_token stop) override;
  std::string name() const override;

  // Around the station: octets as they are, and the next frame whatever it is.
  Result<void> send_raw(BytesView octets, harness::Deadline deadline, std::stop_token stop);
  Result<void> send_frame(Frame frame, harness::Deadline deadline, std::stop_token stop);
  Result<Frame> receive_frame(harness::Deadline deadline, std::stop_token stop);

  ClientStation& station() { return station_; }
  const FrameReader::Counts& reader_counts() const { return reader_.counts(); }
  FrameInterceptors& interceptors() { return interceptors_; }
  link::Link& link() { return *link_; }

 private:
  Result<void> step(harness::Deadline deadline, const std::stop_token& stop);
  Result<void> write_pending(harness::Deadline deadline, const std::stop_token& stop);
  Result<void> read_some(harness::Deadline deadline, const std::stop_token& stop);

  std::unique_ptr<link::Link> link_;
  FrameReader reader_;
  ClientStation station_;
  FrameInterceptors interceptors_;
};

}  // namespace meterproof::hdlc
