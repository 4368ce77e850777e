// Ciphering of whole APDUs beside raw OpenSSL on the same octets: one context that has its key, one
// vector, one AAD, one update and one tag for each operation.
#include <benchmark/benchmark.h>
#include <openssl/evp.h>

#include <memory>

#include "devices/cosem/ciphering.hpp"

namespace meterproof::cosem {
namespace {

using RawContext = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

constexpr SystemTitle k_bench_title{};

Bytes apdu_of(benchmark::State& state) {
  Bytes apdu(static_cast<std::size_t>(state.range(0)));
  apdu.front() = std::byte{0xC4};
  return apdu;
}

void count_apdu(benchmark::State& state) {
  state.SetItemsProcessed(state.iterations());
  state.SetBytesProcessed(state.iterations() * state.range(0));
}

void protect_an_apdu(benchmark::State& state) {
  const SecurityKeys keys;
  const Bytes apdu = apdu_of(state);
  std::uint32_t counter = 0;
  for (auto _ : state)
    benchmark::DoNotOptimize(protect_apdu(keys, k_bench_title, 0x30, ++counter, apdu));
  count_apdu(state);
}
BENCHMARK(protect_an_apdu)->Arg(64)->Arg(1024)->Arg(65536);

void raw_encryption(benchmark::State& state) {
  const Bytes apdu = apdu_of(state), key(16), aad(17);
  std::vector<unsigned char> cipher(apdu.size() + 16), tag(16), vector(12);
  const RawContext context(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
  const auto* const plain = reinterpret_cast<const unsigned char*>(apdu.data());
  EVP_EncryptInit_ex(context.get(), EVP_aes_128_gcm(), nullptr,
                     reinterpret_cast<const unsigned char*>(key.data()), nullptr);
  int written = 0;
  for (auto _ : state) {
    ++vector[0];
    EVP_EncryptInit_ex(context.get(), nullptr, nullptr, nullptr, vector.data());
    EVP_EncryptUpdate(context.get(), nullptr, &written,
                      reinterpret_cast<const unsigned char*>(aad.data()), 17);
    EVP_EncryptUpdate(context.get(), cipher.data(), &written, plain, static_cast<int>(apdu.size()));
    EVP_EncryptFinal_ex(context.get(), cipher.data(), &written);
    EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, 12, tag.data());
    benchmark::DoNotOptimize(cipher.data());
  }
  count_apdu(state);
}
BENCHMARK(raw_encryption)->Arg(64)->Arg(1024)->Arg(65536);

// What was protected above, with its tag verified.
void unprotect_an_apdu(benchmark::State& state) {
  const SecurityKeys keys;
  const auto octets = protect(keys, k_bench_title, 0x30, 1, apdu_of(state));
  for (auto _ : state) {
    const auto opened = unprotect(keys, k_bench_title, *octets);
    if (!opened) state.SkipWithError("the tag does not verify");
    benchmark::DoNotOptimize(opened);
  }
  count_apdu(state);
}
BENCHMARK(unprotect_an_apdu)->Arg(64)->Arg(1024)->Arg(65536);

void raw_decryption(benchmark::State& state) {
  const SecurityKeys keys;
  const Bytes octets = *protect(keys, k_bench_title, 0x30, 1, apdu_of(state));
  const auto* const cipher = reinterpret_cast<const unsigned char*>(octets.data()) + 5;
  const int size = static_cast<int>(octets.size()) - 17;
  std::vector<unsigned char> plain(octets.size()), vector(12), aad(17), key(16);
  std::vector<unsigned char> tag(cipher + size, cipher + size + 12);
  vector[11] = 1;
  aad[0] = 0x30;
  const RawContext context(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
  EVP_DecryptInit_ex(context.get(), EVP_aes_128_gcm(), nullptr, key.data(), nullptr);
  int written = 0;
  for (auto _ : state) {
    EVP_DecryptInit_ex(context.get(), nullptr, nullptr, nullptr, vector.data());
    EVP_DecryptUpdate(context.get(), nullptr, &written, aad.data(), 17);
    EVP_DecryptUpdate(context.get(), plain.data(), &written, cipher, size);
    EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, 12, tag.data());
    if (EVP_DecryptFinal_ex(context.get(), plain.data(), &written) != 1)
      state.SkipWithError("the tag does not verify");
    benchmark::DoNotOptimize(plain.data());
  }
  count_apdu(state);
}
BENCHMARK(raw_decryption)->Arg(64)->Arg(1024)->Arg(65536);

}  // namespace
}  // namespace meterproof::cosem
