// Contexts that have taken their key are used again: what one operation leaves must not show in the
// next. The oracle is OpenSSL with a context made for each operation.
#include "devices/cosem/gcm.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <memory>

namespace meterproof::cosem {
namespace {

struct Sealed {
  Bytes cipher;
  std::array<std::byte, 12> tag{};
  bool operator==(const Sealed&) const = default;
};

Sealed freshly_sealed(BytesView key, const GcmVector& vector, BytesView aad, BytesView plain) {
  const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(
      EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
  const auto octets = [](BytesView bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
  };
  Sealed out{Bytes(plain.size() + 16), {}};
  auto* const cipher = reinterpret_cast<unsigned char*>(out.cipher.data());
  int written = 0;
  EVP_EncryptInit_ex(context.get(), key.size() == 32 ? EVP_aes_256_gcm() : EVP_aes_128_gcm(),
                     nullptr, octets(key), octets(vector));
  EVP_EncryptUpdate(context.get(), nullptr, &written, octets(aad), static_cast<int>(aad.size()));
  EVP_EncryptUpdate(context.get(), cipher, &written, octets(plain), static_cast<int>(plain.size()));
  EVP_EncryptFinal_ex(context.get(), cipher, &written);
  EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, 12, out.tag.data());
  out.cipher.resize(plain.size());
  return out;
}

TEST(Gcm, ManyKeysInTurnGiveWhatAFreshContextGives) {
  const Bytes aad = to_bytes("associated"), plain = to_bytes("seventeen octets!");
  // More keys than a thread remembers, of both sizes, each of them several times.
  for (int turn = 0; turn < 3; ++turn) {
    for (int number = 0; number < 20; ++number) {
      const Bytes key(number % 2 == 0 ? 16 : 32, static_cast<std::byte>(number / 2));
      GcmVector vector{};
      vector[0] = static_cast<std::byte>(turn);
      Sealed sealed;
      sealed.tag = gcm_encrypt(key, vector, aad, plain, sealed.cipher);
      EXPECT_EQ(sealed, freshly_sealed(key, vector, aad, plain)) << number;
      Bytes opened;
      EXPECT_TRUE(gcm_decrypt(key, vector, aad, sealed.cipher, sealed.tag, opened)) << number;
      EXPECT_EQ(opened, plain);
    }
  }
}

TEST(Gcm, ARefusedTagLeavesNothingForTheNextOperation) {
  const Bytes key(16, std::byte{7}), aad = to_bytes("a"), plain = to_bytes("plain");
  const GcmVector vector{};
  const Sealed sealed = freshly_sealed(key, vector, aad, plain);
  auto wrong = sealed.tag;
  wrong.back() ^= std::byte{1};
  for (int i = 0; i < 3; ++i) {
    Bytes out = to_bytes("before");
    EXPECT_FALSE(gcm_decrypt(key, vector, aad, sealed.cipher, wrong, out));
    EXPECT_EQ(out, to_bytes("before")) << "unchanged";
    EXPECT_TRUE(gcm_decrypt(key, vector, aad, sealed.cipher, {}, out)) << "not checked";
    Bytes opened;
    EXPECT_TRUE(gcm_decrypt(key, vector, aad, sealed.cipher, sealed.tag, opened));
    EXPECT_EQ(opened, plain);
    EXPECT_FALSE(gcm_decrypt(key, vector, {}, sealed.cipher, sealed.tag, opened));
  }
}

}  // namespace
}  // namespace meterproof::cosem
