#include "suites/interop/peer_push.hpp"

#include "devices/push/listener.hpp"
#include "devices/push/notification.hpp"

namespace meterproof::suites {

void receive_push(const PeerOptions& options, std::uint16_t port, boost::json::object& out) {
  const auto framing = options.framing == "hdlc" ? push::Framing::hdlc : push::Framing::wrapper;
  auto listener =
      need("listen", push::PushListener::open("tcp://127.0.0.1:" + std::to_string(port), framing));
  const auto deadline = harness::Deadline::after(
      std::chrono::milliseconds(static_cast<std::int64_t>(options.timeout_s * 1000)));
  const auto telegram = need("listen", listener.next(deadline, {}));
  push::PushKeys keys;
  if (options.form != "plain") {
    keys.encryption = peer_secret(options.encryption_key);
    keys.authentication = peer_secret(options.authentication_key);
  }
  const auto opened = need("push", push::open_push(telegram.apdu, keys));
  const auto* fields = opened.notification.body.elements();
  if (fields == nullptr || fields->size() != 3) throw NotRead{"push: not three fields"};
  const auto name = (*fields)[0].octets(), text = (*fields)[2].octets();
  const auto energy = (*fields)[1].integer();
  if (!name || !text || !energy) throw NotRead{"push: fields of other types"};
  std::string letters;
  for (const std::byte octet : *name) letters.push_back(static_cast<char>(octet));
  out["name"] = letters;
  out["energy"] = *energy;
  out["text_octets"] = text->size();
  out["ciphered"] = opened.ciphered;
}

}  // namespace meterproof::suites
