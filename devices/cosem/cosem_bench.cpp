// Speed of the codecs, each beside its bound: memcpy for decoding, raw AES-128-GCM for ciphering.
#include <benchmark/benchmark.h>

#include <cstring>

#include "devices/cosem/apdu.hpp"
#include "devices/cosem/ciphering.hpp"
#include "devices/cosem/gcm.hpp"

namespace meterproof::cosem {
namespace {

// 90 days of quarter hours: date-time, status and two energies, as a meter sends them.
Bytes large_profile() {
  std::vector<Data> rows;
  for (std::uint32_t i = 0; i < 8640; ++i) {
    const UtcTime at{std::chrono::minutes(15 * i)};
    rows.push_back(structure({octet_string(octets_of(from_utc(at))), std::uint8_t{0},
                              std::uint32_t{1000 + i}, std::uint32_t{i / 7}}));
  }
  return encode_data(array(std::move(rows)));
}

void count_octets(benchmark::State& state, std::size_t octets) {
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(octets));
}

void decode_profile(benchmark::State& state) {
  const Bytes octets = large_profile();
  for (auto _ : state) benchmark::DoNotOptimize(decode_data(octets));
  count_octets(state, octets.size());
}
BENCHMARK(decode_profile);

void decode_profile_and_its_dates(benchmark::State& state) {
  const Bytes octets = large_profile();
  for (auto _ : state) {
    const auto profile = decode_data(octets);
    for (const Data& row : *profile->elements()) {
      benchmark::DoNotOptimize(to_utc(*row.elements()->front().date_time()));
    }
  }
  count_octets(state, octets.size());
}
BENCHMARK(decode_profile_and_its_dates);

void bound_copy_profile(benchmark::State& state) {
  const Bytes octets = large_profile();
  Bytes copy(octets.size());
  for (auto _ : state) {
    std::memcpy(copy.data(), octets.data(), octets.size());
    benchmark::DoNotOptimize(copy.data());
    benchmark::ClobberMemory();
  }
  count_octets(state, octets.size());
}
BENCHMARK(bound_copy_profile);

void encode_profile(benchmark::State& state) {
  const Bytes octets = large_profile();
  const Data profile = *decode_data(octets);
  for (auto _ : state) benchmark::DoNotOptimize(encode_data(profile));
  count_octets(state, octets.size());
}
BENCHMARK(encode_profile);

// Both ends of one ciphered GET: request made, protected, opened, decoded; the same for the answer.
void ciphered_get_both_ends(benchmark::State& state) {
  const SecurityKeys keys;
  const SystemTitle client{}, server{};
  std::uint32_t counter = 0;
  const auto pass = [&](const SystemTitle& title, const Apdu& apdu) {
    const auto sent = protect_apdu(keys, title, 0x30, ++counter, encode_apdu(apdu));
    const auto opened = unprotect(keys, title, parse_ciphered(*sent)->protected_octets);
    benchmark::DoNotOptimize(decode_apdu(opened->plain));
  };
  for (auto _ : state) {
    pass(client, GetRequestNormal{0xC1, {3, names::k_active_import, 2}, {}});
    pass(server, GetResponseNormal{0xC1, Data(std::uint32_t{123456})});
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(ciphered_get_both_ends);

// The four AES-GCM operations that such a GET needs, and nothing else.
void bound_aes_gcm_of_a_get(benchmark::State& state) {
  const std::array<std::byte, 16> key{};
  const GcmVector vector{};
  const Bytes aad(17), request(13), response(9);
  Bytes cipher, plain;
  for (auto _ : state) {
    for (const Bytes* text : {&request, &response}) {
      cipher.clear();
      plain.clear();
      const auto tag = gcm_encrypt(key, vector, aad, *text, cipher);
      benchmark::DoNotOptimize(gcm_decrypt(key, vector, aad, cipher, tag, plain));
    }
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(bound_aes_gcm_of_a_get);

}  // namespace
}  // namespace meterproof::cosem
