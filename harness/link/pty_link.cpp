// A pseudo-terminal through the kernel's termios2 (any baud rate). libserialport cannot open one.
// Baud is stored, not enforced; the other end can see it. There is no parity: see
// with_software_parity().

#include <asm/termbits.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "harness/link/back_ends.hpp"
#include "harness/link/descriptor_link.hpp"
#include "harness/link/transcript.hpp"

namespace meterproof::link {
namespace {

constexpr auto k_standard_bauds = std::to_array<std::pair<int, unsigned>>({
    {50, B50},       {75, B75},         {110, B110},       {134, B134},       {150, B150},
    {200, B200},     {300, B300},       {600, B600},       {1200, B1200},     {1800, B1800},
    {2400, B2400},   {4800, B4800},     {9600, B9600},     {19200, B19200},   {38400, B38400},
    {57600, B57600}, {115200, B115200}, {230400, B230400}, {460800, B460800}, {921600, B921600},
});

// Standard rates use their code: the other end may read it with the classic tcgetattr().
unsigned baud_code(int baud) {
  const auto* found = std::find_if(k_standard_bauds.begin(), k_standard_bauds.end(),
                                   [&](const auto& entry) { return entry.first == baud; });
  return found == k_standard_bauds.end() ? BOTHER : found->second;
}

Result<void> set_raw_line(int fd, const SerialSettings& settings) {
  termios2 line{};
  if (::ioctl(fd, TCGETS2, &line) != 0) return system_error();
  line.c_iflag = 0;
  line.c_oflag = 0;
  line.c_lflag = 0;
  line.c_cflag =
      baud_code(settings.baud) | CS8 | CREAD | CLOCAL | (settings.stop_bits == 2 ? CSTOPB : 0U);
  line.c_ispeed = line.c_ospeed = static_cast<speed_t>(settings.baud);
  line.c_cc[VMIN] = 1;
  line.c_cc[VTIME] = 0;
  if (::ioctl(fd, TCSETS2, &line) != 0) return system_error();
  return boost::system::in_place_value;
}

class PtyLink final : public DescriptorLink {
 public:
  PtyLink(std::string name, std::shared_ptr<Transcript> transcript, Descriptor fd)
      : DescriptorLink(std::move(name), std::move(transcript)), fd_(std::move(fd)) {}

  Result<void> configure(const SerialSettings& settings) override {
    return set_raw_line(fd_.get(), settings);
  }

 private:
  int descriptor() const override { return fd_.get(); }
  ssize_t receive(std::span<std::byte> buffer) override {
    return ::read(fd_.get(), buffer.data(), buffer.size());
  }
  ssize_t transmit(std::span<const std::byte> bytes) override {
    return ::write(fd_.get(), bytes.data(), bytes.size());
  }
  Error end_of_input() const override { return LinkError::unplugged; }

  Descriptor fd_;
};

}  // namespace

Result<std::unique_ptr<Link>> open_pty(const std::string& name, const LinkUrl& url,
                                       const OpenOptions& options) {
  Descriptor fd(::open(url.path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
  if (!fd) {
    const bool gone = errno == ENOENT || errno == EIO || errno == ENXIO || errno == ENODEV;
    return gone ? make_error_code(LinkError::unplugged) : system_error();
  }
  const auto set = set_raw_line(fd.get(), url.settings);
  if (!set) return set.error();
  if (options.transcript) options.transcript->connected({Medium::serial, {}, url.path});
  return std::make_unique<PtyLink>(name, options.transcript, std::move(fd));
}

}  // namespace meterproof::link
