#include "devices/simulated/meter/key_set.hpp"

#include <algorithm>

namespace meterproof::simulated {
namespace {

constexpr std::uint64_t k_counters_in_a_block = 1024;
constexpr std::uint64_t k_counters_end = std::uint64_t{1} << 32;

}  // namespace

KeySet::KeySet(const std::string& name, const cosem::SecurityKeys& keys, Nonvolatile& memory)
    : received_name_("received." + name),
      reserved_name_("reserved." + name),
      keys_(keys),
      memory_(&memory),
      received_(memory.get(received_name_)),
      sent_(memory.get(reserved_name_, 1)),
      reserved_(sent_) {}

void KeySet::received(std::uint32_t counter) {
  received_ = std::max(received_, std::uint64_t{counter} + 1);
  memory_->set(received_name_, received_);
}

std::optional<std::uint32_t> KeySet::next_sent() {
  if (sent_ >= k_counters_end) return std::nullopt;
  if (sent_ >= reserved_) {
    reserved_ = std::min(sent_ + k_counters_in_a_block, k_counters_end);
    memory_->set(reserved_name_, reserved_);
  }
  return static_cast<std::uint32_t>(sent_++);
}

}  // namespace meterproof::simulated
