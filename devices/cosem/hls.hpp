// High level security (mechanisms 3..7): each side proves in an exchange of challenges that it
// knows a secret. Pass 1 AARQ carries CtoS, pass 2 AARE carries StoC, pass 3 is the action
// reply_to_HLS_authentication with f(StoC), pass 4 its answer with f(CtoS). What f is depends on
// the mechanism only, and stands here and nowhere else (IEC 62056-5-3, DLMS/COSEM security
// mechanisms):
//
//   3 MD5, 4 SHA-1   hash(challenge || secret)
//   5 GMAC           SC || IC || GMAC(SC || AK || challenge) under the encryption key
//   6 SHA-256        hash(secret || prover's title || verifier's title || challenge || own
//   challenge) 7 ECDSA          signature of prover's title || verifier's title || challenge || own
//   challenge
//
// Mechanism 2 is the maker's own business and is not supported.
#pragma once

#include <string_view>

#include "devices/cosem/ciphering.hpp"
#include "devices/cosem/elliptic.hpp"

namespace meterproof::cosem {

// "none", "lls", "hls_md5", "hls_sha1", "hls_gmac", "hls_sha256", "hls_ecdsa"; nothing for others.
std::optional<std::uint8_t> mechanism_named(std::string_view name);
bool is_hls(std::uint8_t mechanism);                  // 3..7
bool hls_uses_counter(std::uint8_t mechanism);        // GMAC
bool hls_uses_system_titles(std::uint8_t mechanism);  // GMAC, SHA-256, ECDSA
bool hls_uses_secret(std::uint8_t mechanism);         // MD5, SHA-1, SHA-256: a shared octet string

// What a side must know; only what the mechanism uses.
struct HlsCredentials {
  std::uint8_t mechanism = 0;
  Bytes secret;
  std::optional<SecurityKeys> keys;
  std::optional<PrivateKey> signing_key;      // own
  std::optional<PublicKey> peer_signing_key;  // of the other side
};

// One direction of the exchange, the same from both sides.
struct HlsExchange {
  SystemTitle prover{}, verifier{};
  Bytes challenge;         // what the verifier sent
  Bytes prover_challenge;  // what the prover sent
};

// f(challenge) of the prover. The counter is used by GMAC only. missing_secret when the credentials
// lack what the mechanism needs, not_supported for mechanisms other than 3..7.
Result<Bytes> hls_token(const HlsCredentials& own, const HlsExchange& exchange,
                        std::uint32_t invocation_counter);
// Verifies the prover's token, in a time that does not depend on where it differs. Gives its
// invocation counter when the mechanism has one, which the caller still has to check. A wrong token
// is bad_authentication_tag, a wrong signature bad_signature.
Result<std::optional<std::uint32_t>> verify_hls_token(const HlsCredentials& own,
                                                      const HlsExchange& exchange, BytesView token);

inline constexpr std::size_t k_hls_gmac_token_octets = 17;  // SC || IC || tag

// f(challenge) = 10 || IC || GMAC(title || IC; 10 || AK || challenge), of the side with that title.
Result<Bytes> hls_gmac_token(const SecurityKeys& keys, const SystemTitle& own_title,
                             std::uint32_t invocation_counter, BytesView challenge);

// Verifies the peer's token for the challenge that it was sent and gives its invocation counter,
// which the caller still has to check. bad_authentication_tag when it does not verify.
Result<std::uint32_t> verify_hls_gmac_token(const SecurityKeys& keys, const SystemTitle& peer_title,
                                            BytesView challenge, BytesView token,
                                            std::size_t tag_octets = k_authentication_tag_octets);

}  // namespace meterproof::cosem
