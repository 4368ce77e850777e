#include "devices/simulated/meter/key_set.hpp"

#include <algorithm>

#include "devices/simulated/meter/nonvolatile_octets.hpp"

namespace meterproof::simulated {
namespace {

constexpr std::uint64_t k_counters_in_a_block = 1024;
constexpr std::uint64_t k_counters_end = std::uint64_t{1} << 32;

}  // namespace

CounterPair::CounterPair(const std::string& name, Nonvolatile& memory)
    : received_name_("received." + name),
      reserved_name_("reserved." + name),
      memory_(&memory),
      received_(memory.get(received_name_)),
      sent_(memory.get(reserved_name_, 1)),
      reserved_(sent_) {}

void CounterPair::received(std::uint64_t counter) {
  received_ = std::max(received_, counter == UINT64_MAX ? counter : counter + 1);
  memory_->set(received_name_, received_);
}

std::optional<std::uint32_t> CounterPair::next_sent() {
  if (sent_ >= k_counters_end) return std::nullopt;
  if (sent_ >= reserved_) {
    reserved_ = std::min(sent_ + k_counters_in_a_block, k_counters_end);
    memory_->set(reserved_name_, reserved_);
  }
  return static_cast<std::uint32_t>(sent_++);
}

void CounterPair::restart() {
  received_ = 0;
  sent_ = reserved_ = 1;
  memory_->set(received_name_, received_);
  memory_->set(reserved_name_, reserved_);
}

KeySet::KeySet(const std::string& name, const cosem::SecurityKeys& keys, Nonvolatile& memory)
    : encryption_name_("encryption_key." + name),
      authentication_name_("authentication_key." + name),
      keys_(keys),
      memory_(&memory),
      unicast_(name, memory),
      broadcast_(name + ".broadcast", memory),
      agreed_(name + ".agreed", memory),
      fresh_(name + ".fresh", memory),
      signed_only_(name + ".signed", memory) {
  const auto stored =
      cosem::security_keys_from(stored_octets(memory, encryption_name_),
                                stored_octets(memory, authentication_name_), keys_.suite);
  if (stored) keys_ = *stored;
}

void KeySet::activate_staged() {
  if (!staged_) return;
  if (!(staged_->encryption == keys_.encryption)) unicast_.restart();
  keys_ = *staged_;
  staged_.reset();
  store_octets(*memory_, encryption_name_, keys_.encryption);
  store_octets(*memory_, authentication_name_, keys_.authentication);
}

CounterPair& KeySet::counters(cosem::KeyRun run) {
  switch (run) {
    case cosem::KeyRun::broadcast:
      return broadcast_;
    case cosem::KeyRun::agreed:
      return agreed_;
    case cosem::KeyRun::fresh:
      return fresh_;
    case cosem::KeyRun::unicast:
      break;
  }
  return unicast_;
}

}  // namespace meterproof::simulated
