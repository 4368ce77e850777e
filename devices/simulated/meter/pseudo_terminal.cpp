#include "devices/simulated/meter/pseudo_terminal.hpp"

#include <fcntl.h>
#include <pty.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

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

bool PseudoTerminal::at_meter_rate() const {
  termios settings{};
  return tcgetattr(slave_, &settings) == 0 && cfgetispeed(&settings) == B9600 &&
         cfgetospeed(&settings) == B9600;
}

void PseudoTerminal::flush() { tcflush(slave_, TCIOFLUSH); }

}  // namespace meterproof::simulated
