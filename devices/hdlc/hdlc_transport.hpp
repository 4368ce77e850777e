// HdlcTransport: APDUs over HDLC over a link. It waits and retransmits; the protocol itself is
// ClientStation's. For negative tests octets and frames can be sent and received around the
// station.
#pragma once

#include <functional>
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

  // Done on the link at each connect(), before SNRM: the hand-over from IEC 62056-21 mode E.
  using BeforeConnect =
      std::function<Result<void>(link::Link&, harness::Deadline, std::stop_token)>;
  void before_connect(BeforeConnect act) { before_connect_ = std::move(act); }
  // An APDU in a UI frame, to one server or to all of them; nothing is awaited.
  Result<void> send_unnumbered(BytesView apdu, const Address& to, harness::Deadline deadline,
                               std::stop_token stop);

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
  BeforeConnect before_connect_;
};

}  // namespace meterproof::hdlc
