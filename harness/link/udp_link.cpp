// UDP: one datagram a read or write, from and to one peer only.

#include <sys/socket.h>

#include <cerrno>

#include "harness/link/back_ends.hpp"
#include "harness/link/descriptor_link.hpp"
#include "harness/link/socket.hpp"
#include "harness/link/transcript.hpp"

namespace meterproof::link {
namespace {

class UdpLink final : public DescriptorLink {
 public:
  UdpLink(std::string name, std::shared_ptr<Transcript> transcript, Descriptor fd)
      : DescriptorLink(std::move(name), std::move(transcript)), fd_(std::move(fd)) {}

 private:
  int descriptor() const override { return fd_.get(); }
  ssize_t receive(std::span<std::byte> buffer) override {
    for (;;) {
      const ssize_t size =
          ::recv(fd_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT | MSG_TRUNC);
      if (size == 0) continue;  // an empty datagram says nothing
      if (size <= static_cast<ssize_t>(buffer.size())) return size;
      errno = EMSGSIZE;  // the rest of the datagram is lost; half of one must not pass for whole
      return -1;
    }
  }
  ssize_t transmit(std::span<const std::byte> bytes) override {
    return ::send(fd_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  }
  Error end_of_input() const override { return LinkError::io; }

  Descriptor fd_;
};

}  // namespace

Result<std::unique_ptr<Link>> open_udp(const std::string& name, const LinkUrl& url,
                                       const OpenOptions& options) {
  auto fd =
      connect_socket(SOCK_DGRAM, url.host, url.port, url.bind, options.deadline, options.stop);
  if (!fd) return fd.error();
  if (options.transcript) {
    options.transcript->connected(
        {Medium::udp, local_endpoint(fd->get()), remote_endpoint(fd->get())});
  }
  return std::make_unique<UdpLink>(name, options.transcript, std::move(*fd));
}

}  // namespace meterproof::link
