// Ways to the meter beside the plain ones of endpoint_test.cpp: mode E, UDP, four-octet addresses,
// pre-established associations over wrapper and UI frames.
#include <gtest/gtest.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <future>
#include <thread>

#include "devices/hdlc/hdlc_transport.hpp"
#include "devices/meters/dlms_meter.hpp"
#include "devices/push/listener.hpp"
#include "devices/push/notification.hpp"
#include "devices/simulated/meter/test_meter.hpp"
#include "devices/simulated/meter_endpoint.hpp"

namespace meterproof::simulated {
namespace {

using harness::Deadline;

constexpr const char* k_sensor = "sensor";
constexpr int k_sensor_sap = 32;

Deadline in_time() { return Deadline::after(std::chrono::seconds(20)); }

// A powered meter of this type on its own thread, and the driver that the bench would use.
class MeterOfType {
 public:
  explicit MeterOfType(bench::MeterType type) {
    type.boot = std::chrono::milliseconds(1);
    unit_ = testing::test_unit({});
    unit_.type = std::make_shared<bench::MeterType>(type);
    unit_.clients[k_sensor].encryption_key = testing::k_encryption_key;
    unit_.clients[k_sensor].authentication_key = testing::k_authentication_key;
    endpoint_ = make_meter_endpoint(io_, unit_, plant_);
    endpoint_->power(true);
    thread_ = std::thread([this] { io_.run(); });
  }
  ~MeterOfType() {
    std::promise<void> done;
    boost::asio::post(io_, [&] {
      endpoint_.reset();
      done.set_value();
    });
    done.get_future().wait();
    work_.reset();
    thread_.join();
  }

  devices::DlmsMeter driver() const {
    devices::MeterSetup setup;
    setup.position.name = "p01";
    setup.position.type = unit_.type;
    for (const auto& [name, url] : endpoint_->links()) {
      bench::Interface way;
      way.link = url;
      way.framing = name == "optical" ? "hdlc" : "wrapper";
      way.clients["public"] = {};
      way.clients[k_sensor].system_title_hex = "4D50560000000001";
      setup.position.interfaces[name] = way;
    }
    return devices::DlmsMeter(setup);
  }

