#include "devices/hdlc/wrapper_transport.hpp"

#include <array>

namespace meterproof::hdlc {
namespace {

constexpr std::size_t k_largest_datagram = 65536;
constexpr std::size_t k_stream_buffer = 4096;

}  // namespace

using harness::Deadline;
using link::LinkError;

WrapperTransport::WrapperTransport(std::unique_ptr<link::Link> link, WrapperConfig config,
                                   WrapperInterceptors interceptors)
    : link_(std::move(link)),
      config_(config),
      interceptors_(std::move(interceptors)),
      buffer_(config.datagrams ? k_largest_datagram : k_stream_buffer) {}

std::string WrapperTransport::name() const { return "wrapper over " + link_->name(); }

Result<void> WrapperTransport::connect(Deadline, std::stop_token) {
  return boost::system::in_place_value;
}

Result<void> WrapperTransport::disconnect(Deadline, std::stop_token) {
  return boost::system::in_place_value;
}

Result<void> WrapperTransport::send(std::span<const std::byte> apdu, Deadline deadline,
                                    std::stop_token stop) {
  if (apdu.size() > 0xFFFF) return HdlcError::too_long;
  outgoing_.clear();
  append_wrapper(outgoing_, config_.client, config_.server, apdu);
  if (interceptors_.pdu_out) interceptors_.pdu_out(outgoing_);
  return send_raw(outgoing_, deadline, std::move(stop));
}

Result<void> WrapperTransport::send_raw(BytesView octets, Deadline deadline, std::stop_token stop) {
  return link_->write(octets, deadline, std::move(stop));
}

Result<WrapperPdu> WrapperTransport::receive_pdu(Deadline deadline, std::stop_token stop) {
  for (;;) {
    if (!config_.datagrams) {
      auto pdu = reader_.next();
      if (!pdu) return pdu.error();
      if (*pdu) return **std::move(pdu);
      // A peer that trickles octets must not hold up the deadline.
      if (reader_.in_pdu() && deadline.passed()) return LinkError::timeout;
    }
    const auto count = link_->read(buffer_, deadline, stop);
    if (!count) return count.error();
    const auto octets = BytesView(buffer_).first(*count);
    if (config_.datagrams) return decode_wrapper(octets);
    reader_.push(octets);
  }
}

Result<std::vector<std::byte>> WrapperTransport::receive(Deadline deadline, std::stop_token stop) {
  for (;;) {
    auto pdu = receive_pdu(deadline, stop);
    if (!pdu) return pdu.error();
    if (pdu->destination == config_.client && pdu->source == config_.server) {
      if (interceptors_.apdu_in) interceptors_.apdu_in(pdu->apdu);
      return std::move(pdu->apdu);
    }
    ++stray_pdus_;
    if (deadline.passed()) return LinkError::timeout;
  }
}

}  // namespace meterproof::hdlc
