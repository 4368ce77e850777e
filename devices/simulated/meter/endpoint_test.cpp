// The meter over its real interfaces: loopback TCP and a pseudo-terminal, with the client that the
// bench uses.
#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <future>
#include <stdexcept>
#include <thread>

#include "devices/cosem/client.hpp"
#include "devices/hdlc/hdlc_transport.hpp"
#include "devices/hdlc/wrapper_transport.hpp"
#include "devices/simulated/meter/test_meter.hpp"
#include "devices/simulated/meter_endpoint.hpp"

namespace meterproof::simulated {
namespace {

using cosem::Client;
using harness::Deadline;
using std::chrono::seconds;

constexpr cosem::AttributeDescriptor k_energy_register{3, cosem::names::k_active_import, 2};
constexpr cosem::AttributeDescriptor k_device_name{1, cosem::names::k_logical_device_name, 2};

Deadline soon() { return Deadline::after(seconds(10)); }

// An endpoint and the thread that its world would be.
class LiveMeter {
 public:
  explicit LiveMeter(std::initializer_list<const char*> weaknesses = {})
      : unit_(testing::test_unit(weaknesses)),
        endpoint_(make_meter_endpoint(io_, unit_, plant_)),
        links_(endpoint_->links()),
        thread_([this] { io_.run(); }) {}
  ~LiveMeter() {
    on_thread([this] { endpoint_.reset(); });
    work_.reset();
    thread_.join();
  }
  LiveMeter(const LiveMeter&) = delete;
  LiveMeter& operator=(const LiveMeter&) = delete;

  void power(bool on) {
    on_thread([&] { endpoint_->power(on); });
  }
  std::string link(const char* interface_name) const { return links_.at(interface_name); }
  double load() {
    double now = 0;
    on_thread([&] { now = plant_.load; });
    return now;
  }

