// A full load profile over a paced serial line, against the wire time of the octets that the
// protocol needs for it: APDUs in I-frames of the negotiated size, and one RR for each further
// window of an answer. Between client and meter, both on pseudo-terminals, stands a pacer that lets
// each octet through when a real line of 10 bits an octet would have carried it.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <chrono>
#include <ctime>
#include <future>
#include <thread>

#include "devices/cosem/client.hpp"
#include "devices/cosem/objects.hpp"
#include "devices/hdlc/hdlc_transport.hpp"
#include "devices/simulated/meter_endpoint.hpp"
#include "devices/simulated/meter_plant.hpp"
#include "harness/link/test_only/pty_pair.hpp"

namespace meterproof::simulated {
namespace {

using harness::Deadline;
using harness::WallClock;

constexpr int k_bits_an_octet = 10;  // start, eight, stop

// One direction of the line. An octet that is ready at t has arrived at t + 10 bits, or that long
// after the octet before it.
void carry(int from, int to, std::chrono::nanoseconds octet_time, const std::atomic<bool>& over,
           std::atomic<std::uint64_t>& carried) {
  ::prctl(PR_SET_TIMERSLACK, 1UL);
  std::array<std::byte, 4096> buffer;
  auto next = WallClock::now();
  while (!over) {
    pollfd readable{from, POLLIN, 0};
    if (::poll(&readable, 1, 20) <= 0) continue;
    const ssize_t count = ::read(from, buffer.data(), buffer.size());
    if (count <= 0) return;
    next = std::max(next, WallClock::now());
    for (const std::byte& octet : std::span(buffer).first(static_cast<std::size_t>(count))) {
      next += octet_time;
      const auto since = next.time_since_epoch();
      const auto seconds = std::chrono::floor<std::chrono::seconds>(since);
      const timespec until{seconds.count(), (since - seconds).count()};
      while (::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) == EINTR) {
      }
      if (::write(to, &octet, 1) != 1) return;
      ++carried;
    }
  }
}

class BenchPlant final : public MeterPlant {
 public:
  double import_energy_wh() const override { return 123456.7; }
  double voltage(int) const override { return 230; }
  double current(int) const override { return 5; }
  double active_power() const override { return 3450; }
  std::chrono::system_clock::time_point clock() const override {
    return std::chrono::sys_days{std::chrono::year{2026} / 5 / 4};
  }
  bool relay_closed() const override { return true; }
  void set_relay(bool) override {}
  void set_communication_load(double) override {}
};

MeterUnit bench_unit(int information, int window) {
  bench::MeterType type;
  type.hdlc_information = information;
  type.hdlc_window = window;
  type.boot = std::chrono::milliseconds(1);
  type.inactivity_timeout = std::chrono::seconds(120);
  bench::DeclaredClient reader;
  reader.name = "public";
  reader.authentication = "none";
  reader.may_read = {"*"};
  type.clients = {reader};
  MeterUnit unit;
  unit.name = "bench";
  unit.type = std::make_shared<bench::MeterType>(type);
  unit.serial = "1";
  return unit;
}

// Remembers the sizes of what passes.
class MeasuredTransport final : public cosem::ApduTransport {
 public:
  explicit MeasuredTransport(std::unique_ptr<hdlc::HdlcTransport> inner)
      : inner_(std::move(inner)) {}
  harness::Result<void> connect(Deadline deadline, std::stop_token stop) override {
    return inner_->connect(deadline, stop);
  }
  harness::Result<void> disconnect(Deadline deadline, std::stop_token stop) override {
    return inner_->disconnect(deadline, stop);
  }
  harness::Result<void> send(std::span<const std::byte> apdu, Deadline deadline,
                             std::stop_token stop) override {
    asked.push_back(apdu.size());
    return inner_->send(apdu, deadline, stop);
  }
  harness::Result<std::vector<std::byte>> receive(Deadline deadline,
                                                  std::stop_token stop) override {
    auto apdu = inner_->receive(deadline, stop);
    if (apdu) answered.push_back(apdu->size());
    return apdu;
  }
  std::string name() const override { return inner_->name(); }
  hdlc::ClientStation& station() { return inner_->station(); }

  std::vector<std::size_t> asked, answered;

