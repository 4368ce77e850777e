// What TCP and UDP share: addresses and sockets.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <string>

#include "harness/link/io_wait.hpp"

namespace meterproof::link {

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t length = 0;

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

// Numeric addresses at once, names through the resolver. LinkError::refused for an unknown name.
Result<SocketAddress> resolve(const std::string& host, std::uint16_t port, int type);

// A connected non-blocking socket, bound to the own address first if one is given (port 0: any).
Result<Descriptor> connect_socket(int type, const std::string& host, std::uint16_t port,
                                  const std::string& bind, Deadline deadline,
                                  const std::stop_token& stop);

std::string local_endpoint(int fd);  // "127.0.0.5:43210", "[::1]:4059"; empty when unknown
std::string remote_endpoint(int fd);

}  // namespace meterproof::link
