#include "devices/simulated/world_server.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <filesystem>
#include <fstream>

#include "devices/simulated/scpi_server.hpp"
#include "devices/simulated/truth_log.hpp"
#include "devices/simulated/unit_factory.hpp"
#include "devices/simulated/virtual_instruments.hpp"
#include "harness/bench/bench_file.hpp"
#include "harness/errors.hpp"

namespace meterproof::simulated {
namespace {

// How late a power cut may reach the meters' communications when nobody asks anything.
constexpr std::chrono::milliseconds k_world_tick{20};

std::shared_ptr<const bench::MeterType> find_type(const WorldConfig& config,
                                                  const std::string& name) {
  for (const auto& directory : config.type_directories) {
    const std::string path = directory + "/" + name + ".toml";
    if (std::filesystem::exists(path)) return bench::load_meter_type(path, config.type_directories);
  }
  std::string places;
  for (const auto& directory : config.type_directories) places += " " + directory;
  throw harness::ConfigError({name + ".toml", 0, "no such meter type in:" + places});
}

std::string loopback_url(std::uint16_t port) { return "tcp://127.0.0.1:" + std::to_string(port); }

WorldConfig completed(WorldConfig config) {
  if (config.positions.empty()) config.positions = default_positions();
  return config;
}

}  // namespace

struct WorldServer::Parts {
  Parts(boost::asio::io_context& context, const WorldConfig& wanted, const std::string& place)
      : io(context),
        config(completed(wanted)),
        directory(place),
        clock(config.scale),
        reference(specification, config.seed, config.weaknesses.contains("REFERENCE_FROZEN")),
        counter(static_cast<int>(config.positions.size()), config.seed),
        physics(config.seed, config.noise, reference, counter),
        source(physics, config.seed, config.weaknesses.contains("SOURCE_LIES")),
        source_face(make_virtual_source(source, now())),
        reference_face(make_virtual_reference(reference, now())),
        counter_face(make_virtual_counter(counter, now())),
        truth(directory + "/truth.jsonl"),
        ticker(io) {}

  Now now() {
    return [this] {
      physics.advance_to(clock.now());
      return physics.now();
    };
  }

  void add_meter(const WorldPosition& position, const EndpointFactory& endpoints) {
    MeterUnit unit = make_unit(config, position, find_type(config, position.type), directory);
    write_secrets(unit, directory);
    meters.push_back(std::make_unique<SimulatedMeter>(std::move(unit), now(), calendar));
    SimulatedMeter& meter = *meters.back();
    views.push_back(&meter);
    physics.add(meter);
    communications.push_back(endpoints(io, meter.unit(), meter));
    MeterEndpoint* endpoint = communications.back().get();
    meter.on_power = [this, &meter, endpoint](bool on) {
      truth.power(meter.unit().name, physics.now(), on);
      // Posted: the change may become due in the middle of an answer of this very endpoint.
      boost::asio::post(io, [alive = std::weak_ptr<int>(life), endpoint, on] {
        if (alive.lock()) endpoint->power(on);
      });
    };
  }

  void write_bench_file() {
    BenchDescription bench;
    bench.config = &config;
    bench.reference = specification;
    bench.source_link = loopback_url(source_server.port());
    bench.reference_link = loopback_url(reference_server.port());
    bench.counter_link = loopback_url(counter_server.port());
    for (std::size_t n = 0; n < meters.size(); ++n)
      bench.positions.push_back({&meters[n]->unit(), communications[n]->links()});
    const std::string path = directory + "/bench.toml";
    std::ofstream file(path, std::ios::trunc);
    file << bench_toml(bench);
    if (!file.flush()) throw harness::BenchError("cannot write " + path);
  }

  void tick() {
    physics.advance_to(clock.now());
    ticker.expires_after(k_world_tick);
    ticker.async_wait([this](boost::system::error_code stopped) {
      if (!stopped) tick();
    });
  }

  boost::asio::io_context& io;
  WorldConfig config;
  std::string directory;
  std::chrono::system_clock::time_point calendar = std::chrono::system_clock::now();
  harness::BenchClock clock;
  ReferenceSpecification specification;
  ReferenceModel reference;
  CounterModel counter;
  Physics physics;
  SourceModel source;
  ScpiInstrument source_face, reference_face, counter_face;
  TruthLog truth;
  std::vector<std::unique_ptr<SimulatedMeter>> meters;
  std::vector<const SimulatedMeter*> views;
  std::vector<std::unique_ptr<MeterEndpoint>> communications;
  ScpiServer source_server{io, source_face, clock};
  ScpiServer reference_server{io, reference_face, clock};
  ScpiServer counter_server{io, counter_face, clock};
  boost::asio::steady_timer ticker;
  std::shared_ptr<int> life = std::make_shared<int>();  // ends first
};

WorldServer::WorldServer(boost::asio::io_context& io, const WorldConfig& config,
                         const std::string& directory, const EndpointFactory& endpoints) {
  for (const char* folder : {"/secrets", "/state"})
    std::filesystem::create_directories(directory + folder);
  parts_ = std::make_unique<Parts>(io, config, directory);
  Parts& parts = *parts_;
  for (const auto& position : parts.config.positions) parts.add_meter(position, endpoints);
  parts.truth.world(parts.config.seed, parts.config.scale, parts.config.noise, parts.reference,
                    parts.source, parts.views);
  parts.physics.on_load = [&parts](harness::BenchTime when, const devices::Load& load) {
    parts.truth.load(when, load, parts.reference, parts.views);
  };
  if (parts.config.truth_pulses) {
    parts.physics.on_pulse = [&parts](int channel, harness::BenchTime when) {
      parts.truth.pulse(parts.views.at(static_cast<std::size_t>(channel - 1))->unit().name, when);
    };
  }
  parts.write_bench_file();
  parts.tick();
}

WorldServer::~WorldServer() {
  Parts& parts = *parts_;
  const auto when = parts.now()();
  parts.source.off(when);
  parts.physics.advance_to(when);
  for (const auto& endpoint : parts.communications) endpoint->power(false);
  for (const auto& meter : parts.meters) {
    meter->on_power = nullptr;
    meter->persist(when);
  }
  parts.truth.end(when);
}

std::string WorldServer::bench_file() const { return parts_->directory + "/bench.toml"; }

}  // namespace meterproof::simulated
