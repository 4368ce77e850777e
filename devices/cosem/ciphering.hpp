// Protection of xDLMS APDUs under a symmetric key (AES-GCM, IEC 62056-5-3): authentication,
// encryption or both. Security suites 0 and 1 cipher with AES-128, suite 2 with AES-256; the suite
// is said in the security control octet and must be that of the keys.
//
//   service-specific glo   C8..CF, 21, 28   tag, length, SC, IC, ciphertext, [authentication tag]
//   service-specific ded   D0..D7           the same, under the dedicated key
//   general-glo-ciphering  DB               tag, length, system title, length, SC, IC, ...
//
// The initialization vector is system title || invocation counter, so a counter used twice under
// one key breaks GCM; yet the counter is a value passed in, and whether a received one is accepted
// is InvocationCounterCheck's business: attacks reuse counters, and a weak meter does not check.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "devices/cosem/bytes.hpp"
#include "devices/cosem/errors.hpp"

namespace meterproof::cosem {

using SystemTitle = std::array<std::byte, 8>;
std::optional<SystemTitle> system_title_from(BytesView octets);  // exactly 8

enum class SecuritySuite : std::uint8_t { suite_0 = 0, suite_1 = 1, suite_2 = 2 };
std::optional<SecuritySuite> security_suite_from(int number);  // 0, 1 or 2
constexpr std::size_t key_octets(SecuritySuite suite) {
  return suite == SecuritySuite::suite_2 ? 32 : 16;
}

// 16 or 32 octets, without a heap; 16 octets of zero when default-constructed.
class SymmetricKey {
 public:
  SymmetricKey() = default;
  static std::optional<SymmetricKey> from(BytesView octets);  // nothing unless 16 or 32

  std::byte* data() { return octets_.data(); }
  const std::byte* data() const { return octets_.data(); }
  std::size_t size() const { return size_; }
  std::byte* begin() { return data(); }
  std::byte* end() { return data() + size_; }
  const std::byte* begin() const { return data(); }
  const std::byte* end() const { return data() + size_; }
  std::byte& operator[](std::size_t index) { return octets_[index]; }
  bool operator==(const SymmetricKey&) const = default;

 private:
  std::array<std::byte, 32> octets_{};
  std::size_t size_ = 16;
};

struct SecurityKeys {
  SymmetricKey encryption;      // GUEK (or the dedicated key)
  SymmetricKey authentication;  // GAK
  SecuritySuite suite = SecuritySuite::suite_0;
};
// Nothing unless both have the suite's key_octets().
std::optional<SecurityKeys> security_keys_from(BytesView encryption, BytesView authentication,
                                               SecuritySuite suite = SecuritySuite::suite_0);

// Security control octet: bits 0..3 suite, 4 authentication, 5 encryption, 6 key set, 7
// compression.
namespace security_control {
inline constexpr std::uint8_t k_authenticated = 0x10, k_encrypted = 0x20,
                              k_authenticated_encrypted = 0x30, k_broadcast_key = 0x40,
                              k_compressed = 0x80, k_suite = 0x0F;
}
inline constexpr std::size_t k_authentication_tag_octets = 12;

// SC || IC || ciphertext || tag. control must have bit 4 or 5, else CosemError::bad_value. Suite
// bits of zero stand for the suite of the keys; others go out as they are, for whoever wants to
// lie.
Result<Bytes> protect(const SecurityKeys& keys, const SystemTitle& title, std::uint8_t control,
                      std::uint32_t invocation_counter, BytesView plain);

struct Unprotected {
  std::uint8_t control = 0;
  std::uint32_t invocation_counter = 0;
  Bytes plain;
};
// The reverse. tag_octets: how many octets of the authentication tag are compared (12; a weak meter
// compares fewer). A wrong tag is CosemError::bad_authentication_tag, another suite than that of
// the keys wrong_security_suite, compression (V.44) compression_not_supported, a clear control
// octet (no bit 4 or 5) not_supported.
Result<Unprotected> unprotect(const SecurityKeys& keys, const SystemTitle& title,
                              BytesView protected_octets,
                              std::size_t tag_octets = k_authentication_tag_octets);

// C0 -> C8, C4 -> CC, 01 -> 21 ...; nothing when that service has no such form.
std::optional<std::uint8_t> glo_tag(std::uint8_t plain_tag);
std::optional<std::uint8_t> ded_tag(std::uint8_t plain_tag);

enum class CipherForm { global, dedicated, general_global, general_dedicated };

// A ciphered APDU taken apart, not yet deciphered.
struct CipheredApdu {
  CipherForm form = CipherForm::global;
  std::uint8_t tag = 0;                   // 0xC8, 0xDB ...
  std::optional<std::uint8_t> plain_tag;  // of the service inside; unknown for general forms
  std::optional<SystemTitle> title;       // general form only; nothing when it is empty
  Bytes protected_octets;                 // SC || IC || ...
  std::uint8_t control = 0;               // first of them, and what follows it
  std::uint32_t invocation_counter = 0;
};
bool is_ciphered(BytesView apdu);
Result<CipheredApdu> parse_ciphered(BytesView apdu);
Bytes encode_ciphered(std::uint8_t tag, BytesView protected_octets);
Bytes encode_general_global(const SystemTitle& title, BytesView protected_octets);

// Plain APDU -> service-specific glo or ded (or general-glo, general-ded when the service has none
// or general is asked).
Result<Bytes> protect_apdu(const SecurityKeys& keys, const SystemTitle& title, std::uint8_t control,
                           std::uint32_t invocation_counter, BytesView plain_apdu,
                           CipherForm form = CipherForm::global);

// Remembers the greatest counter seen of one peer under one key.
class InvocationCounterCheck {
 public:
  InvocationCounterCheck() = default;
  explicit InvocationCounterCheck(std::uint32_t lowest_acceptable) : next_(lowest_acceptable) {}
  // CosemError::invocation_counter_not_greater unless counter >= next(); then next() is counter+1.
  // Check the authentication tag first: else a forged counter locks the true peer out.
  Result<void> accept(std::uint32_t counter);
  // 64 bits, so that the exhausted counter stays exhausted.
  std::uint64_t next() const { return next_; }

 private:
  std::uint64_t next_ = 0;
};

// RFC 3394 with a key-encryption key of 16 or 32 octets; CosemError::bad_length for other sizes,
// bad_authentication_tag when the integrity check fails.
Result<Bytes> wrap_key(BytesView kek, BytesView key);
Result<Bytes> unwrap_key(BytesView kek, BytesView wrapped);

}  // namespace meterproof::cosem
