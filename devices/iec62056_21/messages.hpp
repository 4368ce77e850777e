// The opening messages of IEC 62056-21 (clause 6.3), which bring an optical port from 300 baud,
// 7 data bits and even parity, to the rate and the protocol that both ends want:
//
//   request         /?address! CR LF
//   identification  /XXXZ\WIdent CR LF   XXX maker, Z rate, \2: protocol mode E (HDLC) is offered
//   acknowledgement ACK V Z Y CR LF      V 2 and Y 2: HDLC at rate Z (annex E)
//
// Characters of seven bits here; parity is the line's business (even_parity.hpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/clock.hpp"
#include "harness/result.hpp"

namespace meterproof::iec62056_21 {

using harness::Error;
using harness::Result;
using Bytes = std::vector<std::byte>;
using BytesView = std::span<const std::byte>;

enum class SignOnError {
  not_this_message = 1,  // another beginning, or no CR LF at the end
  bad_character,         // a control character, or more than seven bits
  too_long,              // address over 32, identification over 16 characters
  bad_identification,    // maker, rate or escape sequence malformed
  mode_not_offered,      // no \2 in the identification
  unknown_rate,          // the rate's character has no rate in modes C and E
  refused,               // the meter confirmed something else
};
const boost::system::error_category& sign_on_category();
inline Error make_error_code(SignOnError error) {
  return {static_cast<int>(error), sign_on_category()};
}

// Baud of the characters '0'..'6' in modes C and E; '7'..'9' are reserved.
std::optional<int> baud_of(char character);
// '5' for 9600.
std::optional<char> character_of(int baud);

struct Request {
  std::string address;  // at most 32 characters; empty: whoever is there
  bool operator==(const Request&) const = default;
};

struct Identification {
  std::string manufacturer;  // three letters; a lower case third one: reacts after 20 ms
  char rate = '0';           // highest rate, as on the wire
  std::string escapes;       // the characters after each backslash
  std::string text;          // at most 16 characters
  bool operator==(const Identification&) const = default;

  bool offers_mode_e() const { return escapes.find('2') != std::string::npos; }
  // Least time between a message and the answer to it: 200 or 20 ms.
  harness::WallDuration reaction_time() const;
};

struct Acknowledgement {
  char protocol = '2';  // V: 0 normal, 1 secondary, 2 HDLC
  char rate = '5';      // Z
  char mode = '2';      // Y: 0 readout, 1 programming, 2 binary (HDLC)
  bool operator==(const Acknowledgement&) const = default;
};

Bytes encode(const Request& request);
Bytes encode(const Identification& identification);
Bytes encode(const Acknowledgement& acknowledgement);
// message: from '/' or ACK to LF.
Result<Request> parse_request(BytesView message);
Result<Identification> parse_identification(BytesView message);
Result<Acknowledgement> parse_acknowledgement(BytesView message);

// Messages out of a stream in chunks of any size. What is before '/' or ACK, and what grows longer
// than any message, is noise.
class MessageReader {
 public:
  void push(BytesView characters);
  std::optional<Bytes> next();
  void clear() { buffer_.clear(); }
  std::uint64_t noise() const { return noise_; }

 private:
  Bytes buffer_;
  std::uint64_t noise_ = 0;
};

}  // namespace meterproof::iec62056_21

template <>
struct boost::system::is_error_code_enum<meterproof::iec62056_21::SignOnError> : std::true_type {};