 private:
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
      io_.get_executor()};
  MeterUnit unit_;
  testing::StillPlant plant_;
  std::unique_ptr<MeterEndpoint> endpoint_;
  std::thread thread_;
};

// The device name read `times` times, each in a session of its own. A meter that is still booting
// is asked again.
void expect_name_readable(devices::DlmsMeter& meter, const std::string& way, int times = 1,
                          const devices::DlmsMeter::SessionOptions& options = {},
                          const std::string& client = "public") {
  const Deadline deadline = in_time();
  for (int i = 0; i < times; ++i) {
    for (;;) {
      auto session = meter.session(way, client, deadline, {}, options);
      if (session) {
        const auto name = session->get({1, cosem::names::k_logical_device_name, 2}, deadline, {});
        EXPECT_TRUE(name) << way << ": " << name.error().message();
        EXPECT_TRUE(session->close(deadline, {}));
        break;
      }
      ASSERT_FALSE(deadline.passed()) << way << ": " << session.error().message();
    }
  }
}

bench::DeclaredClient sensor(bool ciphered) {
  bench::DeclaredClient client;
  client.name = k_sensor;
  client.client_sap = k_sensor_sap;
  client.authentication = "none";
  client.pre_established = true;
  client.ciphered = ciphered;
  client.policy = ciphered ? "authenticated_encrypted" : "none";
  client.may_read = {"*"};
  return client;
}

TEST(MeterInterfaces, ModeEHandsOverToHdlcAtEachSession) {
  for (const int baud : {9600, 19200, 2400}) {
    bench::MeterType type = testing::test_type();
    type.start = "mode_e";
    type.optical_baud = baud;
    const MeterOfType meter(type);
    devices::DlmsMeter driver = meter.driver();
    expect_name_readable(driver, "optical", 2);
  }
}

TEST(MeterInterfaces, AMeterThatStartsInModeEDoesNotHearPlainHdlc) {
  bench::MeterType type = testing::test_type();
  type.start = "mode_e";
  const MeterOfType meter(type);
  devices::DlmsMeter driver = meter.driver();
  expect_name_readable(driver, "optical");
  bench::MeterType plain = type;
  plain.start = "hdlc";
  std::string url = driver.position().interfaces.at("optical").link;
  url = url.substr(0, url.find('?')) + "?baud=9600&frame=8N1";
  auto link = link::open(url, {});
  ASSERT_TRUE(link);
  hdlc::HdlcTransport transport(std::move(*link), {});
  EXPECT_EQ(transport.connect(Deadline::after(std::chrono::milliseconds(200)), {}).error(),
            link::LinkError::timeout);
}

TEST(MeterInterfaces, FourOctetAddressesAndSmallFrames) {
  bench::MeterType type = testing::test_type();
  type.hdlc_address_octets = 4;
  type.hdlc_information = 31;
  type.hdlc_window = 3;
  const MeterOfType meter(type);
  devices::DlmsMeter driver = meter.driver();
  expect_name_readable(driver, "optical", 2);
  type.hdlc_physical_address = 0x2345;  // needs four octets
  type.hdlc_address_octets = 0;
  const MeterOfType far(type);
  devices::DlmsMeter far_driver = far.driver();
  expect_name_readable(far_driver, "optical");
}

TEST(MeterInterfaces, UdpServesSeveralSendersEachWithItsAssociation) {
  bench::MeterType type = testing::test_type();
  type.udp = true;
  const MeterOfType meter(type);
  devices::DlmsMeter driver = meter.driver();
  expect_name_readable(driver, "tcp");  // booted: nobody repeats a lost datagram
  expect_name_readable(driver, "udp");
  auto one = driver.session("udp", "public", in_time(), {});
  auto other = driver.session("udp", "public", in_time(), {});
  ASSERT_TRUE(one);
  ASSERT_TRUE(other);
  ASSERT_TRUE(one->close(in_time(), {}));
  EXPECT_TRUE(other->get({1, cosem::names::k_logical_device_name, 2}, in_time(), {}));
}

TEST(MeterInterfaces, PreEstablishedAssociationsNeedNoAarq) {
  for (const char* way : {"tcp", "udp", "optical"}) {
    bench::MeterType type = testing::test_type();
    type.udp = true;
    type.clients.push_back(sensor(false));
    const MeterOfType meter(type);
    devices::DlmsMeter driver = meter.driver();
    expect_name_readable(driver, "tcp");  // booted
    devices::DlmsMeter::SessionOptions options;
    options.settings = driver.settings("public");
    options.settings->pre_established = true;
    expect_name_readable(driver, way, 2, options, k_sensor);
  }
}

TEST(MeterInterfaces, OnlyTheDeclaredClientIsPreEstablished) {
  bench::MeterType type = testing::test_type();
  type.clients.push_back(sensor(false));
  const MeterOfType meter(type);
  devices::DlmsMeter driver = meter.driver();
  expect_name_readable(driver, "tcp");
  devices::DlmsMeter::SessionOptions options;
  options.settings = driver.settings("public");
  options.settings->pre_established = true;
  auto session = driver.session("tcp", "public", in_time(), {}, options);
  ASSERT_TRUE(session);
  EXPECT_FALSE(session->get({1, cosem::names::k_logical_device_name, 2}, in_time(), {}));
}

TEST(MeterInterfaces, ACipheredPreEstablishedAssociationNeedsTheKeyAndNewCounters) {
  for (const char* way : {"tcp", "optical"}) {
    bench::MeterType type = testing::test_type();
    type.clients.push_back(sensor(true));
    const MeterOfType meter(type);
    devices::DlmsMeter driver = meter.driver();
    expect_name_readable(driver, "tcp");
    devices::DlmsMeter::SessionOptions options;
    options.settings = cosem::ClientSettings{};
    options.settings->pre_established = true;
    options.settings->ciphered = true;
    options.settings->form = cosem::CipherForm::general_global;
    options.settings->system_title.assign(testing::k_client_title.begin(),
                                          testing::k_client_title.end());
    options.settings->keys =
        cosem::security_keys_from(testing::k_encryption_key, testing::k_authentication_key);
    options.settings->invocation_counter = 5;
    const auto reads = [&] {
      auto session = driver.session(way, k_sensor, in_time(), {}, options);
      if (!session) return false;
      const bool read =
          session->get({1, cosem::names::k_logical_device_name, 2}, in_time(), {}).has_value();
      (void)session->close(in_time(), {});
      return read;
    };
    EXPECT_TRUE(reads()) << way;
    EXPECT_FALSE(reads()) << "the same counter again";
    options.settings->invocation_counter = 100;
    EXPECT_TRUE(reads());
    options.settings->invocation_counter = 200;
    options.settings->keys->encryption[0] ^= std::byte{1};
    EXPECT_FALSE(reads());
  }
}

// The management client sets the destination and asks for a push; a listener there takes it.
TEST(MeterInterfaces, APushGoesToTheDestinationThatWasSet) {
  for (const char* scheme : {"tcp", "udp"}) {
    auto listener =
        push::PushListener::open(std::string(scheme) + "://127.0.0.1:0", push::Framing::automatic);
    ASSERT_TRUE(listener);
    const MeterOfType meter(testing::test_type());
    devices::DlmsMeter driver = meter.driver();
    expect_name_readable(driver, "tcp");
    devices::DlmsMeter::SessionOptions options;
    options.client_sap = testing::k_management_sap;
    options.settings = cosem::ClientSettings{};
    options.settings->mechanism = cosem::mechanism::k_hls_gmac;
    options.settings->ciphered = true;
    options.settings->system_title.assign(testing::k_client_title.begin(),
                                          testing::k_client_title.end());
    options.settings->keys =
        cosem::security_keys_from(testing::k_encryption_key, testing::k_authentication_key);
    options.settings->challenge = cosem::to_bytes("sixteen octets..");
    auto management = driver.session("tcp", "public", in_time(), {}, options);
    ASSERT_TRUE(management) << management.error().message();
    const cosem::LogicalName setup{{0, 0, 25, 9, 0, 255}};
    const auto destination = [&](std::string_view address) {
      return cosem::structure(
          {cosem::Data(cosem::Enum{scheme[0] == 'u' ? std::uint8_t{1} : std::uint8_t{0}}),
           cosem::octet_string(cosem::to_bytes(address)), cosem::Data(cosem::Enum{0})});
    };
    EXPECT_FALSE(management->set({40, setup, 3}, destination("192.0.2.1:4059"), in_time(), {}));
    const std::string here = listener->url().substr(6);
    ASSERT_TRUE(management->set({40, setup, 3}, destination(here), in_time(), {}));
    ASSERT_TRUE(management->action({40, setup, 1}, cosem::Data(std::int8_t{0}), in_time(), {}));
    const auto telegram = listener->next(in_time(), {});
    ASSERT_TRUE(telegram) << scheme;
    EXPECT_EQ(telegram->framing, push::Framing::wrapper);
    EXPECT_EQ(push::open_push(telegram->apdu, {}).error(), cosem::CosemError::missing_secret);
    const auto opened =
        push::open_push(telegram->apdu, {testing::k_encryption_key, testing::k_authentication_key});
    ASSERT_TRUE(opened) << opened.error().message();
    EXPECT_TRUE(opened->ciphered);
    ASSERT_NE(opened->notification.body.elements(), nullptr);
    EXPECT_EQ((*opened->notification.body.elements())[1].unsigned_integer(), 123456U);
    EXPECT_TRUE(management->take_notifications().empty());
  }
}

}  // namespace
}  // namespace meterproof::simulated
