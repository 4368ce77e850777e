// Meters that talk nonsense, fall silent or vanish: their cases end with a reason, the other
// positions are judged as if nothing had happened, and the run ends.
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>

#include <thread>

#include "suites/app/test_only/program_rig.hpp"

namespace meterproof::suites {
namespace {

using rig::ExitedWith;
using ::testing::AnyOf;
using ::testing::HasSubstr;

// Waits for octets; false at the end of the connection or when a stop is asked for.
bool readable(int descriptor, const std::stop_token& stop) {
  pollfd ready{descriptor, POLLIN, 0};
  while (!stop.stop_requested()) {
    if (::poll(&ready, 1, 20) > 0) return true;
  }
  return false;
}

// In place of a meter's TCP interface: answers each request with octets of the test's making.
class HostilePeer {
 public:
  // What to send after so many octets of request; may be called again and again (endless).
  enum class Manner { truncated, oversized, endless, closes, flipped_bits };

  HostilePeer(Manner manner, std::string genuine_url)
      : manner_(manner), genuine_url_(std::move(genuine_url)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), length) != 0 ||
        ::listen(listener_, 8) != 0 ||
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length) != 0) {
      throw std::runtime_error("no listening socket");
    }
    url_ = "tcp://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
    thread_ = std::jthread([this](const std::stop_token& stop) { serve(stop); });
  }
  ~HostilePeer() {
    thread_ = {};
    ::close(listener_);
  }
  const std::string& url() const { return url_; }

 private:
  void serve(const std::stop_token& stop) {
    while (readable(listener_, stop)) {
      const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (connection < 0) continue;
      talk(connection, stop);
      ::close(connection);
    }
  }

  void talk(int connection, const std::stop_token& stop) {
    std::unique_ptr<link::Link> genuine;
    if (manner_ == Manner::flipped_bits) {
      auto opened = link::open(genuine_url_, {});
      if (!opened) return;
      genuine = std::move(*opened);
    }
    std::array<char, 4096> request{};
    while (readable(connection, stop)) {
      const ssize_t got = ::recv(connection, request.data(), request.size(), 0);
      if (got <= 0 || manner_ == Manner::closes) return;
      switch (manner_) {
        case Manner::truncated:  // a wrapper header that promises 100 octets, and ten of them
          send(connection, std::string("\0\1\0\1\0\x10\0\x64", 8) + std::string(10, 'a'));
          break;
        case Manner::oversized:  // the largest length a wrapper can state, all of it nonsense
          send(connection, std::string("\0\1\0\1\0\x10\xff\xff", 8) + std::string(0xffff, '\x61'));
          break;
        case Manner::endless:
          while (!stop.stop_requested() && send(connection, std::string(4096, '\0'))) {
          }
          return;
        case Manner::flipped_bits:
          if (!pass_on(*genuine, connection, request.data(), static_cast<std::size_t>(got))) return;
          break;
        case Manner::closes:
          return;
      }
    }
  }

  // The genuine meter's answer, with one bit of each octet from the ninth on the wrong way round.
  bool pass_on(link::Link& genuine, int connection, const char* request, std::size_t size) {
    const auto deadline = harness::Deadline::after(std::chrono::seconds(1));
    if (!genuine.write(std::as_bytes(std::span(request, size)), deadline, {})) return false;
    std::array<std::byte, 4096> answer{};
    const auto got = genuine.read(answer, deadline, {});
    if (!got) return false;
    std::string octets(reinterpret_cast<const char*>(answer.data()), *got);
    for (std::size_t i = 8; i < octets.size(); ++i) {
      octets[i] = static_cast<char>(octets[i] ^ (1 << (i % 8)));
    }
    return send(connection, octets);
  }

  static bool send(int connection, std::string_view octets) {
    while (!octets.empty()) {
      const ssize_t sent = ::send(connection, octets.data(), octets.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      octets.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  Manner manner_;
  std::string genuine_url_, url_;
  int listener_ = -1;
  std::jthread thread_;
};

std::string link_of(const std::string& bench, const std::string& position,
                    const std::string& scheme) {
  const auto at = bench.find(scheme, bench.find("name = \"" + position + "\""));
  return bench.substr(at, bench.find('"', at) - at);
}

// The meter types with a declared recovery so short that a test can wait for it again and again.
class QuickRecovery {
 public:
  explicit QuickRecovery(const rig::fs::path& data) {
    const rig::fs::path devices = rig::fs::path(METERPROOF_SOURCE_DIR) / "devices";
    rig::fs::create_directories(data);
    rig::fs::copy(devices / "types", data / "types");
    const rig::fs::path type = data / "types" / "virtual_3x230_5_100.toml";
    rig::write_text(
        type, rig::replaced(rig::read_text(type), "recovery = \"5 s\"", "recovery = \"100 ms\""));
    ::setenv("METERPROOF_DATA", data.c_str(), 1);  // for the programs that the test starts
  }
  ~QuickRecovery() { ::unsetenv("METERPROOF_DATA"); }
  QuickRecovery(const QuickRecovery&) = delete;
  QuickRecovery& operator=(const QuickRecovery&) = delete;
};

TEST(HostileMeter, NonsenseEndsItsOwnCasesAndNoOthers) {
  using Manner = HostilePeer::Manner;
  const std::map<std::string, Manner> manners{{"p02", Manner::truncated},
                                              {"p03", Manner::oversized},
                                              {"p04", Manner::endless},
                                              {"p05", Manner::closes},
                                              {"p06", Manner::flipped_bits}};
  const rig::Scratch scratch;
  const QuickRecovery quick(scratch / "data");
  const rig::World world(scratch / "world", {"--scale", "500", "--positions", "7"});
  std::string text = world.bench_text();
  std::vector<std::unique_ptr<HostilePeer>> peers;
  for (const auto& [position, manner] : manners) {
    const std::string genuine = link_of(text, position, "tcp://");
    peers.push_back(std::make_unique<HostilePeer>(manner, genuine));
    text = rig::replaced(text, genuine, peers.back()->url());
  }
  rig::write_text(world.directory() / "bench.toml", text);

  rig::Program run(scratch, {"run", world.bench(), "--case", "SEC_ACL_002/tcp/*", "--case",
                             "SEC_DLMS_001/tcp/*"});
  const rig::fs::path folder = run.run_folder();
  const rig::Ended ended = run.wait();
  EXPECT_THAT(ended.status.code, AnyOf(1, 3)) << ended.out;
  EXPECT_FALSE(ended.status.by_signal);
  const rig::Journal journal(folder);
  for (const std::string procedure : {"SEC_ACL_002/tcp/", "SEC_DLMS_001/tcp/"}) {
    EXPECT_EQ(journal.verdict(procedure + "p01"), "pass");
    EXPECT_EQ(journal.verdict(procedure + "p07"), "pass");
    for (const auto& [position, manner] : manners) {
      SCOPED_TRACE(procedure + position);
      EXPECT_THAT(journal.verdict(procedure + position), AnyOf("fail", "inconclusive", "error"));
      EXPECT_NE(journal.verdict(procedure + position, "reason"), "");
      EXPECT_NE(journal.verdict(procedure + position, "reason_type"), "InternalError");
    }
  }
  EXPECT_FALSE(world.is_on());
}

// The optical port of a position, as a pseudo-terminal whose other end the test holds.
class OpticalHead {
 public:
  OpticalHead() : master_(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) {
    if (master_ < 0 || ::grantpt(master_) != 0 || ::unlockpt(master_) != 0) {
      throw std::runtime_error("no pseudo-terminal");
    }
    std::array<char, 64> name{};
    ::ptsname_r(master_, name.data(), name.size());
    url_ = "pty://" + std::string(name.data()) + "?baud=9600&frame=8N1";
    // Somebody has it open all the time: the end is not seen before the plug is pulled.
    slave_ = ::open(name.data(), O_RDWR | O_NOCTTY | O_CLOEXEC);
  }
  ~OpticalHead() { pull(); }
  OpticalHead(const OpticalHead&) = delete;
  OpticalHead& operator=(const OpticalHead&) = delete;

  bool wait_for_octets() const {
    pollfd ready{master_, POLLIN, 0};
    return ::poll(&ready, 1, 60'000) == 1;
  }
  void pull() {
    if (master_ >= 0) ::close(master_);
    if (slave_ >= 0) ::close(slave_);
    master_ = slave_ = -1;
  }
  const std::string& url() const { return url_; }

 private:
  int master_, slave_ = -1;
  std::string url_;
};

TEST(HostileMeter, APulledPlugIsToldApartFromSilence) {
  const rig::Scratch scratch;
  const rig::World world(scratch / "world", {"--scale", "500", "--positions", "2"});
  OpticalHead pulled;
  const OpticalHead silent;
  std::string text = world.bench_text();
  text = rig::replaced(text, link_of(text, "p01", "pty://"), pulled.url());
  text = rig::replaced(text, link_of(text, "p02", "pty://"), silent.url());
  rig::write_text(world.directory() / "bench.toml", text);

  rig::Program run(scratch, {"run", world.bench(), "--case", "SEC_DLMS_001/optical/*"});
  const rig::fs::path folder = run.run_folder();
  ASSERT_TRUE(pulled.wait_for_octets());
  pulled.pull();
  EXPECT_THAT(run.wait(), ExitedWith(3));
  const rig::Journal journal(folder);
  EXPECT_THAT(journal.verdict("SEC_DLMS_001/optical/p01", "reason"),
              HasSubstr(link::make_error_code(link::LinkError::unplugged).message()));
  EXPECT_THAT(journal.verdict("SEC_DLMS_001/optical/p02", "reason"),
              HasSubstr(link::make_error_code(link::LinkError::timeout).message()));
}

}  // namespace
}  // namespace meterproof::suites
