#include "devices/simulated/meter/optical_port.hpp"

#include <unistd.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <optional>
#include <utility>

#include "devices/hdlc/server_station.hpp"
#include "devices/iec62056_21/even_parity.hpp"
#include "devices/iec62056_21/mode_e.hpp"
#include "devices/simulated/meter/pseudo_terminal.hpp"

namespace meterproof::simulated {
namespace {

constexpr std::size_t k_longest_hdlc_request = 4096;
// What waits for a client that does not read; more is lost, as light is.
constexpr std::size_t k_longest_output = 64 * 1024;
constexpr int k_sign_on_baud = 300;
constexpr std::chrono::seconds k_wait_for_snrm{5};

hdlc::ServerConfig station_of(const bench::MeterType& type, const Policy& policy) {
  hdlc::ServerConfig config;
  config.logical_devices = {static_cast<std::uint16_t>(type.server_sap)};
  config.physical_device = static_cast<std::uint16_t>(type.hdlc_physical_address);
  if (type.inactivity_timeout > harness::WallDuration::zero())
    config.inactivity_timeout = type.inactivity_timeout;
  config.largest_message = k_longest_hdlc_request;
  config.parameters.transmit_octets = config.parameters.receive_octets =
      static_cast<std::uint16_t>(type.hdlc_information);
  config.parameters.transmit_window = config.parameters.receive_window =
      static_cast<std::uint8_t>(type.hdlc_window);
  config.check.frame_check = policy.check_frame_sequence;
  config.defects = policy.station;
  return config;
}

// Lower case at the end: this meter reacts after 20 ms.
iec62056_21::Identification identification_of(const bench::MeterType& type) {
  return {"MPf", iec62056_21::character_of(type.optical_baud).value_or('5'), "2", "METERPROOF"};
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
        station(station_of(type, policy)),
        hdlc_baud(type.optical_baud) {
    if (type.start == "mode_e") mode_e.emplace(identification_of(type), "");
  }

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
    const auto octets = std::span(buffer).first(count);
    // At another rate than the meter's there are only garbled octets, which it does not understand.
    if (application == nullptr || terminal.baud() != listening_baud()) return;
    if (signing_on()) {
      hdlc::Bytes characters;
      for (const std::byte octet : octets) {
        if (const auto character = iec62056_21::without_even_parity(octet)) {
          characters.push_back(*character);
        }
      }
      mode_e->receive(characters, harness::WallClock::now());
    } else {
      station.set_inactivity_timeout(application->hdlc_inactivity());
      station.receive(octets, harness::WallClock::now());
    }
    pump();
  }

  bool signing_on() const { return mode_e && !mode_e->handed_over(); }
  int listening_baud() const {
    if (!mode_e) return hdlc_baud;
    return mode_e->handed_over().value_or(k_sign_on_baud);
  }
  // Back to 300 baud: the HDLC connection has ended, or none came.
  void sign_off() {
    if (mode_e) mode_e->reset();
    silent_until.reset();
  }
  void tick(harness::WallTime now) {
    if (signing_on()) {
      mode_e->tick(now);
      for (const std::byte character : mode_e->take_output()) {
        waiting.push_back(iec62056_21::with_even_parity(character));
      }
      if (!signing_on()) silent_until = now + k_wait_for_snrm;
    }
    station.tick(now);
    if (silent_until && now >= *silent_until) sign_off();
  }

  void pump() {
    while (auto event = station.take_event()) {
      const bool unnumbered = event->kind == hdlc::ServerEvent::Kind::unnumbered;
      if (!unnumbered && event->kind != hdlc::ServerEvent::Kind::message) {
        session = Session{};
        silent_until.reset();
        if (event->kind == hdlc::ServerEvent::Kind::disconnected && !station.connected())
          sign_off();
        continue;
      }
      on_event();
      if (unnumbered) {
        work.submit(false, [self = shared_from_this(), life = life, event = *std::move(event)]() {
          if (self->life == life) self->serve_unnumbered(event);
          return harness::WallDuration{};
        });
        continue;
      }
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

  // A UI frame is a life of its own: only what needs no AARQ, a pre-established association, comes
  // to anything.
  void serve_unnumbered(const hdlc::ServerEvent& event) {
    Session own;
    const Outcome outcome = application->on_apdu(own, {event.client, server_sap}, event.message,
                                                 harness::WallClock::now());
    if (!event.broadcast) {
      for (const auto& reply : outcome.replies) {
        station.send_unnumbered(event.client, event.logical_device, reply);
      }
    }
    pump();
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
    auto due = station.timer();
    const auto sign_on = mode_e ? mode_e->timer() : std::nullopt;
    for (const auto& other : {sign_on, silent_until}) {
      if (other && (!due || *other < *due)) due = other;
    }
    if (!due) {
      timer.cancel();
      return;
    }
    timer.expires_at(*due);
    timer.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
      if (error || self->closed) return;
      self->tick(harness::WallClock::now());
      self->pump();
    });
  }

  void stop() {
    application = nullptr;
    ++life;
    station.reset();
    sign_off();
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
  int hdlc_baud;
  std::optional<iec62056_21::ModeEMeter> mode_e;  // the port starts with it
  std::optional<harness::WallTime> silent_until;  // for the SNRM after the hand-over
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
  const std::string path = "pty://" + port_->terminal.path();
  if (port_->mode_e) return path + "?baud=300&frame=7E1";
  return path + "?baud=" + std::to_string(port_->hdlc_baud) + "&frame=8N1";
}

void OpticalPort::start(MeterApplication& application) { port_->application = &application; }
void OpticalPort::stop() { port_->stop(); }

}  // namespace meterproof::simulated
