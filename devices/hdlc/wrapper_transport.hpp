// WrapperTransport: APDUs in wrapper PDUs over a TCP or UDP link.
#pragma once

#include <memory>

#include "devices/cosem/apdu_transport.hpp"
#include "devices/hdlc/interceptors.hpp"
#include "devices/hdlc/wrapper.hpp"
#include "harness/link/link.hpp"

namespace meterproof::hdlc {

struct WrapperConfig {
  std::uint16_t client = 16;  // own wrapper port
  std::uint16_t server = 1;   // logical device
  bool datagrams = false;     // UDP: one PDU in one datagram
};

class WrapperTransport final : public cosem::ApduTransport {
 public:
  WrapperTransport(std::unique_ptr<link::Link> link, WrapperConfig config,
                   WrapperInterceptors interceptors = {});

  // Errors of all calls: LinkError, HdlcError.
  Result<void> connect(harness::Deadline deadline, std::stop_token stop) override;
  Result<void> disconnect(harness::Deadline deadline, std::stop_token stop) override;
  Result<void> send(std::span<const std::byte> apdu, harness::Deadline deadline,
                    std::stop_token stop) override;
  // PDUs for another wrapper port are counted and skipped.
  Result<std::vector<std::byte>> receive(harness::Deadline deadline, std::stop_token stop) override;
  std::string name() const override;

  // Octets as they are, and the next PDU whatever its ports.
  Result<void> send_raw(BytesView octets, harness::Deadline deadline, std::stop_token stop);
  Result<WrapperPdu> receive_pdu(harness::Deadline deadline, std::stop_token stop);

  std::uint64_t stray_pdus() const { return stray_pdus_; }
  WrapperInterceptors& interceptors() { return interceptors_; }
  link::Link& link() { return *link_; }

 private:
  std::unique_ptr<link::Link> link_;
  WrapperConfig config_;
  WrapperInterceptors interceptors_;
  WrapperReader reader_;
  Bytes buffer_, outgoing_;
  std::uint64_t stray_pdus_ = 0;
};

}  // namespace meterproof::hdlc
