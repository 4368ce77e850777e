// Flood: the botnet aimed at a DLMS meter by somebody who knows the protocol and the public half of
// its parameters, but no secret.
//
// Guesses are whole AARQs: made-up passwords for the client with a password, made-up keys for the
// client with keys. Malformed requests are AARQs of the public client with one length that lies.
#pragma once

#include <set>
#include <string>

#include "fixtures/attacks/botnet.hpp"
#include "suites/security/target.hpp"

namespace meterproof::suites {

struct FloodLevel {
  int bots = 100;
  double connections_per_second = 400;  // of the active bots together
  harness::WallDuration duration{};     // at most
  // Passwords are guessed without end, so that the meter locks the client as it declares; else only
  // as often as it bears, and the guesses are keys from then on.
  bool until_lock_out = false;
};

// Everything but the sources. Throws ConfigError when the interface is no TCP link.
fixtures::BotnetOptions flood_options(const Target& target, const FloodLevel& level);

// The client whose password the bots guess, when the bench has its secret too; else empty. It is
// logged in before and after the flood, which also ends its row of failures at the meter.
std::string guessed_password_client(const Target& target);

// Whether these octets of the meter say that a client that must prove itself was let in without
// proof: an AARE that accepts and asks for nothing more. public_saps: clients that need no proof.
bool lets_in(cosem::BytesView octets, const std::set<std::uint16_t>& public_saps);

// Empty when the botnet reached at least 95 % of the level and spoke to the meter; else what is
// missing: then nothing can be concluded.
std::string shortfall(const fixtures::BotnetReport& report, const FloodLevel& level);

std::string to_json(const fixtures::BotnetReport& report, const FloodLevel& level);
// "1210 connections in 3.0 s from 100 addresses, 97 held at most, 310 log-ins tried"
std::string to_string(const fixtures::BotnetReport& report);

}  // namespace meterproof::suites
