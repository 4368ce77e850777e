#include "devices/cosem/hls.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <utility>

#include "devices/cosem/acse.hpp"
#include "devices/cosem/openssl_octets.hpp"
#include "harness/errors.hpp"

namespace meterproof::cosem {
namespace {

constexpr std::array<std::pair<std::string_view, std::uint8_t>, 7> k_mechanism_names = {{
    {"none", mechanism::k_none},
    {"lls", mechanism::k_lls},
    {"hls_md5", mechanism::k_hls_md5},
    {"hls_sha1", mechanism::k_hls_sha1},
    {"hls_gmac", mechanism::k_hls_gmac},
    {"hls_sha256", mechanism::k_hls_sha256},
    {"hls_ecdsa", mechanism::k_hls_ecdsa},
}};

const EVP_MD* hash_of_mechanism(std::uint8_t mechanism) {
  switch (mechanism) {
    case mechanism::k_hls_md5:
      return EVP_md5();
    case mechanism::k_hls_sha1:
      return EVP_sha1();
    default:
      return EVP_sha256();
  }
}

Bytes hash(const EVP_MD* kind, BytesView message) {
  Bytes digest(EVP_MAX_MD_SIZE);
  unsigned int size = 0;
  if (EVP_Digest(message.data(), message.size(), as_openssl(digest), &size, kind, nullptr) != 1) {
    throw harness::InternalError("OpenSSL offers no such hash");
  }
  digest.resize(size);
  return digest;
}

Bytes titles_and_challenges(const HlsExchange& exchange) {
  Bytes octets;
  append(octets, exchange.prover);
  append(octets, exchange.verifier);
  append(octets, exchange.challenge);
  append(octets, exchange.prover_challenge);
  return octets;
}

Bytes hashed_token(const HlsCredentials& credentials, const HlsExchange& exchange) {
  Bytes message;
  if (credentials.mechanism == mechanism::k_hls_sha256) {
    append(message, credentials.secret);
    append(message, titles_and_challenges(exchange));
  } else {
    append(message, exchange.challenge);
    append(message, credentials.secret);
  }
  return hash(hash_of_mechanism(credentials.mechanism), message);
}

}  // namespace

std::optional<std::uint8_t> mechanism_named(std::string_view name) {
  for (const auto& [known, number] : k_mechanism_names) {
    if (known == name) return number;
  }
  return std::nullopt;
}

bool is_hls(std::uint8_t mechanism) {
  return mechanism >= mechanism::k_hls_md5 && mechanism <= mechanism::k_hls_ecdsa;
}
bool hls_uses_counter(std::uint8_t mechanism) { return mechanism == mechanism::k_hls_gmac; }
bool hls_uses_system_titles(std::uint8_t mechanism) {
  return mechanism >= mechanism::k_hls_gmac && mechanism <= mechanism::k_hls_ecdsa;
}
bool hls_uses_secret(std::uint8_t mechanism) {
  return mechanism == mechanism::k_hls_md5 || mechanism == mechanism::k_hls_sha1 ||
         mechanism == mechanism::k_hls_sha256;
}

Result<Bytes> hls_token(const HlsCredentials& own, const HlsExchange& exchange,
                        std::uint32_t invocation_counter) {
  if (!is_hls(own.mechanism)) return CosemError::not_supported;
  if (own.mechanism == mechanism::k_hls_gmac) {
    if (!own.keys) return CosemError::missing_secret;
    return hls_gmac_token(*own.keys, exchange.prover, invocation_counter, exchange.challenge);
  }
  if (own.mechanism == mechanism::k_hls_ecdsa) {
    if (!own.signing_key) return CosemError::missing_secret;
    return sign(*own.signing_key, titles_and_challenges(exchange));
  }
  if (own.secret.empty()) return CosemError::missing_secret;
  return hashed_token(own, exchange);
}

Result<std::optional<std::uint32_t>> verify_hls_token(const HlsCredentials& own,
                                                      const HlsExchange& exchange,
                                                      BytesView token) {
  using Verified = Result<std::optional<std::uint32_t>>;
  if (!is_hls(own.mechanism)) return CosemError::not_supported;
  if (own.mechanism == mechanism::k_hls_gmac) {
    if (!own.keys) return CosemError::missing_secret;
    const Result<std::uint32_t> counter =
        verify_hls_gmac_token(*own.keys, exchange.prover, exchange.challenge, token);
    return counter.has_error() ? Verified(counter.error()) : Verified(std::optional(*counter));
  }
  if (own.mechanism == mechanism::k_hls_ecdsa) {
    if (!own.peer_signing_key) return CosemError::missing_secret;
    const Result<void> verified =
        verify_signature(*own.peer_signing_key, titles_and_challenges(exchange), token);
    return verified.has_error() ? Verified(verified.error()) : Verified(std::nullopt);
  }
  if (own.secret.empty()) return CosemError::missing_secret;
  const Bytes expected = hashed_token(own, exchange);
  if (token.size() != expected.size()) return CosemError::bad_length;
  if (CRYPTO_memcmp(token.data(), expected.data(), expected.size()) != 0) {
    return CosemError::bad_authentication_tag;
  }
  return Verified(std::nullopt);
}

Result<Bytes> hls_gmac_token(const SecurityKeys& keys, const SystemTitle& own_title,
                             std::uint32_t invocation_counter, BytesView challenge) {
  Result<Bytes> protected_challenge =
      protect(keys, own_title, security_control::k_authenticated, invocation_counter, challenge);
  if (protected_challenge.has_error()) return protected_challenge;
  // The same coding without the challenge, which the other side knows.
  Bytes& token = *protected_challenge;
  const auto from = token.begin() + 5;
  token.erase(from, from + static_cast<std::ptrdiff_t>(challenge.size()));
  return protected_challenge;
}

Result<std::uint32_t> verify_hls_gmac_token(const SecurityKeys& keys, const SystemTitle& peer_title,
                                            BytesView challenge, BytesView token,
                                            std::size_t tag_octets) {
  if (token.size() != k_hls_gmac_token_octets) return CosemError::bad_length;
  // The suite bits are unprotect()'s to judge.
  if ((token.front() & std::byte{0xF0}) != std::byte{security_control::k_authenticated}) {
    return CosemError::bad_value;
  }
  Bytes with_challenge(token.begin(), token.begin() + 5);
  append(with_challenge, challenge);
  append(with_challenge, token.subspan(5));
  const Result<Unprotected> verified = unprotect(keys, peer_title, with_challenge, tag_octets);
  if (verified.has_error()) return verified.error();
  return verified->invocation_counter;
}

}  // namespace meterproof::cosem
