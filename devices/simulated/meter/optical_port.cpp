#include "devices/simulated/meter/optical_port.hpp"

#include <unistd.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <utility>

#include "devices/hdlc/server_station.hpp"
#include "devices/simulated/meter/pseudo_terminal.hpp"

namespace meterproof::simulated {
namespace {

constexpr std::size_t k_longest_hdlc_request = 4096;
// What waits for a client that does not read; more is lost, as light is.
constexpr std::size_t k_longest_output = 16 * 1024;

hdlc::ServerConfig station_of(const bench::MeterType& type, const Policy& policy) {
  hdlc::ServerConfig config;
  config.logical_devices = {static_cast<std::uint16_t>(type.server_sap)};
  config.physical_device = static_cast<std::uint16_t>(type.hdlc_physical_address);
  if (type.inactivity_timeout > harness::WallDuration::zero())
    config.inactivity_timeout = type.inactivity_timeout;
  config.largest_message = k_longest_hdlc_request;
  config.check.frame_check = policy.check_frame_sequence;
  return config;
}

}  // namespace

// Shared with the handlers in flight, which may outlive the OpticalPort.
struct OpticalPort::Port : std::enable_shared_from_this<Port> {
  Port(boost::asio::io_context& io, const bench::MeterType& type, const Policy& policy,
       WorkQueue& queue, std::function<void()> event)
      : server_sap(static_cast<std::uint16_t>(type.server_sap)),
        work(queue),
        on_event(std::move(event)),
        line(io, dup(terminal.master())),
        timer(io),
        delay(io),
        station(station_of(type, policy)) {}

  void read() {
    line.async_read_some(
        boost::asio::buffer(buffer),
        [self = shared_from_this()](const boost::system::error_code& error, std::size_t count) {
          if (error || self->closed) return;
          self->received(count);
          self->read();
        });
  }

  void received(std::size_t count) {
    if (application == nullptr || !terminal.at_meter_rate()) return;
    station.receive(std::span(buffer).first(count), harness::WallClock::now());
    pump();
  }

  void pump() {
    while (auto event = station.take_event()) {
      if (event->kind != hdlc::ServerEvent::Kind::message) {
        session = Session{};
        continue;
      }
      on_event();
      work.submit(session.standing() == Standing::proven,
                  [self = shared_from_this(), life = life, message = std::move(event->message),
                   client = event->client]() -> harness::WallDuration {
                    if (self->life != life) return {};
                    return self->serve(client, message);
                  });
    }
    flush_output();
    arm_timer();
  }

  harness::WallDuration serve(std::uint8_t client, const hdlc::Bytes& message) {
    Outcome outcome =
        application->on_apdu(session, {client, server_sap}, message, harness::WallClock::now());
    if (outcome.delay <= harness::WallDuration::zero()) {
      send(outcome.replies);
      return outcome.stall;
    }
    delay.expires_after(outcome.delay);
    delay.async_wait([self = shared_from_this(), life = life, replies = std::move(outcome.replies)](
                         const boost::system::error_code& error) {
      if (!error && self->life == life) self->send(replies);
    });
    return outcome.stall;
  }

  void send(const std::vector<cosem::Bytes>& replies) {
    for (const auto& reply : replies) station.send(reply, harness::WallClock::now());
    pump();
  }

  void flush_output() {
    hdlc::Bytes fresh = station.take_output();
    if (waiting.size() + fresh.size() <= k_longest_output)
      waiting.insert(waiting.end(), fresh.begin(), fresh.end());
    if (writing || waiting.empty()) return;
    writing = true;
    sending = std::exchange(waiting, {});
    boost::asio::async_write(
        line, boost::asio::buffer(sending),
        [self = shared_from_this()](const boost::system::error_code& error, std::size_t) {
          self->writing = false;
          if (!error && !self->closed) self->flush_output();
        });
  }

  void arm_timer() {
    const auto due = station.timer();
    if (!due) {
      timer.cancel();
      return;
    }
    timer.expires_at(*due);
    timer.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
      if (error || self->closed) return;
      self->station.tick(harness::WallClock::now());
      self->pump();
    });
  }

  void stop() {
    application = nullptr;
    ++life;
    station.reset();
    session = Session{};
    waiting.clear();
    timer.cancel();
    delay.cancel();
    terminal.flush();
  }

  PseudoTerminal terminal;
  std::uint16_t server_sap;
  WorkQueue& work;
  std::function<void()> on_event;
  boost::asio::posix::stream_descriptor line;
  boost::asio::steady_timer timer, delay;
  hdlc::ServerStation station;
  MeterApplication* application = nullptr;
  Session session;
  std::uint64_t life = 0;  // counts power cuts: work of an earlier life is void
  std::array<std::byte, 2048> buffer{};
  hdlc::Bytes waiting, sending;
  bool writing = false;
  bool closed = false;
};

OpticalPort::OpticalPort(boost::asio::io_context& io, const bench::MeterType& type,
                         const Policy& policy, WorkQueue& work, std::function<void()> on_event)
    : port_(std::make_shared<Port>(io, type, policy, work, std::move(on_event))) {
  port_->read();
}

OpticalPort::~OpticalPort() {
  port_->stop();
  port_->closed = true;
  boost::system::error_code ignored;
  port_->line.close(ignored);
}

std::string OpticalPort::url() const {
  return "pty://" + port_->terminal.path() + "?baud=9600&frame=8N1";
}

void OpticalPort::start(MeterApplication& application) { port_->application = &application; }
void OpticalPort::stop() { port_->stop(); }

}  // namespace meterproof::simulated
