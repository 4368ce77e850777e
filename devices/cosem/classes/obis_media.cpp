// Value groups C and D of electricity (A = 1), and the quantities of other media that meters
// commonly show.
#include "devices/cosem/classes/obis_tables.hpp"

namespace meterproof::cosem::classes {
namespace {

constexpr KnownObject k_electricity_objects[] = {
    {0, 0, k_any_group, "Electricity ID"},
    {0, 1, 0, "Billing period counter 1"},
    {0, 1, 1, "Number of available billing periods 1"},
    {0, 1, 2, "Time stamp of the billing period 1"},
    {0, 2, 0, "Active firmware identifier"},
    {0, 2, 1, "Parameter record number"},
    {0, 2, 2, "Time switch program number"},
    {0, 2, 8, "Active firmware signature"},
    {0, 3, 0, "Pulse constant of active energy, metrological LED"},
    {0, 3, 1, "Pulse constant of reactive energy, metrological LED"},
    {0, 3, 2, "Pulse constant of apparent energy, metrological LED"},
    {0, 3, 3, "Pulse constant of active energy, output pulse"},
    {0, 3, 4, "Pulse constant of reactive energy, output pulse"},
    {0, 3, 5, "Pulse constant of apparent energy, output pulse"},
    {0, 4, 2, "Transformer ratio, current (numerator)"},
    {0, 4, 3, "Transformer ratio, voltage (numerator)"},
    {0, 4, 5, "Transformer ratio, current (denominator)"},
    {0, 4, 6, "Transformer ratio, voltage (denominator)"},
    {0, 6, 0, "Nominal voltage"},
    {0, 6, 1, "Basic or nominal current"},
    {0, 6, 2, "Nominal frequency"},
    {0, 6, 3, "Maximum current"},
    {0, 8, 0, "Measurement period 1"},
    {0, 8, 4, "Recording interval 1"},
    {0, 8, 5, "Recording interval 2"},
    {0, 8, 6, "Billing period"},
    {0, 9, 1, "Local time"},
    {0, 9, 2, "Local date"},
};

// "power" becomes "energy" when group D integrates over time.
constexpr GroupName k_electricity_quantities[] = {
    {1, "Active power import (+A)"},
    {2, "Active power export (-A)"},
    {3, "Reactive power import (+R)"},
    {4, "Reactive power export (-R)"},
    {5, "Reactive power QI"},
    {6, "Reactive power QII"},
    {7, "Reactive power QIII"},
    {8, "Reactive power QIV"},
    {9, "Apparent power import (+S)"},
    {10, "Apparent power export (-S)"},
    {11, "Current"},
    {12, "Voltage"},
    {13, "Power factor"},
    {14, "Supply frequency"},
    {15, "Active power absolute (|+A| + |-A|)"},
    {16, "Active power net (|+A| - |-A|)"},
    {17, "Active power QI"},
    {18, "Active power QII"},
    {19, "Active power QIII"},
    {20, "Active power QIV"},
    {81, "Angle"},
    {82, "Unitless quantity"},
    {83, "Transformer and line losses"},
    {84, "Power factor export"},
    {85, "Power factor export L1"},
    {86, "Power factor export L2"},
    {87, "Power factor export L3"},
    {88, "Ampere-squared hours"},
    {89, "Volt-squared hours"},
    {90, "Current, sum of the phases"},
    {91, "Current in the neutral"},
    {92, "Voltage of the neutral"},
};

constexpr GroupName k_electricity_processing[] = {
    {0, "billing period average"},
    {1, "cumulative minimum 1"},
    {2, "cumulative maximum 1"},
    {3, "minimum 1"},
    {4, "current average 1"},
    {5, "last average 1"},
    {6, "maximum 1"},
    {7, "instantaneous value"},
    {8, "time integral 1"},
    {9, "time integral 2"},
    {10, "time integral 3"},
    {11, "cumulative minimum 2"},
    {12, "cumulative maximum 2"},
    {13, "minimum 2"},
    {14, "current average 2"},
    {15, "last average 2"},
    {16, "maximum 2"},
    {17, "time integral 7"},
    {18, "time integral 8"},
    {19, "time integral 9"},
    {20, "time integral 10"},
    {21, "cumulative minimum 3"},
    {22, "cumulative maximum 3"},
    {23, "minimum 3"},
    {24, "current average 3"},
    {25, "last average 3"},
    {26, "maximum 3"},
    {27, "current average 5"},
    {28, "current average 6"},
    {29, "time integral 5"},
    {30, "time integral 6"},
    {31, "under limit threshold"},
    {32, "under limit occurrence counter"},
    {33, "under limit duration"},
    {34, "under limit magnitude"},
    {35, "over limit threshold"},
    {36, "over limit occurrence counter"},
    {37, "over limit duration"},
    {38, "over limit magnitude"},
    {39, "missing threshold"},
    {40, "missing occurrence counter"},
    {41, "missing duration"},
    {42, "missing magnitude"},
    {43, "time threshold for under limit"},
    {44, "time threshold for over limit"},
    {45, "time threshold for missing magnitude"},
    {46, "contracted value"},
    {55, "test average"},
    {58, "time integral 4"},
};

constexpr GroupName k_gas_quantities[] = {
    {1, "Forward undisturbed meter volume"},
    {2, "Forward disturbed meter volume"},
    {3, "Forward absolute meter volume"},
    {11, "Forward undisturbed converter volume"},
    {12, "Forward disturbed converter volume"},
    {13, "Forward absolute converter volume"},
    {41, "Absolute temperature"},
    {42, "Absolute pressure"},
    {43, "Flow rate"},
    {51, "Correction factor"},
    {52, "Conversion factor"},
    {53, "Compressibility factor"},
    {54, "Superior calorific value"},
};
constexpr GroupName k_heat_quantities[] = {
    {1, "Energy"},
    {2, "Accumulated volume"},
    {8, "Power"},
    {9, "Flow rate"},
    {10, "Flow temperature"},
    {11, "Return temperature"},
    {12, "Differential temperature"},
};
constexpr GroupName k_water_quantities[] = {{1, "Accumulated volume"}, {2, "Flow rate"}};

}  // namespace

std::span<const KnownObject> electricity_objects() { return k_electricity_objects; }
std::span<const GroupName> electricity_quantities() { return k_electricity_quantities; }
std::span<const GroupName> electricity_processing() { return k_electricity_processing; }
std::span<const GroupName> gas_quantities() { return k_gas_quantities; }
std::span<const GroupName> heat_quantities() { return k_heat_quantities; }
std::span<const GroupName> water_quantities() { return k_water_quantities; }

}  // namespace meterproof::cosem::classes
