// CounterLedger: the invocation counters that this harness has used up, kept between runs, so that
// a later run starts above the last one and never repeats an initialization vector under the same
// key (IEC 62056-5-3: a counter is never used twice). InvocationCounter takes its numbers from the
// ledger in blocks: a block is durable on disk before its first number leaves, so a run that is
// killed loses the rest of a block and repeats nothing.
//
// A counter is named by what it belongs to: system title, client, and a fingerprint of the key, so
// that a new key starts anew. The file is text, one counter a line: "name first-unused-number".
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "devices/cosem/ciphering.hpp"

namespace meterproof::cosem {

// "4D50480000000001/management/9F86D081884C7D65". The fingerprint is a truncated hash of the key:
// it tells keys apart and does not give them away.
std::string counter_name(BytesView system_title, const std::string& client,
                         const SecurityKeys& keys);

class CounterLedger {
 public:
  // A missing file is an empty ledger; folders are made when first written.
  explicit CounterLedger(std::string path) : path_(std::move(path)) {}

  // The lowest number that no run has reserved; 0 when there is none yet. Throws BenchError when
  // the file is not a ledger.
  std::uint64_t first_unused(const std::string& name) const;
  // Makes first_unused(name) at least `until`, durably: the file is written beside, synced,
  // renamed, under a lock that other processes respect. Throws BenchError.
  void reserve(const std::string& name, std::uint64_t until) const;
  // reserve() of [first, first + count), where first >= at_least is above all that was reserved.
  std::uint64_t reserve_block(const std::string& name, std::uint64_t at_least,
                              std::uint64_t count) const;

 private:
  std::map<std::string, std::uint64_t> read() const;
  void write(const std::map<std::string, std::uint64_t>& counters) const;

  std::string path_;
};

// A counter that several associations under one key share. Safe to use from several threads.
class InvocationCounter {
 public:
  explicit InvocationCounter(std::uint32_t next = 1) : next_(next) {}
  // Goes on where the ledger's last reservation ended.
  InvocationCounter(std::shared_ptr<const CounterLedger> ledger, std::string name);

  // The number to use now; the next call gives a greater one. Nothing when 2^32 - 1 has been given:
  // the key is used up. Throws BenchError when the ledger cannot be written.
  std::optional<std::uint32_t> take();
  std::uint32_t next() const;  // 2^32 - 1 also when it is used up
  // Goes on at this number, whether that is forward or, for an attack, back.
  void set(std::uint32_t next);
  // Goes on at this number unless it is further already.
  void raise_to(std::uint32_t next);

 private:
  mutable std::mutex mutex_;
  std::uint64_t next_;
  std::shared_ptr<const CounterLedger> ledger_;  // null: kept in memory only
  std::string name_;
  std::uint64_t reserved_ = 0;  // numbers below it are ours on disk
  std::uint64_t block_ = 64;
};

}  // namespace meterproof::cosem
