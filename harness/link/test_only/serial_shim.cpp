// For tests only: lets the real libserialport open a pseudo-terminal. Preloaded, it answers what
// the kernel answers for a real port and refuses for a pty: the entry in sysfs, the modem lines,
// and frames that a pty does not have. The modem lines are those of a null-modem plug: RTS comes
// back as CTS, DTR as DSR and DCD.

#include <dlfcn.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstring>
#include <string_view>

namespace {

constexpr std::string_view k_sysfs_pts = "/sys/class/tty/pts/";
constexpr std::string_view k_sysfs_target = "../../devices/virtual/tty/pts";
constexpr std::size_t k_most_descriptors = 1 << 16;

std::array<std::atomic<int>, k_most_descriptors> modem_lines{};

template <class Function>
Function* next_symbol(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

bool is_pts_entry(const char* path) { return std::string_view(path).starts_with(k_sysfs_pts); }

int with_loops(int lines) {
  if ((lines & TIOCM_RTS) != 0) lines |= TIOCM_CTS;
  if ((lines & TIOCM_DTR) != 0) lines |= TIOCM_DSR | TIOCM_CD;
  return lines;
}

int modem_request(int fd, unsigned long request, int* lines) {
  auto& own = modem_lines[static_cast<std::size_t>(fd)];
  switch (request) {
    case TIOCMGET:
      *lines = with_loops(own);
      return 0;
    case TIOCMSET:
      own = *lines;
      return 0;
    case TIOCMBIS:
      own |= *lines;
      return 0;
    default:
      own &= ~*lines;
      return 0;
  }
}

}  // namespace

extern "C" {

// libserialport was built against a C library whose lstat() was this function.
int __lxstat(int version, const char* path, struct stat* status) {
  if (is_pts_entry(path)) {
    std::memset(status, 0, sizeof *status);
    status->st_mode = S_IFLNK | 0777;
    return 0;
  }
  static auto* const real = next_symbol<int(int, const char*, struct stat*)>("__lxstat");
  return real(version, path, status);
}

ssize_t readlink(const char* path, char* buffer, size_t size) {
  if (is_pts_entry(path)) {
    const std::size_t count = std::min(size, k_sysfs_target.size());
    std::memcpy(buffer, k_sysfs_target.data(), count);
    return static_cast<ssize_t>(count);
  }
  static auto* const real = next_symbol<ssize_t(const char*, char*, size_t)>("readlink");
  return real(path, buffer, size);
}

int ioctl(int fd, unsigned long request, ...) {
  va_list arguments;
  va_start(arguments, request);
  void* const argument = va_arg(arguments, void*);
  va_end(arguments);
  static auto* const real = next_symbol<int(int, unsigned long, ...)>("ioctl");
  const int result = real(fd, request, argument);
  const bool modem =
      request == TIOCMGET || request == TIOCMSET || request == TIOCMBIS || request == TIOCMBIC;
  const bool refused = result != 0 && errno == ENOTTY && fd >= 0 &&
                       static_cast<std::size_t>(fd) < k_most_descriptors;
  return modem && refused ? modem_request(fd, request, static_cast<int*>(argument)) : result;
}

int tcsetattr(int fd, int when, const struct termios* line) {
  static auto* const real = next_symbol<int(int, int, const struct termios*)>("tcsetattr");
  const int result = real(fd, when, line);
  return result != 0 && errno == EINVAL ? 0 : result;
}

}  // extern "C"
