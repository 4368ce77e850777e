#include "devices/cosem/hls.hpp"

namespace meterproof::cosem {

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
  if (token.front() != std::byte{security_control::k_authenticated}) return CosemError::bad_value;
  Bytes with_challenge(token.begin(), token.begin() + 5);
  append(with_challenge, challenge);
  append(with_challenge, token.subspan(5));
  const Result<Unprotected> verified = unprotect(keys, peer_title, with_challenge, tag_octets);
  if (verified.has_error()) return verified.error();
  return verified->invocation_counter;
}

}  // namespace meterproof::cosem
