// meterproof-get-rate: GETs of one register per second over TCP loopback, client and simulated
// meter as two processes on one processor, beside a bare TCP ping-pong of the same sizes in the
// same rounds. What is left of the ping-pong's rate is what the stack costs: kernel and context
// switches are in both.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>
#include <cstdio>
#include <cstdlib>
#include <iostream>

#include "devices/cosem/client.hpp"
#include "devices/hdlc/wrapper_transport.hpp"
#include "devices/simulated/benchmarks/bench_meter.hpp"
#include "devices/simulated/benchmarks/server_process.hpp"
#include "devices/simulated/meter_endpoint.hpp"

namespace meterproof::benchmarks {
namespace {

using harness::Deadline;

constexpr std::size_t k_wrapper = 8;
// xDLMS APDUs of the GET and of its answer; ciphering adds tag, length, SC, IC and tag.
constexpr std::size_t k_request = 13, k_response = 9, k_ciphering = 19;

void serve_meter(int ready) {
  boost::asio::io_context io{1};
  BenchPlant plant;
  const auto unit = bench_unit(bench_type(), 1);
  const auto endpoint = simulated::make_meter_endpoint(io, unit, plant);
  endpoint->power(true);
  tell(ready, endpoint->links().at("tcp"));
  io.run();
}

void no_delay(int socket) {
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

// How a server learns that a request has come: in recv(), as one that serves a single connection
// can, or in epoll_wait(), as one that serves many must.
enum class Wait { in_recv, in_epoll };

// Answers each `request` octets with `response` octets: nothing but the kernel.
[[noreturn]] void serve_echo(int ready, std::size_t request, std::size_t response, Wait wait) {
  const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in here{};
  here.sin_family = AF_INET;
  here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof here;
  must(::bind(listener, reinterpret_cast<sockaddr*>(&here), sizeof here) == 0 &&
           ::listen(listener, 1) == 0 &&
           ::getsockname(listener, reinterpret_cast<sockaddr*>(&here), &length) == 0,
       "listen");
  tell(ready, std::to_string(ntohs(here.sin_port)));
  const int peer = ::accept(listener, nullptr, nullptr);
  no_delay(peer);
  const int watch = ::epoll_create1(0);
  epoll_event event{EPOLLIN | EPOLLET, {}};
  ::epoll_ctl(watch, EPOLL_CTL_ADD, peer, &event);
  std::array<char, 256> buffer{};
  while ((wait == Wait::in_recv || ::epoll_wait(watch, &event, 1, -1) == 1) &&
         ::recv(peer, buffer.data(), buffer.size(), 0) == static_cast<ssize_t>(request) &&
         ::send(peer, buffer.data(), response, MSG_NOSIGNAL) == static_cast<ssize_t>(response)) {
  }
  ::_exit(0);
}

class PingPong {
 public:
  PingPong(std::size_t request, std::size_t response, Wait wait = Wait::in_recv)
      : request_(request),
        response_(response),
        server_([&](int ready) { serve_echo(ready, request, response, wait); }) {
    socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in there{};
    there.sin_family = AF_INET;
    there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    there.sin_port = htons(static_cast<std::uint16_t>(std::stoi(server_.where())));
    must(::connect(socket_, reinterpret_cast<sockaddr*>(&there), sizeof there) == 0, "connect");
    no_delay(socket_);
  }
  ~PingPong() { ::close(socket_); }
  PingPong(const PingPong&) = delete;
  PingPong& operator=(const PingPong&) = delete;

  void once() {
    std::array<char, 256> buffer{};
    must(::send(socket_, buffer.data(), request_, MSG_NOSIGNAL) == static_cast<ssize_t>(request_) &&
             ::recv(socket_, buffer.data(), buffer.size(), 0) == static_cast<ssize_t>(response_),
         "ping-pong");
  }

 private:
  std::size_t request_, response_;
  ServerProcess server_;
  int socket_ = -1;
};

class Reading {
 public:
  Reading(const std::string& url, std::uint16_t sap, const cosem::ClientSettings& settings)
      : client_(transport(url, sap), settings) {
    const auto opened = client_.open(Deadline::after(std::chrono::seconds(5)), stop_.get_token());
    if (opened.has_error()) give_up("associate: " + opened.error().message());
  }

  // With a deadline and a stop token that could be used, as every procedure does.
  void once() {
    const auto value = client_.get({3, cosem::names::k_active_import, 2},
                                   Deadline::after(std::chrono::seconds(5)), stop_.get_token());
    if (value.has_error()) give_up("GET: " + value.error().message());
    const auto* energy = value->as<std::uint32_t>();
    must(energy != nullptr && *energy == k_bench_energy, "GET: wrong value");
  }

 private:
  static std::unique_ptr<cosem::ApduTransport> transport(const std::string& url,
                                                         std::uint16_t sap) {
    const Deadline deadline = Deadline::after(std::chrono::seconds(5));
    for (;;) {
      auto opened = link::open(url, {});
      if (opened) {
        return std::make_unique<hdlc::WrapperTransport>(std::move(*opened),
                                                        hdlc::WrapperConfig{.client = sap});
      }
      if (deadline.passed()) give_up(url + ": " + opened.error().message());
      ::usleep(1000);  // it boots
    }
  }

  std::stop_source stop_;
  cosem::Client client_;
};

template <class Work>
double per_second(Work& work, int count) {
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < count; ++i) work.once();
  return count / std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double median_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

struct Figures {
  std::vector<double> bare, get, ratio;

  template <class Bare, class Get>
  void round(Bare& ping_pong, Get& reading, int count) {
    bare.push_back(per_second(ping_pong, count));
    get.push_back(per_second(reading, count));
    ratio.push_back(get.back() / bare.back());
  }
  boost::json::object print(const char* name, double target) const {
    std::printf("%-10s ping-pong %6.0f/s   GET %6.0f/s   ratio %.3f (%.3f..%.3f)   target %.2f\n",
                name, median_of(bare), median_of(get), median_of(ratio),
                *std::min_element(ratio.begin(), ratio.end()),
                *std::max_element(ratio.begin(), ratio.end()), target);
    return {{"name", name},
            {"ping_pong", median_of(bare)},
            {"get", median_of(get)},
            {"ratio", median_of(ratio)},
            {"target", target}};
  }
};

int measure(int rounds, int count, int core, const char* only) {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(static_cast<std::size_t>(core), &one);
  must(::sched_setaffinity(0, sizeof one, &one) == 0, "cannot pin to this processor");
  PingPong plain_bare(k_wrapper + k_request, k_wrapper + k_response);
  PingPong ciphered_bare(k_wrapper + k_ciphering + k_request, k_wrapper + k_ciphering + k_response);
  PingPong waiting_for_many(k_wrapper + k_request, k_wrapper + k_response, Wait::in_epoll);
  ServerProcess plain_meter(serve_meter), ciphered_meter(serve_meter);
  Reading plain(plain_meter.where(), k_bench_reader_sap, bench_reader());
  Reading ciphered(ciphered_meter.where(), k_bench_management_sap, bench_management());
  Figures bound_figures, plain_figures, ciphered_figures;
  const std::string which = only;
  for (int i = -1; i < rounds; ++i) {
    if (i == 0) bound_figures = plain_figures = ciphered_figures = {};  // the first round warms up
    bound_figures.round(plain_bare, waiting_for_many, count);
    if (which != "ciphered") plain_figures.round(plain_bare, plain, count);
    if (which != "plain") ciphered_figures.round(ciphered_bare, ciphered, count);
  }
  boost::json::array out;
  bound_figures.print("epoll", 1.0);
  if (which != "ciphered") out.push_back(plain_figures.print("plain", 0.85));
  if (which != "plain") out.push_back(ciphered_figures.print("ciphered", 0.70));
  std::cout << boost::json::serialize(out) << '\n';
  return 0;
}

}  // namespace
}  // namespace meterproof::benchmarks

int main(int argc, char** argv) {
  const auto number = [&](int at, int otherwise) {
    return argc > at ? std::atoi(argv[at]) : otherwise;
  };
  if (argc > 1 && std::string(argv[1]) == "--help") {
    std::puts("usage: meterproof-get-rate [ROUNDS [GETS [PROCESSOR [plain|ciphered|both]]]]");
    return 0;
  }
  try {
    return meterproof::benchmarks::measure(std::max(1, number(1, 201)),
                                           std::max(1, number(2, 1000)), number(3, 0),
                                           argc > 4 ? argv[4] : "both");
  } catch (const std::exception& error) {
    std::cerr << "get-rate: " << error.what() << '\n';
    return 1;
  }
}
