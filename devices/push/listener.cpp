#include "devices/push/listener.hpp"

#include <netinet/in.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "harness/link/link_url.hpp"
#include "harness/link/socket.hpp"

namespace meterproof::push {
namespace {

constexpr std::size_t k_most_peers = 256;
constexpr int k_push_backlog = 64;
// After this silence on a line a beginning will not be completed: 20 characters at 300 baud.
constexpr std::chrono::milliseconds k_gap{700};

}  // namespace

using harness::Deadline;
using harness::Result;
using link::LinkError;

Result<PushListener> PushListener::open(const std::string& url, Framing framing) {
  // The parser of links wants a peer's port; ours may be any.
  const bool any_port = url.ends_with(":0");
  const link::LinkUrl parsed =
      link::parse_link_url(any_port ? url.substr(0, url.size() - 1) + "1" : url);
  PushListener listener(url, framing);
  if (parsed.scheme == link::Scheme::serial || parsed.scheme == link::Scheme::pty) {
    auto line = link::open(url, {});
    if (!line) return line.error();
    listener.line_ = std::move(*line);
    return listener;
  }
  const auto port = static_cast<std::uint16_t>(any_port ? 0 : parsed.port);
  listener.datagrams_ = parsed.scheme == link::Scheme::udp;
  const auto listening =
      listener.listen(parsed.host, port, listener.datagrams_ ? SOCK_DGRAM : SOCK_STREAM);
  if (!listening) return listening.error();
  return listener;
}

Result<void> PushListener::listen(const std::string& host, std::uint16_t port, int type) {
  const auto address = link::resolve(host, port, type);
  if (!address) return address.error();
  socket_ =
      link::Descriptor(::socket(address->get()->sa_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  epoll_ = link::Descriptor(::epoll_create1(EPOLL_CLOEXEC));
  if (!socket_ || !epoll_) return link::system_error();
  const int on = 1;
  if (type == SOCK_STREAM) {
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  }
  if (::bind(socket_.get(), address->get(), address->length) != 0) return link::system_error();
  if (type == SOCK_STREAM && ::listen(socket_.get(), k_push_backlog) != 0) {
    return link::system_error();
  }
  url_ = (type == SOCK_STREAM ? "tcp://" : "udp://") + link::local_endpoint(socket_.get());
  watch(socket_.get());
  return boost::system::in_place_value;
}

void PushListener::watch(int fd) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = fd;
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event);
}

Result<Telegram> PushListener::next(Deadline deadline, std::stop_token stop) {
  for (;;) {
    if (!telegrams_.empty()) {
      Telegram telegram = std::move(telegrams_.front());
      telegrams_.pop_front();
      return telegram;
    }
    const auto waited = wait(deadline, stop);
    if (!waited) return waited.error();
  }
}

void PushListener::collect(TelegramReader& reader) {
  while (auto telegram = reader.next()) telegrams_.push_back(*std::move(telegram));
}

Result<void> PushListener::wait(Deadline deadline, const std::stop_token& stop) {
  if (line_) {
    std::array<std::byte, 2048> buffer;
    const auto count = line_->read(buffer, deadline.sooner(Deadline::after(k_gap)), stop);
    if (count) {
      line_reader_.push(std::span(buffer).first(*count));
    } else if (count.error() == LinkError::timeout && !deadline.passed()) {
      line_reader_.idle();
    } else {
      return count.error();
    }
    collect(line_reader_);
    return boost::system::in_place_value;
  }
  const auto ready = link::wait_ready(epoll_.get(), POLLIN, deadline, stop);
  if (!ready) return ready.error();
  std::array<epoll_event, 16> events;
  const int count = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), 0);
  for (int i = 0; i < count; ++i) {
    const int fd = events[static_cast<std::size_t>(i)].data.fd;
    if (fd != socket_.get()) {
      read_peer(fd);
    } else if (datagrams_) {
      read_datagram();
    } else {
      accept_peer();
    }
  }
  return boost::system::in_place_value;
}

void PushListener::accept_peer() {
  link::Descriptor peer(::accept4(socket_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!peer) return;
  // An earlier one makes room: whoever only holds connections must not shut meters out.
  if (peers_.size() >= k_most_peers) peers_.erase(peers_.begin());
  const int fd = peer.get();
  watch(fd);
  peers_.insert_or_assign(fd, Peer{std::move(peer), TelegramReader(framing_)});
}

void PushListener::read_datagram() {
  Bytes buffer(65536);
  const ssize_t count = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
  if (count <= 0) return;
  // A datagram is whole: what it begins, no other one completes.
  TelegramReader reader(framing_);
  reader.push(BytesView(buffer).first(static_cast<std::size_t>(count)));
  reader.idle();
  collect(reader);
}

void PushListener::read_peer(int fd) {
  const auto found = peers_.find(fd);
  if (found == peers_.end()) return;
  std::array<std::byte, 4096> buffer;
  const ssize_t count = ::recv(fd, buffer.data(), buffer.size(), 0);
  if (count > 0) {
    found->second.reader.push(std::span(buffer).first(static_cast<std::size_t>(count)));
    collect(found->second.reader);
  } else if (count == 0 || (errno != EAGAIN && errno != EINTR)) {
    peers_.erase(found);
  }
}

}  // namespace meterproof::push
