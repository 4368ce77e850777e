// A real serial port through libserialport. Only its non-blocking calls are used: the blocking ones
// cannot be interrupted, spin after a hang-up and abort the process for descriptors past
// FD_SETSIZE.

#include <fcntl.h>
#include <libserialport.h>
#include <linux/serial.h>
#include <sys/ioctl.h>
#include <sys/select.h>

#include <algorithm>
#include <cerrno>

#include "harness/link/back_ends.hpp"
#include "harness/link/descriptor_link.hpp"
#include "harness/link/serial_ports.hpp"
#include "harness/link/transcript.hpp"

namespace meterproof::link {
namespace {

struct ClosePort {
  void operator()(sp_port* port) const {
    sp_close(port);
    sp_free_port(port);
  }
};
using Port = std::unique_ptr<sp_port, ClosePort>;

struct FreeConfig {
  void operator()(sp_port_config* config) const { sp_free_config(config); }
};

Error serial_error(sp_return code) {
  if (code == SP_ERR_SUPP) return LinkError::not_supported;
  if (code != SP_ERR_FAIL) return LinkError::io;
  const int number = sp_last_error_code();
  const bool gone = number == ENOENT || number == ENODEV || number == ENXIO || number == EIO;
  return gone ? make_error_code(LinkError::unplugged)
              : Error(number, boost::system::system_category());
}

Result<void> set_port(sp_port* port, const SerialSettings& settings) {
  sp_port_config* made = nullptr;
  if (sp_new_config(&made) != SP_OK) return LinkError::io;
  const std::unique_ptr<sp_port_config, FreeConfig> config(made);
  sp_set_config_baudrate(made, settings.baud);
  sp_set_config_bits(made, settings.data_bits);
  sp_set_config_parity(made, settings.parity == Parity::none   ? SP_PARITY_NONE
                             : settings.parity == Parity::even ? SP_PARITY_EVEN
                                                               : SP_PARITY_ODD);
  sp_set_config_stopbits(made, settings.stop_bits);
  sp_set_config_flowcontrol(made, SP_FLOWCONTROL_NONE);
  const sp_return set = sp_set_config(port, made);
  if (set != SP_OK) return serial_error(set);
  return boost::system::in_place_value;
}

// Adapters that switch direction by themselves know no such request; that is all right.
void ask_for_rs485(int fd) {
  serial_rs485 mode{};
  mode.flags = SER_RS485_ENABLED | SER_RS485_RTS_ON_SEND;
  ::ioctl(fd, TIOCSRS485, &mode);
}

class SerialLink final : public DescriptorLink {
 public:
  SerialLink(std::string name, std::shared_ptr<Transcript> transcript, Port port, int fd,
             const SerialSettings& settings)
      : DescriptorLink(std::move(name), std::move(transcript)),
        port_(std::move(port)),
        fd_(fd),
        settings_(settings) {}

  Result<void> write(std::span<const std::byte> bytes, Deadline deadline,
                     std::stop_token stop) override {
    auto written = DescriptorLink::write(bytes, deadline, stop);
    if (!written) return written;
    return wait_until_sent(deadline, stop);
  }

  Result<void> configure(const SerialSettings& settings) override {
    auto set = set_port(port_.get(), settings);
    if (set) settings_ = settings;
    return set;
  }

 private:
  int descriptor() const override { return fd_; }
  ssize_t receive(std::span<std::byte> buffer) override {
    return answer(sp_nonblocking_read(port_.get(), buffer.data(), buffer.size()));
  }
  ssize_t transmit(std::span<const std::byte> bytes) override {
    const ssize_t sent = answer(sp_nonblocking_write(port_.get(), bytes.data(), bytes.size()));
    if (sent == 0) errno = EAGAIN;
    return sent;
  }
  Error end_of_input() const override { return LinkError::unplugged; }

  static ssize_t answer(sp_return code) {
    if (code >= 0) return code;
    errno = code == SP_ERR_FAIL ? sp_last_error_code() : EINVAL;
    return -1;
  }

  // tcdrain() cannot be interrupted; the time that the queue needs is known instead.
  Result<void> wait_until_sent(Deadline deadline, const std::stop_token& stop) {
    const int bits =
        1 + settings_.data_bits + (settings_.parity == Parity::none ? 0 : 1) + settings_.stop_bits;
    for (;;) {
      const int queued = sp_output_waiting(port_.get());
      if (queued < 0) return translate(sp_last_error_code());
      if (queued == 0) return boost::system::in_place_value;
      const auto needed = std::chrono::microseconds(1'000'000LL * queued * bits / settings_.baud);
      const auto until = harness::WallClock::now() + needed;
      if (deadline.when() < until) {
        const auto waited = wait_until(deadline.when(), stop);
        return waited ? make_error_code(LinkError::timeout) : waited.error();
      }
      const auto waited = wait_until(until, stop);
      if (!waited) return waited.error();
    }
  }

  Port port_;
  int fd_;
  SerialSettings settings_;
};

}  // namespace

Result<std::unique_ptr<Link>> open_serial(const std::string& name, const LinkUrl& url,
                                          const OpenOptions& options) {
  if (is_console(url.path)) return Error(EPERM, boost::system::system_category());
  sp_port* found = nullptr;
  const sp_return known = sp_get_port_by_name(url.path.c_str(), &found);
  if (known != SP_OK) {
    return known == SP_ERR_ARG ? make_error_code(LinkError::unplugged) : serial_error(known);
  }
  Port port(found);
  const sp_return opened = sp_open(port.get(), SP_MODE_READ_WRITE);
  if (opened != SP_OK) return serial_error(opened);
  int fd = -1;
  if (sp_get_port_handle(port.get(), &fd) != SP_OK) return LinkError::io;
  // Past this libserialport's own waits would abort the process; no later call may get there.
  if (fd >= FD_SETSIZE) return Error(EMFILE, boost::system::system_category());
  ::fcntl(fd, F_SETFD, FD_CLOEXEC);
  const auto set = set_port(port.get(), url.settings);
  if (!set) return set.error();
  if (url.rs485) ask_for_rs485(fd);
  if (options.transcript) options.transcript->connected({Medium::serial, {}, url.path});
  return std::make_unique<SerialLink>(name, options.transcript, std::move(port), fd, url.settings);
}

}  // namespace meterproof::link
