// The simulated meter as the world sees it: supply on and off, two interfaces, one processor.
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>

#include "devices/simulated/meter/optical_port.hpp"
#include "devices/simulated/meter/push_sender.hpp"
#include "devices/simulated/meter/tcp_server.hpp"
#include "devices/simulated/meter/udp_server.hpp"
#include "devices/simulated/meter_endpoint.hpp"

namespace meterproof::simulated {
namespace {

constexpr std::chrono::milliseconds k_tick{50};
// Time constant over which the load on the processor is averaged.
constexpr int k_ticks_of_load = 10;
// Without defence the memory ends somewhere too.
constexpr std::size_t k_undefended_places = 64;

GuardLimits guard_limits(const bench::MeterType& type, const Policy& policy) {
  GuardLimits limits;
  limits.defend = policy.defend_connections;
  if (!limits.defend) limits.unproven_places = k_undefended_places;
  if (type.inactivity_timeout > harness::WallDuration::zero())
    limits.associated_silence = type.inactivity_timeout;
  return limits;
}

class Endpoint final : public MeterEndpoint {
 public:
  Endpoint(boost::asio::io_context& io, const MeterUnit& unit, MeterPlant& plant)
      : unit_(unit),
        plant_(plant),
        policy_(policy_of(unit.weaknesses)),
        numbers_(unit.state_file),
        work_(io, policy_.defend_connections),
        tcp_(io, guard_limits(*unit.type, policy_), work_, [this] { ++events_; }),
        udp_(unit.type->udp ? std::make_unique<UdpServer>(
                                  io, guard_limits(*unit.type, policy_).associated_silence, work_,
                                  [this] { ++events_; })
                            : nullptr),
        optical_(io, *unit.type, policy_, work_, [this] { ++events_; }),
        push_(io, static_cast<std::uint16_t>(unit.type->server_sap)),
        timer_(std::make_shared<boost::asio::steady_timer>(io)) {
    // Tried once, so that a unit without its secrets is refused before it is energised.
    make_roles(unit_, policy_, numbers_);
  }

  ~Endpoint() override { power(false); }

  void power(bool on) override {
    if (on == powered_) return;
    powered_ = on;
    if (on) {
      boots_at_ = harness::WallClock::now() + unit_.type->boot;
      tick();
      return;
    }
    timer_->cancel();
    work_.clear();
    tcp_.stop();
    if (udp_) udp_->stop();
    optical_.stop();
    push_.stop();
    application_.reset();
    boots_at_.reset();
    events_ = 0;
    load_ = 0;
    plant_.set_communication_load(0);
  }

  std::map<std::string, std::string> links() const override {
    std::map<std::string, std::string> links{{"optical", optical_.url()}, {"tcp", tcp_.url()}};
    if (udp_) links.emplace("udp", udp_->url());
    return links;
  }

 private:
  void tick() {
    const auto now = harness::WallClock::now();
    if (boots_at_ && *boots_at_ <= now) boot(now);
    if (application_) {
      application_->tick();
      tcp_.tick();
    }
    report_load();
    timer_->expires_at(boots_at_ ? std::min(*boots_at_, now + k_tick) : now + k_tick);
    // The timer is cancelled with the endpoint, but a completion may already be under way.
    timer_->async_wait(
        [this, alive = std::weak_ptr(timer_)](const boost::system::error_code& error) {
          if (!error && !alive.expired() && powered_) tick();
        });
  }

  void boot(harness::WallTime now) {
    boots_at_.reset();
    application_.emplace(unit_, plant_, policy_, Memory{numbers_, profile_}, now);
    application_->on_push(
        [this](const PushSetup& setup, cosem::Bytes apdu) { push_.send(setup, std::move(apdu)); });
    tcp_.start(*application_);
    if (udp_) udp_->start(*application_);
    optical_.start(*application_);
  }

  void report_load() {
    const double per_second =
        static_cast<double>(events_) / std::chrono::duration<double>(k_tick).count();
    events_ = 0;
    load_ += (per_second - load_) / k_ticks_of_load;
    plant_.set_communication_load(load_);
  }

  const MeterUnit& unit_;
  MeterPlant& plant_;
  Policy policy_;
  Nonvolatile numbers_;
  LoadProfile profile_;
  std::uint64_t events_ = 0;  // connections and requests since the last tick
  double load_ = 0;           // events per second, smoothed
  WorkQueue work_;
  TcpServer tcp_;
  std::unique_ptr<UdpServer> udp_;  // where the type has it
  OpticalPort optical_;
  PushSender push_;
  std::shared_ptr<boost::asio::steady_timer> timer_;
  std::optional<harness::WallTime> boots_at_;
  std::optional<MeterApplication> application_;
  bool powered_ = false;
};

}  // namespace

std::unique_ptr<MeterEndpoint> make_meter_endpoint(boost::asio::io_context& io,
                                                   const MeterUnit& unit, MeterPlant& plant) {
  return std::make_unique<Endpoint>(io, unit, plant);
}

}  // namespace meterproof::simulated
