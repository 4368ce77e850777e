// The serial ports of this machine, without its console: a bench must never write there.
#pragma once

#include <string>
#include <vector>

namespace meterproof::link {

struct SerialPort {
  std::string path;         // "/dev/ttyUSB0"
  std::string description;  // as the adapter says
};

std::vector<SerialPort> serial_ports();
// Is this the terminal the kernel's console writes to?
bool is_console(const std::string& path);

}  // namespace meterproof::link
