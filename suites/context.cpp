#include "suites/context.hpp"

#include <utility>

namespace meterproof::suites {

devices::Energised StageSupply::energise(harness::Context& context, const devices::Load& load) {
  // A position that leaves before the act takes its seat along, so nothing is held for it.
  const auto seat = std::make_shared<Seat>();
  {
    const std::lock_guard lock(mutex_);
    seats_.push_back(seat);
  }
  context.collectively(to_string(load), [&] {
    const auto hold = std::make_shared<devices::Energised>(supply_->energise(load, context.stop()));
    const std::lock_guard lock(mutex_);
    for (const auto& waiting : seats_) {
      if (const auto taken = waiting.lock()) taken->hold = hold;
    }
    seats_.clear();
  });
  return devices::Energised(seat->hold);
}

void StageSupply::release(harness::Context& context, devices::Energised share) {
  { const devices::Energised dropped = std::move(share); }
  context.collectively("release", [] {});
}

harness::Procedure procedure(harness::Procedure declared, void (*body)(Context&)) {
  declared.body = [body](harness::Context& base) {
    Context context(base);
    body(context);
  };
  return declared;
}

}  // namespace meterproof::suites