 private:
  template <class Work>
  void on_thread(Work&& work) {
    std::promise<void> done;
    boost::asio::post(io_, [&] {
      work();
      done.set_value();
    });
    done.get_future().wait();
  }

  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
      io_.get_executor()};
  MeterUnit unit_;
  testing::StillPlant plant_;
  std::unique_ptr<MeterEndpoint> endpoint_;
  std::map<std::string, std::string> links_;
  std::thread thread_;
};

// A meter refuses who comes before it has booted.
std::unique_ptr<link::Link> opened(const std::string& url) {
  const Deadline deadline = soon();
  while (true) {
    auto link = link::open(url, {});
    if (link) return std::move(*link);
    if (deadline.passed()) {
      ADD_FAILURE() << url << ": " << link.error().message();
      throw std::runtime_error(url);
    }
    std::this_thread::yield();
  }
}

std::unique_ptr<cosem::ApduTransport> over_tcp(const std::string& url, std::uint16_t client) {
  return std::make_unique<hdlc::WrapperTransport>(opened(url),
                                                  hdlc::WrapperConfig{.client = client});
}

std::unique_ptr<cosem::ApduTransport> over_hdlc(const std::string& url, std::uint16_t client) {
  hdlc::ClientConfig config;
  config.client = hdlc::Address::client(static_cast<std::uint8_t>(client));
  config.server = hdlc::Address::server(1, 17);
  config.response_timeout = std::chrono::milliseconds(100);
  config.retries = 50;  // while the meter boots
  return std::make_unique<hdlc::HdlcTransport>(opened(url), config);
}

cosem::ClientSettings public_settings() { return {}; }

cosem::ClientSettings reader_settings() {
  cosem::ClientSettings settings;
  settings.mechanism = cosem::mechanism::k_lls;
  settings.password = testing::k_password;
  return settings;
}

cosem::ClientSettings management_settings(std::uint32_t counter = 1) {
  cosem::ClientSettings settings;
  settings.mechanism = cosem::mechanism::k_hls_gmac;
  settings.ciphered = true;
  settings.system_title.assign(testing::k_client_title.begin(), testing::k_client_title.end());
  settings.keys =
      cosem::security_keys_from(testing::k_encryption_key, testing::k_authentication_key);
  settings.challenge = cosem::to_bytes("sixteen octets..");
  settings.invocation_counter = counter;
  return settings;
}

Client connected(const std::function<Client()>& make) {
  const Deadline deadline = soon();
  while (true) {
    Client client = make();
    if (client.open(deadline, {}) || deadline.passed()) return client;
    std::this_thread::yield();
  }
}

bool reads_energy(Client& client) {
  const auto energy = client.get(k_energy_register, soon(), {});
  return energy && *energy == cosem::Data(std::uint32_t{123456});
}

TEST(MeterEndpoint, ServesEveryRoleOverTcp) {
  LiveMeter meter;
  meter.power(true);
  Client everybody = connected([&] {
    return Client(over_tcp(meter.link("tcp"), testing::k_public_sap), public_settings());
  });
  EXPECT_TRUE(everybody.get(k_device_name, soon(), {}));
  EXPECT_FALSE(everybody.get(k_energy_register, soon(), {}));
  Client reader(over_tcp(meter.link("tcp"), testing::k_reader_sap), reader_settings());
  ASSERT_TRUE(reader.open(soon(), {}));
  EXPECT_TRUE(reads_energy(reader));
  Client management(over_tcp(meter.link("tcp"), testing::k_management_sap), management_settings());
  ASSERT_TRUE(management.open(soon(), {}));
  EXPECT_TRUE(reads_energy(management));
  EXPECT_TRUE(management.close(soon(), {}));
}

// One request of a read may be served at once, the others take turns; none is lost or overtaken.
TEST(MeterEndpoint, RequestsThatCameTogetherAreAnsweredInOrder) {
  LiveMeter meter;
  meter.power(true);
  auto link = opened(meter.link("tcp"));
  cosem::Aarq aarq;
  aarq.user_information = cosem::encode(cosem::InitiateRequest{});
  hdlc::Bytes together;
  hdlc::append_wrapper(together, testing::k_public_sap, 1, cosem::encode_acse(aarq));
  for (std::uint8_t invoke = 1; invoke < 10; ++invoke) {
    const cosem::GetRequestNormal request{
        static_cast<std::uint8_t>(0xC0 | invoke), {1, cosem::names::k_logical_device_name, 2}, {}};
    hdlc::append_wrapper(together, testing::k_public_sap, 1, cosem::encode_apdu(request));
  }
  ASSERT_TRUE(link->write(together, soon(), {}));
  hdlc::WrapperReader reader;
  std::vector<std::string> answers;
  std::array<std::byte, 512> buffer{};
  while (answers.size() < 10) {
    const auto count = link->read(buffer, soon(), {});
    ASSERT_TRUE(count) << count.error().message();
    reader.push(std::span(buffer).first(*count));
    for (auto pdu = reader.next(); pdu && *pdu; pdu = reader.next())
      answers.push_back(cosem::to_hex((*pdu)->apdu).substr(0, 6));
  }
  EXPECT_EQ(answers.front().substr(0, 2), "61") << "the AARE comes first";
  for (std::size_t i = 1; i < 10; ++i) EXPECT_EQ(answers[i], "C401C" + std::to_string(i));
}

TEST(MeterEndpoint, ServesOverHdlcWithBlocksAndSegments) {
  LiveMeter meter;
  meter.power(true);
  Client management = connected([&] {
    return Client(over_hdlc(meter.link("optical"), testing::k_management_sap),
                  management_settings());
  });
  EXPECT_TRUE(reads_energy(management));
  const auto profile = management.get({7, cosem::names::k_load_profile, 2}, soon(), {});
  ASSERT_TRUE(profile);
  EXPECT_EQ(profile->elements()->size(), 960U);
  EXPECT_TRUE(management.close(soon(), {}));
}

TEST(MeterEndpoint, GeneralBlocksPassOverBothInterfaces) {
  LiveMeter meter;
  meter.power(true);
  cosem::ClientSettings settings = management_settings();
  settings.shared_counter = std::make_shared<cosem::InvocationCounter>(1);
  settings.general_blocks.window = 5;
  settings.initiate.max_pdu = 300;
  for (const char* const name : {"tcp", "optical"}) {
    Client management = connected([&] {
      const auto over = std::string_view(name) == "tcp" ? over_tcp : over_hdlc;
      return Client(over(meter.link(name), testing::k_management_sap), settings);
    });
    ASSERT_TRUE(management.association().uses_general_blocks());
    const auto profile = management.get({7, cosem::names::k_load_profile, 2}, soon(), {});
    ASSERT_TRUE(profile) << name << ": " << profile.error().message();
    EXPECT_EQ(profile->elements()->size(), 960U);
    const cosem::Data text = cosem::octet_string(cosem::Bytes(4000));
    const cosem::AttributeDescriptor note{1, {{0, 0, 96, 50, 0, 255}}, 2};
    const auto written = management.set(note, text, soon(), {});
    ASSERT_TRUE(written) << name << ": " << written.error().message();
    EXPECT_EQ(management.get(note, soon(), {}).value(), text);
    EXPECT_TRUE(management.close(soon(), {}));
  }
}

TEST(MeterEndpoint, IsSilentAtTheWrongBaudRate) {
  LiveMeter meter;
  meter.power(true);
  {
    connected([&] {
      return Client(over_hdlc(meter.link("optical"), testing::k_public_sap), public_settings());
    });
  }
  std::string url = meter.link("optical");
  url.replace(url.find("9600"), 4, "2400");
  Client client(over_hdlc(url, testing::k_public_sap), public_settings());
  const auto tried = client.open(Deadline::after(std::chrono::milliseconds(300)), {});
  ASSERT_FALSE(tried);
  EXPECT_EQ(tried.error(), link::LinkError::timeout);
}

TEST(MeterEndpoint, APowerCutResetsConnectionsAndTheMeterComesBack) {
  LiveMeter meter;
  meter.power(true);
  Client management = connected([&] {
    return Client(over_tcp(meter.link("tcp"), testing::k_management_sap), management_settings());
  });
  EXPECT_TRUE(reads_energy(management));
  meter.power(false);
  EXPECT_FALSE(reads_energy(management));
  const auto refused = link::open(meter.link("tcp"), {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(), link::LinkError::refused);
  meter.power(true);
  const std::uint32_t counter = management.invocation_counter();
  Client again = connected([&] {
    return Client(over_tcp(meter.link("tcp"), testing::k_management_sap),
                  management_settings(counter));
  });
  EXPECT_TRUE(reads_energy(again));
}

// Strangers on loopback: each of `count` connections is opened and then held or used by `act`.
class Strangers {
 public:
  Strangers(const std::string& url, int count) {
    for (int i = 0; i < count; ++i) {
      threads_.emplace_back([this, url](std::stop_token stop) {
        while (!stop.stop_requested()) {
          link::OpenOptions options;
          options.stop = stop;
          options.deadline = soon();
          auto link = link::open(url, options);
          if (link) pester(**link, stop);
        }
      });
    }
  }
  std::uint64_t attempts() const { return attempts_; }

 private:
  // Wrong passwords, as fast as they are answered.
  void pester(link::Link& link, const std::stop_token& stop) {
    cosem::Aarq guess;
    guess.sender_acse_requirements = true;
    guess.mechanism = cosem::mechanism::k_lls;
    guess.calling_authentication_value = cosem::to_bytes("wrong");
    const auto pdu =
        hdlc::encode(hdlc::WrapperPdu{testing::k_reader_sap, 1, cosem::encode_acse(guess)});
    std::array<std::byte, 256> answer{};
    while (link.write(pdu, soon(), stop) && link.read(answer, soon(), stop)) ++attempts_;
  }

  std::atomic<std::uint64_t> attempts_ = 0;
  std::vector<std::jthread> threads_;
};

TEST(MeterEndpoint, TheHeadEndIsServedWhileStrangersGuessFromItsAddress) {
  LiveMeter meter;
  meter.power(true);
  Client head_end = connected([&] {
    return Client(over_tcp(meter.link("tcp"), testing::k_management_sap), management_settings());
  });
  Strangers strangers(meter.link("tcp"), 16);
  while (strangers.attempts() < 32) std::this_thread::yield();
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(reads_energy(head_end));
  const std::uint32_t counter = head_end.invocation_counter();
  Client another(over_tcp(meter.link("tcp"), testing::k_management_sap),
                 management_settings(counter));
  ASSERT_TRUE(another.open(soon(), {})) << "a login in the middle of the flood";
  EXPECT_TRUE(reads_energy(another));
  const Deadline deadline = soon();
  while (meter.load() <= 0 && !deadline.passed()) std::this_thread::yield();
  EXPECT_GT(meter.load(), 0.0) << "the plant is told what the processor bears";
}

TEST(MeterEndpoint, IdleStrangersAreDismissedWhenTheyFillTheMeter) {
  LiveMeter meter;
  meter.power(true);
  {
    connected([&] {
      return Client(over_tcp(meter.link("tcp"), testing::k_public_sap), public_settings());
    });
  }
  std::vector<std::unique_ptr<link::Link>> idle;
  for (int i = 0; i < 200; ++i) idle.push_back(opened(meter.link("tcp")));
  Client head_end(over_tcp(meter.link("tcp"), testing::k_management_sap), management_settings());
  ASSERT_TRUE(head_end.open(soon(), {}));
  EXPECT_TRUE(reads_energy(head_end));
  std::array<std::byte, 1> nothing{};
  EXPECT_FALSE(idle.front()->read(nothing, soon(), {})) << "the meter ends the silence";
  EXPECT_TRUE(reads_energy(head_end));
}

TEST(MeterWeakness, Bot001IsFilledByIdleStrangers) {
  LiveMeter meter({"MUT_BOT_001"});
  meter.power(true);
  {
    connected([&] {
      return Client(over_tcp(meter.link("tcp"), testing::k_public_sap), public_settings());
    });
  }
  std::vector<std::unique_ptr<link::Link>> idle;
  for (int i = 0; i < 200; ++i) idle.push_back(opened(meter.link("tcp")));
  Client head_end(over_tcp(meter.link("tcp"), testing::k_management_sap), management_settings());
  EXPECT_FALSE(head_end.open(Deadline::after(std::chrono::milliseconds(300)), {}));
}

}  // namespace
}  // namespace meterproof::simulated
