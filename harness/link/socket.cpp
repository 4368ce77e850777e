#include "harness/link/socket.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace meterproof::link {
namespace {

Error connect_error(int number) {
  switch (number) {
    case ECONNREFUSED:
      return LinkError::refused;
    case ETIMEDOUT:
      return LinkError::timeout;
    case ECONNRESET:
      return LinkError::reset_by_peer;
    default:
      return {number, boost::system::system_category()};
  }
}

std::string endpoint_text(const SocketAddress& address) {
  std::array<char, NI_MAXHOST> host{};
  std::array<char, NI_MAXSERV> port{};
  if (::getnameinfo(address.get(), address.length, host.data(), host.size(), port.data(),
                    port.size(), NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
    return {};
  }
  return address.storage.ss_family == AF_INET6 ? fmt::format("[{}]:{}", host.data(), port.data())
                                               : fmt::format("{}:{}", host.data(), port.data());
}

}  // namespace

Result<SocketAddress> resolve(const std::string& host, std::uint16_t port, int type) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = type;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) {
    return LinkError::refused;
  }
  SocketAddress address;
  std::memcpy(&address.storage, found->ai_addr, found->ai_addrlen);
  address.length = found->ai_addrlen;
  ::freeaddrinfo(found);
  return address;
}

Result<Descriptor> connect_socket(int type, const std::string& host, std::uint16_t port,
                                  const std::string& bind, Deadline deadline,
                                  const std::stop_token& stop) {
  const auto peer = resolve(host, port, type);
  if (!peer) return peer.error();
  Descriptor fd(::socket(peer->storage.ss_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) return system_error();
  if (!bind.empty()) {
    const auto own = resolve(bind, 0, type);
    if (!own) return own.error();
    // The port is then chosen at connect(): thousands of bots may share an address.
    const int on = 1;
    ::setsockopt(fd.get(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    if (::bind(fd.get(), own->get(), own->length) != 0) return system_error();
  }
  if (type == SOCK_STREAM) {
    const int on = 1;
    ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  if (::connect(fd.get(), peer->get(), peer->length) == 0) return fd;
  if (errno != EINPROGRESS) return connect_error(errno);
  const auto ready = wait_ready(fd.get(), POLLOUT, deadline, stop);
  if (!ready) return ready.error();
  int number = 0;
  socklen_t length = sizeof number;
  ::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &number, &length);
  if (number != 0) return connect_error(number);
  return fd;
}

std::string local_endpoint(int fd) {
  SocketAddress address;
  address.length = sizeof address.storage;
  return ::getsockname(fd, address.get(), &address.length) == 0 ? endpoint_text(address) : "";
}

std::string remote_endpoint(int fd) {
  SocketAddress address;
  address.length = sizeof address.storage;
  return ::getpeername(fd, address.get(), &address.length) == 0 ? endpoint_text(address) : "";
}

}  // namespace meterproof::link
