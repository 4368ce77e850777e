// Holds a pushed data-notification against the list that a market profile declares, column by
// column: logical name, type, scaler and unit, order and number. Names whatever differs.
//
// The octets are those of the APDU in the clear, with or without the LLC header E6 E7 00; what
// carries them (HDLC, M-Bus segments) is taken off before.
#pragma once

#include <string>
#include <vector>

#include "devices/cosem/apdu.hpp"
#include "harness/bench/market_profile.hpp"

namespace meterproof::cosem {

struct PushedValue {
  const bench::PushColumn* column = nullptr;
  Data value;
};

struct PushCheck {
  std::vector<std::string> problems;  // "column 4 (1-0:1.7.0.255): long, not double_long_unsigned"
  std::vector<PushedValue> values;    // of the columns that were there
};

PushCheck check_push(const bench::PushList& list, BytesView octets);

}  // namespace meterproof::cosem
