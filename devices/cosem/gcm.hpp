// AES-GCM with a 12-octet initialization vector over OpenSSL's EVP; AES-128 or AES-256 by the size
// of the key, which is 16 or 32 octets. Room-internal.
#pragma once

#include <array>
#include <span>

#include "devices/cosem/bytes.hpp"

namespace meterproof::cosem {

using GcmVector = std::array<std::byte, 12>;

// Appends the ciphertext of plain to out (same size) and gives the first 12 octets of the tag.
// Throws InternalError when OpenSSL fails, which no input can cause.
std::array<std::byte, 12> gcm_encrypt(BytesView key, const GcmVector& vector, BytesView aad,
                                      BytesView plain, Bytes& out);

// The same into memory that is there: as many octets as plain.
std::array<std::byte, 12> gcm_encrypt_to(std::span<std::byte> cipher, BytesView key,
                                         const GcmVector& vector, BytesView aad, BytesView plain);

// Appends the plaintext to out. With a tag of 1..16 octets, false when it does not verify (out is
// then unchanged); an empty tag is not checked.
bool gcm_decrypt(BytesView key, const GcmVector& vector, BytesView aad, BytesView cipher,
                 BytesView tag, Bytes& out);

}  // namespace meterproof::cosem
