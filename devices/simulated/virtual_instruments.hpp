// The command sets of the virtual bench's three instruments (docs/virtual-bench.md). now brings the
// bench up to the present and returns it.
#pragma once

#include <functional>

#include "devices/simulated/scpi_instrument.hpp"
#include "devices/simulated/source_model.hpp"

namespace meterproof::simulated {

using Now = std::function<harness::BenchTime()>;

ScpiInstrument make_virtual_source(SourceModel& source, Now now);
ScpiInstrument make_virtual_reference(ReferenceModel& reference, Now now);
ScpiInstrument make_virtual_counter(CounterModel& counter, Now now);

}  // namespace meterproof::simulated
