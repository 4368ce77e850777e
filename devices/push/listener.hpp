// PushListener: waits for pushes at a link URL. A serial port or a pseudo-terminal is read as it
// is; tcp://address:port and udp://address:port are own addresses at which meters arrive. Port 0
// lets the system choose: see url().
//
// What arrives is hostile input: connections, their number and what is kept of each are bounded.
#pragma once

#include <map>
#include <memory>

#include "devices/push/telegram_reader.hpp"
#include "harness/link/io_wait.hpp"

namespace meterproof::push {

class PushListener {
 public:
  // Throws ConfigError for a malformed URL. Errors: what the world refuses.
  static harness::Result<PushListener> open(const std::string& url, Framing framing);

  // The next telegram. Errors: LinkError::timeout, cancelled; unplugged for a line that is gone.
  harness::Result<Telegram> next(harness::Deadline deadline, std::stop_token stop);
  const std::string& url() const { return url_; }

 private:
  struct Peer {
    link::Descriptor socket;
    TelegramReader reader;
  };
  PushListener(std::string url, Framing framing) : url_(std::move(url)), framing_(framing) {}
  harness::Result<void> listen(const std::string& host, std::uint16_t port, int type);
  harness::Result<void> wait(harness::Deadline deadline, const std::stop_token& stop);
  void accept_peer();
  void read_datagram();
  void read_peer(int fd);
  void collect(TelegramReader& reader);
  void watch(int fd);

  std::string url_;
  Framing framing_;
  std::unique_ptr<link::Link> line_;  // serial and pty
  TelegramReader line_reader_{framing_};
  link::Descriptor epoll_, socket_;  // tcp and udp
  bool datagrams_ = false;
  std::map<int, Peer> peers_;  // by descriptor
  std::deque<Telegram> telegrams_;
};

}  // namespace meterproof::push
