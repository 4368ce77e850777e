#include "devices/simulated/meter/pseudo_terminal.hpp"

#include <fcntl.h>
#include <pty.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "harness/errors.hpp"

namespace meterproof::simulated {

PseudoTerminal::PseudoTerminal() {
  termios settings{};
  cfmakeraw(&settings);
  settings.c_cflag |= CREAD | CLOCAL;
  cfsetspeed(&settings, B9600);
  if (openpty(&master_, &slave_, nullptr, &settings, nullptr) != 0)
    throw harness::BenchError(std::string("no pseudo-terminal: ") + std::strerror(errno));
  for (const int descriptor : {master_, slave_})
    fcntl(descriptor, F_SETFD, fcntl(descriptor, F_GETFD) | FD_CLOEXEC);
  std::array<char, 64> name{};
  if (ttyname_r(slave_, name.data(), name.size()) != 0) {
    close(master_);
    close(slave_);
    throw harness::BenchError("a pseudo-terminal without a name");
  }
  path_ = name.data();
}

PseudoTerminal::~PseudoTerminal() {
  close(slave_);
  close(master_);
}

std::optional<int> PseudoTerminal::baud() const {
  constexpr auto k_codes = std::to_array<std::pair<int, speed_t>>({{300, B300},
                                                                   {600, B600},
                                                                   {1200, B1200},
                                                                   {2400, B2400},
                                                                   {4800, B4800},
                                                                   {9600, B9600},
                                                                   {19200, B19200},
                                                                   {38400, B38400},
                                                                   {57600, B57600},
                                                                   {115200, B115200}});
  termios settings{};
  if (tcgetattr(slave_, &settings) != 0) return std::nullopt;
  const speed_t code = cfgetispeed(&settings);
  if (code != cfgetospeed(&settings)) return std::nullopt;
  for (const auto& [baud, known] : k_codes) {
    if (known == code) return baud;
  }
  return std::nullopt;
}

void PseudoTerminal::flush() { tcflush(slave_, TCIOFLUSH); }

}  // namespace meterproof::simulated
