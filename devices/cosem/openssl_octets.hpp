// What every user of OpenSSL in this folder needs: octets as it wants them, and owners of its
// objects. Room-internal.
#pragma once

#include <openssl/crypto.h>

#include "devices/cosem/bytes.hpp"

namespace meterproof::cosem {

inline const unsigned char* as_openssl(BytesView bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
inline unsigned char* as_openssl(std::span<std::byte> bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}
inline unsigned char* as_openssl(Bytes& bytes) { return as_openssl(std::span<std::byte>(bytes)); }
inline const unsigned char* as_openssl(const Bytes& bytes) { return as_openssl(BytesView(bytes)); }

template <auto free_function>
struct Release {
  template <class T>
  void operator()(T* object) const {
    free_function(object);
  }
};
inline void free_openssl_octets(unsigned char* octets) { OPENSSL_free(octets); }

}  // namespace meterproof::cosem