 private:
  std::unique_ptr<hdlc::HdlcTransport> inner_;
};

// Flags, format, addresses of 1 and 2 octets, control, FCS; HCS where there is information.
constexpr std::size_t k_frame_octets = 2 + 2 + 3 + 1 + 2, k_header_check = 2, k_llc = 3;

std::size_t octets_needed(const std::vector<std::size_t>& messages, std::size_t information,
                          std::size_t window) {
  std::size_t octets = 0;
  for (const std::size_t message : messages) {
    const std::size_t frames = (message + k_llc + information - 1) / information;
    octets += message + k_llc + frames * (k_frame_octets + k_header_check);
    octets += ((frames + window - 1) / window - 1) * k_frame_octets;  // RR between the windows
  }
  return octets;
}

void profile_over_a_paced_line(benchmark::State& state) {
  const auto information = static_cast<int>(state.range(0)),
             window = static_cast<int>(state.range(1));
  const auto octet_time =
      std::chrono::nanoseconds(1'000'000'000LL * k_bits_an_octet / state.range(2));
  for (auto _ : state) {
    boost::asio::io_context io{1};
    auto work = boost::asio::make_work_guard(io);
    BenchPlant plant;
    const MeterUnit unit = bench_unit(information, window);
    auto endpoint = make_meter_endpoint(io, unit, plant);
    endpoint->power(true);
    std::jthread world([&] { io.run(); });

    std::string meter_end = endpoint->links().at("optical");
    meter_end = meter_end.substr(6, meter_end.find('?') - 6);
    const link::Descriptor meter_line(::open(meter_end.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC));
    const link::PtyPair client_line;
    auto opened = link::open("pty://" + client_line.path, {});
    std::atomic<bool> over = false;
    std::atomic<std::uint64_t> to_meter = 0, to_client = 0;
    std::jthread there(
        [&] { carry(client_line.master.get(), meter_line.get(), octet_time, over, to_meter); });
    std::jthread back(
        [&] { carry(meter_line.get(), client_line.master.get(), octet_time, over, to_client); });

    hdlc::ClientConfig config;
    config.server = hdlc::Address::server(1, 17);
    const auto octets = static_cast<std::uint16_t>(information);
    const auto frames = static_cast<std::uint8_t>(window);
    config.parameters = {octets, octets, frames, frames};
    config.retries = 20;
    auto transport = std::make_unique<MeasuredTransport>(
        std::make_unique<hdlc::HdlcTransport>(std::move(*opened), config));
    MeasuredTransport& measured = *transport;
    cosem::Client client(std::move(transport), {});
    const Deadline deadline = Deadline::after(std::chrono::minutes(5));
    std::size_t rows = 0;
    if (client.open(deadline, {})) {
      measured.asked.clear();
      measured.answered.clear();
      const std::uint64_t before = to_meter + to_client;
      const auto begin = WallClock::now();
      const auto profile = client.get({7, cosem::names::k_load_profile, 2}, deadline, {});
      const std::chrono::duration<double> taken = WallClock::now() - begin;
      if (profile && profile->elements() != nullptr) rows = profile->elements()->size();
      const auto size = static_cast<std::size_t>(information);
      const auto most = static_cast<std::size_t>(window);
      const std::size_t needed =
          octets_needed(measured.asked, size, most) + octets_needed(measured.answered, size, most);
      const double wire =
          static_cast<double>(needed) * std::chrono::duration<double>(octet_time).count();
      state.SetIterationTime(taken.count());
      state.counters["rows"] = static_cast<double>(rows);
      state.counters["octets_needed"] = static_cast<double>(needed);
      state.counters["octets_on_wire"] = static_cast<double>(to_meter + to_client - before);
      state.counters["repeated_frames"] = static_cast<double>(measured.station().retransmissions());
      state.counters["time_over_wire_time"] = taken.count() / wire;
    }
    if (rows == 0) state.SkipWithError("the profile could not be read");
    over = true;
    there.join();
    back.join();
    std::promise<void> gone;
    boost::asio::post(io, [&] {
      endpoint.reset();
      gone.set_value();
    });
    gone.get_future().wait();
    work.reset();
  }
}
BENCHMARK(profile_over_a_paced_line)
    ->ArgNames({"octets", "window", "baud"})
    ->Args({2030, 7, 9600})
    ->Args({512, 1, 9600})
    ->Args({128, 1, 9600})
    ->Args({2030, 7, 115200})
    ->Iterations(1)
    ->UseManualTime()
    ->Unit(benchmark::kSecond);

}  // namespace
}  // namespace meterproof::simulated
