// A session with a meter that somebody else wrote: endpoint, framing, authentication and secrets as
// given on the command line of meterproof-interop, and the transport and client settings they mean.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "devices/cosem/client.hpp"

namespace meterproof::suites {

struct PeerOptions {
  std::string link, framing = "wrapper", authentication = "none", form = "plain";
  int suite = 0;
  bool short_names = false, access = false;
  std::uint8_t general_block_window = 0;  // 0: general-block-transfer is not proposed
  std::uint8_t client = 16;
  std::uint16_t server = 1, physical = 17;  // HDLC: upper and lower address
  std::uint8_t server_octets = 0;           // of the HDLC server address; 0: the shortest
  std::string password, encryption_key, authentication_key, keys;  // files
  std::string system_title = "4D50524330303031";                   // own
  std::uint32_t invocation_counter = 1;
  std::uint16_t max_pdu = 1024, max_info = 126;  // octets
  std::uint8_t window = 1;
  double timeout_s = 10;  // of one request
  std::string push_to;    // host:port of a listener that the meter is told to push to
};

// What was asked for and could not be had, in words for the reader.
struct NotRead {
  std::string reason;
};

[[noreturn]] void not_read(const std::string& what, const harness::Error& error);

template <class T>
T need(const std::string& what, harness::Result<T> result) {
  if (result.has_error()) not_read(what, result.error());
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

cosem::Bytes octets_of_text(const std::string& text);
// The octets of a secret file: 32 or 64 hexadecimal digits are a key, anything else is text. Throws
// ConfigError when it cannot be read.
cosem::Bytes peer_secret(const std::string& path);
// Throws ConfigError when a secret file cannot be read.
cosem::ClientSettings client_settings(const PeerOptions& options);
// Throws NotRead when nobody listens there.
std::unique_ptr<cosem::ApduTransport> open_transport(const PeerOptions& options);

}  // namespace meterproof::suites
