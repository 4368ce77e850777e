// High level security with GMAC (mechanism 5): each side proves that it knows the keys by a tag
// over the other's challenge. Pass 1 AARQ carries CtoS, pass 2 AARE carries StoC, pass 3 is the
// action reply_to_HLS_authentication with f(StoC), pass 4 its answer with f(CtoS).
#pragma once

#include "devices/cosem/ciphering.hpp"

namespace meterproof::cosem {

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
