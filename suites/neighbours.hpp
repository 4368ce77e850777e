// Neighbours: the other meters of the bench. A procedure that floods one meter reads another one
// meanwhile: that twin shows whether the bench itself kept up.
#pragma once

#include <memory>
#include <vector>

#include "devices/meter.hpp"

namespace meterproof::suites {

struct Neighbours {
  std::vector<std::shared_ptr<devices::Meter>> meters;
};

}  // namespace meterproof::suites
