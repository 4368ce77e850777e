// The driver against the simulated meter's own servers, over loopback TCP and a pseudo-terminal.
#include "devices/meters/dlms_meter.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <cstdlib>
#include <thread>

#include "devices/simulated/meter/test_meter.hpp"
#include "devices/simulated/meter_endpoint.hpp"

namespace meterproof::devices {
namespace {

namespace testing_meter = simulated::testing;

bench::SecretReference in_environment(const char* variable, cosem::BytesView octets) {
  ::setenv(variable, cosem::to_hex(octets).c_str(), 1);
  return {bench::SecretReference::From::environment, variable, "hex"};
}

class DriverBench : public testing::Test {
 protected:
  DriverBench() {
    boost::asio::post(io_, [this] { endpoint_->power(true); });
    thread_ = std::thread([this] { io_.run(); });
  }
  ~DriverBench() override {
    boost::asio::post(io_, [this] {
      endpoint_.reset();
      io_.stop();
    });
    thread_.join();
  }

  MeterSetup setup() {
    bench::Position position;
    position.name = "p01";
    auto type = std::make_shared<bench::MeterType>(*unit_.type);
    type->protocol = "dlms";
    position.type = type;
    for (const auto& [name, url] : endpoint_->links()) {
      bench::Interface interface {
        name, url, name == "tcp" ? "wrapper" : "hdlc", {}
      };
      for (const bench::DeclaredClient& client : unit_.type->clients) {
        bench::ClientAccess access;
        access.client = client.name;
        if (client.authentication == "lls") {
          access.password = in_environment("MP_TEST_PASSWORD", testing_meter::k_password);
        }
        if (client.authentication == "hls_gmac") {
          access.encryption_key = in_environment("MP_TEST_EK", testing_meter::k_encryption_key);
          access.authentication_key =
              in_environment("MP_TEST_AK", testing_meter::k_authentication_key);
          access.system_title_hex = cosem::to_hex(testing_meter::k_client_title);
        }
        interface.clients[client.name] = access;
      }
      position.interfaces[name] = interface;
    }
    return {position, "bench.toml", nullptr, {}};
  }

  static harness::Deadline soon() { return harness::Deadline::after(std::chrono::seconds(20)); }

  boost::asio::io_context io_{1};
  simulated::MeterUnit unit_ = testing_meter::test_unit({});
  testing_meter::StillPlant plant_;
  std::unique_ptr<simulated::MeterEndpoint> endpoint_ =
      simulated::make_meter_endpoint(io_, unit_, plant_);
  std::thread thread_;
};

// A meter that boots refuses connections or stays silent for its boot time.
harness::Result<void> when_booted(DlmsMeter& meter) {
  const auto deadline = harness::Deadline::after(std::chrono::seconds(20));
  while (true) {
    const auto attempt = deadline.sooner(harness::Deadline::after(std::chrono::seconds(2)));
    const auto answered = meter.probe(attempt, {});
    if (answered.has_value() || deadline.passed()) return answered;
  }
}

TEST_F(DriverBench, ReadsEnergyIdentityAndClockOverTheBestProtectedClient) {
  const auto made = make_meter(setup());
  auto& meter = dynamic_cast<DlmsMeter&>(*made);
  EXPECT_EQ(meter.home_interface(), "tcp");
  EXPECT_EQ(meter.home_client(), "management");
  ASSERT_TRUE(when_booted(meter));

  const auto energy = meter.read_energy(soon(), {});
  ASSERT_TRUE(energy) << energy.error().message();
  EXPECT_DOUBLE_EQ(energy->energy.value, 123456 * 3600.0);
  EXPECT_DOUBLE_EQ(energy->resolution.value, 3600.0);
  const auto identity = meter.identity(soon(), {});
  ASSERT_TRUE(identity) << identity.error().message();
  EXPECT_EQ(identity->serial, unit_.serial);
  EXPECT_EQ(identity->firmware, unit_.firmware);
  const auto clock = meter.clock(soon(), {});
  ASSERT_TRUE(clock) << clock.error().message();
  EXPECT_EQ(clock->date.year, 2026);
}

TEST_F(DriverBench, EveryClientOpensOverEveryInterface) {
  DlmsMeter meter(setup());
  ASSERT_TRUE(when_booted(meter));
  for (const auto& [interface, way] : meter.position().interfaces) {
    for (const bench::DeclaredClient& client : unit_.type->clients) {
      auto session = meter.session(interface, client.name, soon(), {});
      ASSERT_TRUE(session) << interface << " " << client.name << ": " << session.error().message();
      EXPECT_TRUE(cosem::read_clock(*session, soon(), {}));
      EXPECT_TRUE(session->close(soon(), {}));
    }
  }
}

// Some markets' meters have no object that shows the invocation counter.
TEST_F(DriverBench, AMeterThatShowsNoCounterIsOpenedAllTheSame) {
  MeterSetup with_other_names = setup();
  auto type = std::make_shared<bench::MeterType>(*with_other_names.position.type);
  for (bench::DeclaredClient& client : type->clients)
    if (client.authentication == "none") client.may_read = {"0-0:43.1.99.255"};
  with_other_names.position.type = type;
  DlmsMeter meter(with_other_names);
  ASSERT_TRUE(when_booted(meter));
  auto session = meter.session("tcp", "management", soon(), {});
  ASSERT_TRUE(session) << session.error().message();
  EXPECT_TRUE(session->close(soon(), {}));
}

}  // namespace
}  // namespace meterproof::devices
