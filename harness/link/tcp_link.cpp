// TCP: a stream whose end (FIN), reset (RST) and silence are three different answers.

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "harness/link/back_ends.hpp"
#include "harness/link/descriptor_link.hpp"
#include "harness/link/socket.hpp"
#include "harness/link/transcript.hpp"

namespace meterproof::link {
namespace {

class TcpLink final : public DescriptorLink {
 public:
  TcpLink(std::string name, std::shared_ptr<Transcript> transcript, Descriptor fd)
      : DescriptorLink(std::move(name), std::move(transcript)), fd_(std::move(fd)) {
    // Blocking, so that receive_soon() can wait; every other call says MSG_DONTWAIT.
    const timeval wait{0, std::chrono::microseconds(k_short_wait).count()};
    const int flags = ::fcntl(fd_.get(), F_GETFL);
    waits_ = ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait) == 0 &&
             flags >= 0 && ::fcntl(fd_.get(), F_SETFL, flags & ~O_NONBLOCK) == 0;
  }

 private:
  int descriptor() const override { return fd_.get(); }
  ssize_t receive(std::span<std::byte> buffer) override {
    return ::recv(fd_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
  }
  // 0 here is the end of the stream, whether or not poll() was asked.
  ssize_t receive_soon(std::span<std::byte> buffer) override {
    return waits_ ? ::recv(fd_.get(), buffer.data(), buffer.size(), 0) : receive(buffer);
  }
  ssize_t transmit(std::span<const std::byte> bytes) override {
    return ::send(fd_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  }
  Error end_of_input() const override { return LinkError::closed_by_peer; }

  Descriptor fd_;
  bool waits_ = false;
};

}  // namespace

Result<std::unique_ptr<Link>> open_tcp(const std::string& name, const LinkUrl& url,
                                       const OpenOptions& options) {
  auto fd =
      connect_socket(SOCK_STREAM, url.host, url.port, url.bind, options.deadline, options.stop);
  if (!fd) return fd.error();
  if (options.transcript) {
    options.transcript->connected(
        {Medium::tcp, local_endpoint(fd->get()), remote_endpoint(fd->get())});
  }
  return std::make_unique<TcpLink>(name, options.transcript, std::move(*fd));
}

}  // namespace meterproof::link
