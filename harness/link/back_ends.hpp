// The back ends behind link::open(), one file each.
#pragma once

#include <memory>
#include <string>

#include "harness/link/link.hpp"
#include "harness/link/link_url.hpp"

namespace meterproof::link {

Result<std::unique_ptr<Link>> open_tcp(const std::string& name, const LinkUrl& url,
                                       const OpenOptions& options);
Result<std::unique_ptr<Link>> open_udp(const std::string& name, const LinkUrl& url,
                                       const OpenOptions& options);
// Octets are passed as they are; settings other than baud are stored, not enforced: a pty has none.
Result<std::unique_ptr<Link>> open_pty(const std::string& name, const LinkUrl& url,
                                       const OpenOptions& options);
Result<std::unique_ptr<Link>> open_serial(const std::string& name, const LinkUrl& url,
                                          const OpenOptions& options);

// Decorators of serial lines. They take and give links, so each works on every back end.

// 7 data bits with parity over an 8-bit line: the parity bit is bit 7 of the octet. Received
// characters of wrong parity are dropped, as a UART with IGNPAR does. At 8 data bits it does
// nothing.
std::unique_ptr<Link> with_software_parity(std::unique_ptr<Link> inner,
                                           const SerialSettings& settings);
// Takes away the echo of what was sent (optical heads, two-wire adapters). A wrong echo is
// LinkError::io, a missing one timeout.
std::unique_ptr<Link> with_echo_suppressed(std::unique_ptr<Link> inner);
// Sends no sooner than this long after the last octet was received.
std::unique_ptr<Link> with_turnaround(std::unique_ptr<Link> inner, harness::WallDuration pause);

}  // namespace meterproof::link
