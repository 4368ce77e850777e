#include "devices/cosem/gcm.hpp"

#include <openssl/evp.h>

#include <memory>

#include "harness/errors.hpp"

namespace meterproof::cosem {
namespace {

struct FreeCipherContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, FreeCipherContext>;

// Fetched once: a fetch costs more than ciphering a short APDU.
const EVP_CIPHER* aes_128_gcm() {
  static const EVP_CIPHER* const cipher = EVP_CIPHER_fetch(nullptr, "AES-128-GCM", nullptr);
  return cipher;
}

// A context of the thread is used again: making one costs more than ciphering a short APDU.
EVP_CIPHER_CTX* gcm_context() {
  thread_local const CipherContext context(EVP_CIPHER_CTX_new());
  if (!context || aes_128_gcm() == nullptr) {
    throw harness::InternalError("OpenSSL offers no AES-128-GCM");
  }
  return context.get();
}

const unsigned char* openssl_octets(BytesView bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* openssl_octets(std::span<std::byte> bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}

void must(int status) {
  if (status != 1) throw harness::InternalError("OpenSSL refused an AES-GCM operation");
}

int gcm_size(BytesView bytes) {
  if (bytes.size() > 0x7FFFFFF) throw harness::InternalError("too many octets for AES-GCM");
  return static_cast<int>(bytes.size());
}

}  // namespace

std::array<std::byte, 12> gcm_encrypt(BytesView key, const GcmVector& vector, BytesView aad,
                                      BytesView plain, Bytes& out) {
  EVP_CIPHER_CTX* const context = gcm_context();
  must(EVP_EncryptInit_ex2(context, aes_128_gcm(), openssl_octets(key), openssl_octets(vector),
                           nullptr));
  int written = 0;
  if (!aad.empty()) {
    must(EVP_EncryptUpdate(context, nullptr, &written, openssl_octets(aad), gcm_size(aad)));
  }
  const std::size_t before = out.size();
  out.resize(before + plain.size());
  if (!plain.empty()) {
    must(EVP_EncryptUpdate(context, openssl_octets(std::span(out).subspan(before)), &written,
                           openssl_octets(plain), gcm_size(plain)));
  }
  unsigned char nothing[16];
  must(EVP_EncryptFinal_ex(context, nothing, &written));
  std::array<std::byte, 12> tag{};
  must(
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, static_cast<int>(tag.size()), tag.data()));
  return tag;
}

bool gcm_decrypt(BytesView key, const GcmVector& vector, BytesView aad, BytesView cipher,
                 BytesView tag, Bytes& out) {
  EVP_CIPHER_CTX* const context = gcm_context();
  must(EVP_DecryptInit_ex2(context, aes_128_gcm(), openssl_octets(key), openssl_octets(vector),
                           nullptr));
  int written = 0;
  if (!aad.empty()) {
    must(EVP_DecryptUpdate(context, nullptr, &written, openssl_octets(aad), gcm_size(aad)));
  }
  const std::size_t before = out.size();
  out.resize(before + cipher.size());
  if (!cipher.empty()) {
    must(EVP_DecryptUpdate(context, openssl_octets(std::span(out).subspan(before)), &written,
                           openssl_octets(cipher), gcm_size(cipher)));
  }
  if (tag.empty()) return true;
  must(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, static_cast<int>(tag.size()),
                           const_cast<std::byte*>(tag.data())));
  unsigned char nothing[16];
  if (EVP_DecryptFinal_ex(context, nothing, &written) == 1) return true;
  out.resize(before);
  return false;
}

}  // namespace meterproof::cosem
