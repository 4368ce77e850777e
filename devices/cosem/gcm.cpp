#include "devices/cosem/gcm.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "harness/errors.hpp"

namespace meterproof::cosem {
namespace {

struct FreeCipherContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, FreeCipherContext>;

// Fetched once: a fetch costs more than ciphering a short APDU.
const EVP_CIPHER* aes_gcm(BytesView key) {
  static const EVP_CIPHER* const aes_128 = EVP_CIPHER_fetch(nullptr, "AES-128-GCM", nullptr);
  static const EVP_CIPHER* const aes_256 = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  const EVP_CIPHER* const cipher = key.size() == 32   ? aes_256
                                   : key.size() == 16 ? aes_128
                                                      : nullptr;
  if (cipher == nullptr) throw harness::InternalError("OpenSSL offers no such AES-GCM");
  return cipher;
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

// Contexts that have taken a key already: for a short APDU the key schedule costs more than the
// ciphering. Each thread keeps its own, of the keys and direction it used last; then an operation
// sets the initialization vector only.
class GcmContexts {
 public:
  explicit GcmContexts(int encrypt) : encrypt_(encrypt) {}
  ~GcmContexts() {
    for (Entry& entry : entries_) OPENSSL_cleanse(entry.key.data(), entry.key.size());
  }
  GcmContexts(const GcmContexts&) = delete;
  GcmContexts& operator=(const GcmContexts&) = delete;

  // Ready for data under this key and vector. Valid until the thread's next call.
  EVP_CIPHER_CTX* start(BytesView key, const GcmVector& vector) {
    Entry* oldest = &entries_.front();
    for (Entry& entry : entries_) {
      if (entry.size == key.size() && std::memcmp(entry.key.data(), key.data(), key.size()) == 0) {
        entry.used = ++clock_;
        must(EVP_CipherInit_ex2(entry.context.get(), nullptr, nullptr, openssl_octets(vector),
                                encrypt_, nullptr));
        return entry.context.get();
      }
      if (entry.used < oldest->used) oldest = &entry;
    }
    return take_key(*oldest, key, vector);
  }

 private:
  struct Entry {
    CipherContext context;
    std::array<std::byte, 32> key{};
    std::size_t size = 0;  // 0: none yet
    std::uint64_t used = 0;
  };

  EVP_CIPHER_CTX* take_key(Entry& entry, BytesView key, const GcmVector& vector) {
    const EVP_CIPHER* const cipher = aes_gcm(key);
    if (!entry.context) entry.context.reset(EVP_CIPHER_CTX_new());
    if (!entry.context) throw harness::InternalError("OpenSSL offers no cipher context");
    entry.size = 0;
    must(EVP_CipherInit_ex2(entry.context.get(), cipher, openssl_octets(key),
                            openssl_octets(vector), encrypt_, nullptr));
    std::copy(key.begin(), key.end(), entry.key.begin());
    entry.size = key.size();
    entry.used = ++clock_;
    return entry.context.get();
  }

  int encrypt_;
  std::array<Entry, 8> entries_;
  std::uint64_t clock_ = 0;
};

int gcm_size(BytesView bytes) {
  if (bytes.size() > 0x7FFFFFF) throw harness::InternalError("too many octets for AES-GCM");
  return static_cast<int>(bytes.size());
}

}  // namespace

std::array<std::byte, 12> gcm_encrypt_to(std::span<std::byte> cipher, BytesView key,
                                         const GcmVector& vector, BytesView aad, BytesView plain) {
  if (cipher.size() != plain.size())
    throw harness::InternalError("a ciphertext has its text's size");
  thread_local GcmContexts contexts(1);
  EVP_CIPHER_CTX* const context = contexts.start(key, vector);
  int written = 0;
  if (!aad.empty()) {
    must(EVP_EncryptUpdate(context, nullptr, &written, openssl_octets(aad), gcm_size(aad)));
  }
  if (!plain.empty()) {
    must(EVP_EncryptUpdate(context, openssl_octets(cipher), &written, openssl_octets(plain),
                           gcm_size(plain)));
  }
  unsigned char nothing[16];
  must(EVP_EncryptFinal_ex(context, nothing, &written));
  std::array<std::byte, 12> tag{};
  must(
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, static_cast<int>(tag.size()), tag.data()));
  return tag;
}

std::array<std::byte, 12> gcm_encrypt(BytesView key, const GcmVector& vector, BytesView aad,
                                      BytesView plain, Bytes& out) {
  const std::size_t before = out.size();
  out.resize(before + plain.size());
  return gcm_encrypt_to(std::span(out).subspan(before), key, vector, aad, plain);
}

bool gcm_decrypt(BytesView key, const GcmVector& vector, BytesView aad, BytesView cipher,
                 BytesView tag, Bytes& out) {
  thread_local GcmContexts contexts(0);
  EVP_CIPHER_CTX* const context = contexts.start(key, vector);
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
