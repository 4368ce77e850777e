#include "devices/simulated/world.hpp"

#include <unistd.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <functional>

#include "devices/simulated/world_server.hpp"

namespace meterproof::simulated {
namespace {

// Ends the world when standard input ends; what is written there means nothing.
class ParentWatch {
 public:
  ParentWatch(boost::asio::io_context& io, std::function<void()> on_death)
      : input_(io, ::dup(STDIN_FILENO)), on_death_(std::move(on_death)) {
    wait();
  }

 private:
  void wait() {
    input_.async_read_some(boost::asio::buffer(ignored_),
                           [this](boost::system::error_code bad, std::size_t) {
                             if (bad == boost::asio::error::operation_aborted) return;
                             if (bad) return on_death_();
                             wait();
                           });
  }

  boost::asio::posix::stream_descriptor input_;
  std::function<void()> on_death_;
  std::array<char, 64> ignored_{};
};

}  // namespace

void run_world(const WorldConfig& config, const std::string& directory,
               const WorldOptions& options) {
  boost::asio::io_context io;
  boost::asio::signal_set signals(io, SIGTERM, SIGINT);
  signals.async_wait([&](boost::system::error_code bad, int) {
    if (!bad) io.stop();
  });
  std::unique_ptr<ParentWatch> parent;
  if (options.exit_with_parent) parent = std::make_unique<ParentWatch>(io, [&] { io.stop(); });
  const WorldServer world(io, config, std::filesystem::absolute(directory).string(),
                          make_meter_endpoint);
  std::printf("READY %s\n", world.bench_file().c_str());
  std::fflush(stdout);
  io.run();
}

}  // namespace meterproof::simulated
