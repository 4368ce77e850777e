// Secrets: octets that must never reach an artefact, each with an id that may.
//
// A registered secret is looked for as it is, with even parity in bit 7 (7E1 lines), and in
// hexadecimal text of either case.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

namespace meterproof::link {

struct Redaction {
  std::size_t offset = 0;  // in octets from the beginning of the transfer
  std::size_t length =
      0;               // octets overwritten there; less than the secret where it spans transfers
  std::string secret;  // id
};

// One octet string to look for.
struct SecretPattern {
  std::string id;
  std::vector<std::byte> octets;
};

class Secrets {
 public:
  using Patterns = std::shared_ptr<const std::vector<SecretPattern>>;

  // Empty octets are ignored. Thread safe. id: "p01.management.encryption_key".
  void add(const std::string& id, std::span<const std::byte> octets);
  // An immutable snapshot, longest patterns first.
  Patterns patterns() const;

 private:
  mutable std::mutex mutex_;
  Patterns patterns_ = std::make_shared<const std::vector<SecretPattern>>();
};

// The registry of this process; whoever resolves a secret adds it.
Secrets& secrets();

}  // namespace meterproof::link
