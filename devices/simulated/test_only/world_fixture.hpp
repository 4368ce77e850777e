// TestWorld: a world served by a thread of the test, with meters whose communications do nothing
// but remember whether they have supply. The directory vanishes with it.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <condition_variable>
#include <filesystem>
#include <map>
#include <mutex>
#include <thread>

#include "devices/simulated/world_server.hpp"
#include "harness/bench/bench_file.hpp"

namespace meterproof::simulated {

class TestWorld {
 public:
  explicit TestWorld(WorldConfig config) {
    static std::atomic<int> count = 0;
    directory_ = ::testing::TempDir() + "world_" + std::to_string(::getpid()) + "_" +
                 std::to_string(count++);
    std::filesystem::create_directories(directory_);
    config.type_directories = {METERPROOF_SOURCE_DIR "/devices/types"};
    server_ = std::make_unique<WorldServer>(
        io_, config, directory_,
        [this](boost::asio::io_context&, const MeterUnit& unit, MeterPlant&) {
          return std::make_unique<Endpoint>(*this, unit.name);
        });
    thread_ = std::thread([this] { io_.run(); });
  }
  ~TestWorld() {
    stop();
    std::filesystem::remove_all(directory_);
  }

  // Ends the world as SIGTERM would.
  void stop() {
    if (!thread_.joinable()) return;
    io_.stop();
    thread_.join();
    server_.reset();
  }
  bench::Bench bench() const {
    bench::Vocabulary vocabulary;
    vocabulary.source_drivers = vocabulary.reference_drivers = vocabulary.pulse_drivers = {"scpi"};
    vocabulary.protocols = {"dlms"};
    vocabulary.type_directories = {METERPROOF_SOURCE_DIR "/devices/types"};
    vocabulary.profile_directories = {METERPROOF_SOURCE_DIR "/devices/profiles"};
    return bench::load_bench(directory_ + "/bench.toml", vocabulary);
  }
  const std::string& directory() const { return directory_; }
  bool wait_for_power(const std::string& position, bool on) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(10),
                             [&] { return power_[position] == on; });
  }

 private:
  class Endpoint final : public MeterEndpoint {
   public:
    Endpoint(TestWorld& world, std::string name) : world_(world), name_(std::move(name)) {}
    void power(bool on) override {
      const std::lock_guard lock(world_.mutex_);
      world_.power_[name_] = on;
      world_.changed_.notify_all();
    }
    std::map<std::string, std::string> links() const override {
      // Nobody listens there; the bench file wants a link of its own for each interface.
      return {{"tcp", "tcp://127.0.0." + name_.substr(name_.size() - 1) + ":1"},
              {"optical", "pty:///dev/" + name_ + "?baud=9600&frame=8N1"}};
    }

   private:
    TestWorld& world_;
    std::string name_;
  };

  std::string directory_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, bool> power_;
  boost::asio::io_context io_{1};
  std::unique_ptr<WorldServer> server_;
  std::thread thread_;
};

}  // namespace meterproof::simulated
