#include "harness/link/serial_ports.hpp"

#include <libserialport.h>

#include <fstream>

namespace meterproof::link {

bool is_console(const std::string& path) {
  std::ifstream file("/sys/class/tty/console/active");
  std::string name;
  bool known = false;
  while (file >> name) {
    known = true;
    if (path == "/dev/" + name) return true;
  }
  // Where the kernel does not say, the first UART is the console of most machines.
  return !known && path == "/dev/ttyS0";
}

std::vector<SerialPort> serial_ports() {
  std::vector<SerialPort> ports;
  sp_port** list = nullptr;
  if (sp_list_ports(&list) != SP_OK) return ports;
  for (sp_port** port = list; *port != nullptr; ++port) {
    const char* path = sp_get_port_name(*port);
    if (path == nullptr || is_console(path)) continue;
    const char* description = sp_get_port_description(*port);
    ports.push_back({path, description == nullptr ? "" : description});
  }
  sp_free_port_list(list);
  return ports;
}

}  // namespace meterproof::link
