// meterproof-sessions: how many meters one thread serves and what idle sessions cost. Starts
// simulated meters on one thread of one process, opens associations from another process over
// loopback, lets them rest and reads the resident memory of both; then every meter is asked at
// once, again and again.
#include <sys/resource.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

#include "devices/cosem/client.hpp"
#include "devices/hdlc/wrapper_transport.hpp"
#include "devices/simulated/benchmarks/bench_meter.hpp"
#include "devices/simulated/benchmarks/server_process.hpp"
#include "devices/simulated/meter_endpoint.hpp"

namespace meterproof::benchmarks {
namespace {

using harness::Deadline;

// Of a meter without a session: listener and three of its pseudo-terminal; and what a process has.
constexpr int k_descriptors_of_a_meter = 4, k_descriptors_beside = 64;

Deadline soon() { return Deadline::after(std::chrono::seconds(10)); }

int descriptors_allowed() {
  rlimit limit{};
  must(::getrlimit(RLIMIT_NOFILE, &limit) == 0, "getrlimit");
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  must(::getrlimit(RLIMIT_NOFILE, &limit) == 0, "getrlimit");
  return static_cast<int>(std::min<rlim_t>(limit.rlim_cur, 1'000'000));
}

void serve_meters(int ready, int count) {
  boost::asio::io_context io{1};
  BenchPlant plant;
  const auto type = bench_type();
  std::vector<simulated::MeterUnit> units;
  for (int i = 0; i < count; ++i) units.push_back(bench_unit(type, static_cast<unsigned>(i)));
  std::vector<std::unique_ptr<simulated::MeterEndpoint>> meters;
  std::string urls;
  for (const auto& unit : units) {
    meters.push_back(simulated::make_meter_endpoint(io, unit, plant));
    meters.back()->power(true);
    urls += meters.back()->links().at("tcp") + '\n';
  }
  tell(ready, urls);
  io.run();
}

// A line of /proc/ID/status that ends in kB, in octets.
double memory_of(pid_t process, const std::string& what) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(what + ":")) return 1024 * std::atof(line.c_str() + what.size() + 1);
  }
  give_up("no " + what);
}

double processor_seconds(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string text;
  std::getline(file, text);
  std::istringstream fields(text.substr(text.rfind(')') + 2));
  std::string skipped;
  for (int i = 0; i < 11; ++i) fields >> skipped;
  double user = 0, system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

cosem::Client session_with(const std::string& url) {
  const Deadline deadline = soon();
  for (;;) {
    auto opened = link::open(url, {});
    if (opened) {
      cosem::Client client(
          std::make_unique<hdlc::WrapperTransport>(
              std::move(*opened), hdlc::WrapperConfig{.client = k_bench_public_sap}),
          {});
      const auto associated = client.open(soon(), {});
      if (associated.has_error()) give_up("associate: " + associated.error().message());
      return client;
    }
    if (deadline.passed()) give_up(url + ": " + opened.error().message());
    std::this_thread::yield();  // it boots
  }
}

// Every session is asked before the first answer is read.
std::size_t ask_all(std::vector<cosem::Client*>& sessions, cosem::BytesView request) {
  for (auto* session : sessions)
    must(session->transport().send(request, soon(), {}).has_value(), "send");
  for (auto* session : sessions) {
    const auto answer = session->transport().receive(soon(), {});
    must(answer.has_value() && answer->size() > 4 && (*answer)[0] == std::byte{0xC4} &&
             (*answer)[3] == std::byte{0},
         "a meter gave no value");
  }
  return sessions.size();
}

int measure(int meters, int wanted, double seconds) {
  const int allowed = descriptors_allowed();
  const int room = allowed - k_descriptors_beside - k_descriptors_of_a_meter * meters;
  const int sessions = std::min(wanted, room);
  must(sessions >= meters, "too few descriptors allowed for these meters");
  if (sessions < wanted)
    std::printf("only %d sessions: %d descriptors are allowed\n", sessions, allowed);

  const ServerProcess server([&](int ready) { serve_meters(ready, meters); });
  std::vector<std::string> urls;
  std::istringstream lines(server.where());
  for (std::string line; std::getline(lines, line);) urls.push_back(line);
  std::vector<cosem::Client> open;
  open.reserve(static_cast<std::size_t>(sessions));
  for (std::size_t i = 0; i < urls.size(); ++i) open.push_back(session_with(urls[i]));
  const double server_before = memory_of(server.id(), "VmRSS");
  const double client_before = memory_of(::getpid(), "VmRSS");
  const std::size_t first = open.size();
  while (open.size() < static_cast<std::size_t>(sessions))
    open.push_back(session_with(urls[open.size() % urls.size()]));

  const double processor_before = processor_seconds(server.id());
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  const double resting = (processor_seconds(server.id()) - processor_before) / seconds;
  const double server_memory = memory_of(server.id(), "VmRSS");
  const double client_memory = memory_of(::getpid(), "VmRSS");
  const double added = std::max(1.0, static_cast<double>(open.size() - first));

  std::vector<cosem::Client*> one_each;
  for (std::size_t i = 0; i < urls.size(); ++i) one_each.push_back(&open[i]);
  const cosem::Bytes request = cosem::encode_apdu(
      cosem::GetRequestNormal{0xC1, {1, cosem::names::k_logical_device_name, 2}, {}});
  ask_all(one_each, request);
  const auto start = std::chrono::steady_clock::now();
  std::size_t answered = 0;
  std::chrono::duration<double> took{};
  while (took.count() < seconds) {
    answered += ask_all(one_each, request);
    took = std::chrono::steady_clock::now() - start;
  }
  const double rate = static_cast<double>(answered) / took.count();

  const boost::json::object out{
      {"meters", meters},
      {"sessions", open.size()},
      {"server_octets", server_memory},
      {"client_octets", client_memory},
      {"server_octets_of_a_session", (server_memory - server_before) / added},
      {"client_octets_of_a_session", (client_memory - client_before) / added},
      {"resting_share_of_a_processor", resting},
      {"requests_per_second", rate}};
  std::printf(
      "%d meters on one thread, %zu sessions: %.0f MB in the meters' process (%.1f kB a session), "
      "%.0f MB in the clients' (%.1f kB)\n",
      meters, open.size(), server_memory / 1e6, (server_memory - server_before) / added / 1e3,
      client_memory / 1e6, (client_memory - client_before) / added / 1e3);
  std::printf(
      "resting they take %.1f %% of a processor; asked all at once they answer %.0f GETs a "
      "second\n",
      100 * resting, rate);
  std::printf("%s\n", boost::json::serialize(out).c_str());
  return 0;
}

}  // namespace
}  // namespace meterproof::benchmarks

int main(int argc, char** argv) {
  if (argc > 1 && std::string(argv[1]) == "--help") {
    std::puts("usage: meterproof-sessions [METERS [SESSIONS [SECONDS]]]");
    return 0;
  }
  try {
    return meterproof::benchmarks::measure(argc > 1 ? std::max(1, std::atoi(argv[1])) : 1000,
                                           argc > 2 ? std::atoi(argv[2]) : 10000,
                                           argc > 3 ? std::max(0.1, std::atof(argv[3])) : 3);
  } catch (const std::exception& error) {
    std::cerr << "sessions: " << error.what() << '\n';
    return 1;
  }
}
