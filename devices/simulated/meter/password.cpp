#include "devices/simulated/meter/password.hpp"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <array>

namespace meterproof::simulated {
namespace {

constexpr std::chrono::microseconds k_time_of_an_octet{50};

std::array<unsigned char, SHA256_DIGEST_LENGTH> digest_of(cosem::BytesView octets) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(octets.data()), octets.size(), digest.data());
  return digest;
}

}  // namespace

bool equal_in_constant_time(cosem::BytesView left, cosem::BytesView right) {
  const auto left_digest = digest_of(left);
  const auto right_digest = digest_of(right);
  return CRYPTO_memcmp(left_digest.data(), right_digest.data(), left_digest.size()) == 0;
}

LeakyComparison equal_with_early_exit(cosem::BytesView left, cosem::BytesView right) {
  if (left.size() != right.size()) return {};
  std::size_t matched = 0;
  while (matched < left.size() && left[matched] == right[matched]) ++matched;
  return {matched == left.size(), k_time_of_an_octet * matched};
}

}  // namespace meterproof::simulated
