// Where the program finds its data files (meter types, instrument profiles): METERPROOF_DATA, else
// beside the installed program, else the source tree it was built from.
#pragma once

#include <string>
#include <vector>

namespace meterproof::suites {

std::vector<std::string> type_directories();
std::vector<std::string> profile_directories();

}  // namespace meterproof::suites
