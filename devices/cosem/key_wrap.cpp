// AES key wrap (RFC 3394) over OpenSSL.
#include <openssl/evp.h>

#include <memory>

#include "devices/cosem/ciphering.hpp"
#include "harness/errors.hpp"

namespace meterproof::cosem {
namespace {

using WrapContext = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

const EVP_CIPHER* wrap_cipher(BytesView kek) {
  if (kek.size() == 16) return EVP_aes_128_wrap();
  if (kek.size() == 32) return EVP_aes_256_wrap();
  return nullptr;
}

// Runs the cipher over in; nothing when OpenSSL refuses, which unwrapping does on a wrong check
// value.
std::optional<Bytes> run_wrap(const EVP_CIPHER* cipher, BytesView kek, BytesView in, int encrypt) {
  const WrapContext context(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
  if (!context) throw harness::InternalError("OpenSSL offers no cipher context");
  EVP_CIPHER_CTX_set_flags(context.get(), EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
  const auto* key = reinterpret_cast<const unsigned char*>(kek.data());
  if (EVP_CipherInit_ex(context.get(), cipher, nullptr, key, nullptr, encrypt) != 1) {
    throw harness::InternalError("OpenSSL refused a key-encryption key");
  }
  Bytes out(in.size() + 16);
  int written = 0;
  if (EVP_CipherUpdate(context.get(), reinterpret_cast<unsigned char*>(out.data()), &written,
                       reinterpret_cast<const unsigned char*>(in.data()),
                       static_cast<int>(in.size())) != 1) {
    return std::nullopt;
  }
  out.resize(static_cast<std::size_t>(written));
  return out;
}

}  // namespace

Result<Bytes> wrap_key(BytesView kek, BytesView key) {
  const EVP_CIPHER* cipher = wrap_cipher(kek);
  if (cipher == nullptr || (key.size() != 16 && key.size() != 32)) return CosemError::bad_length;
  auto wrapped = run_wrap(cipher, kek, key, 1);
  if (!wrapped) throw harness::InternalError("OpenSSL refused to wrap a key");
  return std::move(*wrapped);
}

Result<Bytes> unwrap_key(BytesView kek, BytesView wrapped) {
  const EVP_CIPHER* cipher = wrap_cipher(kek);
  if (cipher == nullptr || (wrapped.size() != 24 && wrapped.size() != 40)) {
    return CosemError::bad_length;
  }
  auto key = run_wrap(cipher, kek, wrapped, 0);
  if (!key) return CosemError::bad_authentication_tag;
  return std::move(*key);
}

}  // namespace meterproof::cosem
