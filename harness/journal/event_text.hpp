// What a DUT says is hostile: it may be no UTF-8 at all. Before anything reaches the journal, each
// byte that is not part of valid UTF-8 is written as \xNN, so that nothing is dropped silently and
// every line of the journal stays valid JSON.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <string>
#include <string_view>

namespace meterproof::journal {

// Length of the valid UTF-8 sequence at the start of text (1..4), or 0 when there is none: stray
// or missing continuation bytes, overlong forms, surrogates, beyond U+10FFFF (RFC 3629).
std::size_t utf8_sequence(std::string_view text);

// "\x1B" for byte 0x1B.
std::string escaped_byte(unsigned char byte);

// Valid UTF-8 whatever comes in.
std::string clean_utf8(std::string_view text);

// Cleans every string and key; numbers that JSON cannot hold become the strings "NaN",
// "Infinity", "-Infinity".
boost::json::value clean(const boost::json::value& value);
boost::json::object clean(const boost::json::object& object);

// The journal's word for a number, the other way round as well: NaN when it is absent or no number.
double number_or_nan(const boost::json::object& event, std::string_view key);
// Empty when absent or no string.
std::string text_or_empty(const boost::json::object& event, std::string_view key);

}  // namespace meterproof::journal
