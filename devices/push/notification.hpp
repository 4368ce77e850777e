// From a pushed APDU to a data-notification: general-glo-ciphering is opened with the receiver's
// keys, and what real meters get wrong is put right and named.
#pragma once

#include <array>
#include <string>

#include "devices/cosem/apdu.hpp"
#include "devices/cosem/ciphering.hpp"
#include "devices/push/telegram_reader.hpp"

namespace meterproof::push {

struct PushKeys {
  Bytes encryption;      // 16 octets, 32 in suite 2; empty: none
  Bytes authentication;  // empty: the tag of an authenticated push cannot be checked
};

struct OpenedPush {
  bool ciphered = false;
  std::optional<cosem::SystemTitle> title;  // of the sender
  std::uint8_t control = 0;
  std::uint32_t invocation_counter = 0;
  cosem::DataNotification notification;
  std::vector<std::string> oddities;
};

// Errors: CosemError; missing_secret when it is ciphered and there is no key.
harness::Result<OpenedPush> open_push(BytesView apdu, const PushKeys& keys);

// Several lines for people: the head, then one line for each value; a logical name and the scaler
// and unit beside a value are put with it.
std::string describe(const Telegram& telegram, const OpenedPush& push);

}  // namespace meterproof::push
