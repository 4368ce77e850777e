// A hostile peer for each station: frames with any control field, flag and information, and any
// octets, between the station's own acts. Nothing may crash, grow without bound or speak without a
// reason.

#include <algorithm>
#include <cstdlib>

#include "devices/hdlc/client_station.hpp"
#include "devices/hdlc/server_station.hpp"

namespace {

using namespace meterproof::hdlc;
using meterproof::harness::WallTime;

class FuzzInput {
 public:
  explicit FuzzInput(BytesView bytes) : bytes_(bytes) {}
  bool empty() const { return bytes_.empty(); }
  std::uint8_t octet() {
    if (bytes_.empty()) return 0;
    const auto value = std::to_integer<std::uint8_t>(bytes_.front());
    bytes_ = bytes_.subspan(1);
    return value;
  }
  Bytes some() {
    const std::size_t count = std::min<std::size_t>(octet(), bytes_.size());
    const BytesView taken = bytes_.first(count);
    bytes_ = bytes_.subspan(count);
    return {taken.begin(), taken.end()};
  }

 private:
  BytesView bytes_;
};

void attack_client(FuzzInput input) {
  ClientConfig config;
  config.largest_message = 4096;
  ClientStation client(config);
  WallTime now{};
  client.connect(now);
  while (!input.empty()) {
    const std::uint8_t act = input.octet();
    now += std::chrono::milliseconds(act);
    switch (act % 6) {
      case 0:
        (void)client.send(input.some(), now);
        break;
      case 1:
        client.tick(now);
        break;
      case 2:
        client.disconnect(now);
        break;
      case 3:
        client.connect(now);
        break;
      default: {
        const std::uint8_t control = input.octet();
        client.receive({config.client, config.server, control, (act & 0x40) != 0, input.some()},
                       now);
      }
    }
    std::size_t frames = 0;
    while (const auto frame = client.take_frame()) {
      if (++frames > 8) std::abort();  // more than any window
      (void)encode(*frame);
    }
    while (client.take_message()) {
    }
  }
}

void attack_server(FuzzInput input) {
  ServerConfig config;
  config.largest_message = 4096;
  ServerStation server(config);
  WallTime now{};
  while (!input.empty()) {
    const std::uint8_t act = input.octet();
    now += std::chrono::milliseconds(act);
    switch (act % 5) {
      case 0:
        server.receive(input.some(), now);
        break;
      case 1:
        server.tick(now);
        break;
      case 2:
        server.send(input.some(), now);
        break;
      default: {
        const std::uint8_t control = input.octet();
        server.receive(encode({Address::server(1, 17), Address::client(16), control,
                               (act & 0x40) != 0, input.some()}),
                       now);
      }
    }
    while (const auto event = server.take_event()) {
      if (event->message.size() > config.largest_message) std::abort();
    }
    (void)server.take_output();
    if (server.timer() && *server.timer() <= now) server.tick(now);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const FuzzInput input(std::as_bytes(std::span(data, size)).subspan(1));
  if (data[0] % 2 == 0) {
    attack_client(input);
  } else {
    attack_server(input);
  }
  return 0;
}
