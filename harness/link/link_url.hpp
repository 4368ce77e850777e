// LinkUrl: where a link leads and how its line is set, as written in a bench file.
//
// Everything that can be wrong is found here, before any port is touched: scheme, port range, keys
// that a scheme does not know, values out of range. link::open() uses the same parser.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include "harness/link/link.hpp"

namespace meterproof::link {

enum class Scheme { serial, pty, tcp, udp };

struct LinkUrl {
  Scheme scheme = Scheme::tcp;
  std::string host;                          // tcp, udp: name or address, IPv6 without brackets
  std::uint16_t port = 0;                    // tcp, udp: 1..65535
  std::string path;                          // serial, pty: "/dev/ttyUSB0"
  std::map<std::string, std::string> query;  // as written, known keys only

  std::string bind;         // tcp, udp: own address, may be empty
  SerialSettings settings;  // serial, pty
  bool echo = false;        // the line returns what is sent
  bool rs485 = false;       // ask the driver to switch direction
  std::chrono::milliseconds
      turnaround{};  // least pause between the last octet received and sending
};

// Throws ConfigError (without file and line: the caller knows them) naming what is wrong.
LinkUrl parse_link_url(const std::string& url);

// "9600 8N1"
std::string to_string(const SerialSettings& settings);

}  // namespace meterproof::link
