#include "devices/simulated/meter/key_set.hpp"

#include <algorithm>
#include <utility>

namespace meterproof::simulated {
namespace {

constexpr std::uint64_t k_counters_in_a_block = 1024;
constexpr std::uint64_t k_counters_end = std::uint64_t{1} << 32;

}  // namespace

KeySet::KeySet(std::string name, const cosem::SecurityKeys& keys, Nonvolatile& memory)
    : name_(std::move(name)),
      keys_(keys),
      memory_(&memory),
      received_(memory.get("received." + name_)),
      sent_(memory.get("reserved." + name_, 1)),
      reserved_(sent_) {}

void KeySet::received(std::uint32_t counter) {
  received_ = std::max(received_, std::uint64_t{counter} + 1);
  memory_->set("received." + name_, received_);
}

std::optional<std::uint32_t> KeySet::next_sent() {
  if (sent_ >= k_counters_end) return std::nullopt;
  if (sent_ >= reserved_) {
    reserved_ = std::min(sent_ + k_counters_in_a_block, k_counters_end);
    memory_->set("reserved." + name_, reserved_);
  }
  return static_cast<std::uint32_t>(sent_++);
}

}  // namespace meterproof::simulated
