// The client's typed access against the simulated meter's application, without a line between.
#include "devices/cosem/classes/typed_access.hpp"

#include <gmock/gmock.h>

#include <deque>

#include "devices/cosem/objects.hpp"
#include "devices/simulated/meter/test_meter.hpp"

namespace meterproof::simulated {
namespace {

namespace classes = cosem::classes;
using harness::Deadline;
using testing::TestMeter;

// Hands each APDU to the meter and keeps the answers until they are asked for.
class DirectTransport final : public cosem::ApduTransport {
 public:
  DirectTransport(TestMeter& meter, std::uint16_t sap) : meter_(meter), sap_(sap) {}
  harness::Result<void> connect(Deadline, std::stop_token) override { return {}; }
  harness::Result<void> disconnect(Deadline, std::stop_token) override { return {}; }
  harness::Result<void> send(std::span<const std::byte> apdu, Deadline, std::stop_token) override {
    auto outcome = meter_.application().on_apdu(session_, {sap_, 1}, apdu, meter_.now);
    for (auto& reply : outcome.replies) replies_.push_back(std::move(reply));
    return {};
  }
  harness::Result<std::vector<std::byte>> receive(Deadline, std::stop_token) override {
    if (replies_.empty()) return cosem::CosemError::message_lost;
    auto reply = std::move(replies_.front());
    replies_.pop_front();
    return reply;
  }
  std::string name() const override { return "direct"; }

 private:
  TestMeter& meter_;
  std::uint16_t sap_;
  Session session_;
  std::deque<cosem::Bytes> replies_;
};

class TypedAccess : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(client_.open(soon_, {}).has_value()); }
  static cosem::ClientSettings reader() {
    cosem::ClientSettings settings;
    settings.mechanism = cosem::mechanism::k_lls;
    settings.password = testing::k_password;
    return settings;
  }

  const Deadline soon_ = Deadline::after(std::chrono::seconds(10));
  TestMeter meter_;
  cosem::Client client_{std::make_unique<DirectTransport>(meter_, testing::k_reader_sap), reader()};
};

TEST_F(TypedAccess, ARegisterIsReadWithItsUnit) {
  const auto energy =
      classes::read_scaled(client_, {3, 0, cosem::names::k_active_import}, soon_, {});
  ASSERT_TRUE(energy.has_value());
  EXPECT_EQ(energy->text, "123456 Wh");
  const auto voltage = classes::read_scaled(
      client_, {3, 0, *cosem::LogicalName::parse("1-0:32.7.0.255")}, soon_, {});
  if (voltage.has_value()) {
    EXPECT_EQ(voltage->text, "230.0 V");
  }
}

TEST_F(TypedAccess, AttributesHaveNames) {
  const auto mode = classes::read_attribute(client_, {70, 0, cosem::names::k_disconnect_control},
                                            "control_mode", soon_, {});
  ASSERT_TRUE(mode.has_value());
  EXPECT_EQ(*mode, cosem::Data(cosem::Enum{4}));
  const auto nothing = classes::read_attribute(client_, {70, 0, cosem::names::k_disconnect_control},
                                               "colour", soon_, {});
  EXPECT_EQ(nothing.error(), make_error_code(cosem::CosemError::not_supported));
  EXPECT_TRUE(classes::read_attribute(client_, {9999, 0, cosem::names::k_clock}, "time", soon_, {})
                  .has_error());
}

TEST_F(TypedAccess, AValueOfAnotherTypeIsAnError) {
  // The load profile's buffer is no register value.
  const auto wrong =
      classes::read_attribute(client_, {3, 0, cosem::names::k_load_profile}, "value", soon_, {});
  EXPECT_TRUE(wrong.has_error());
}

TEST_F(TypedAccess, ColumnsOfAProfileHaveNamesAndUnits) {
  const auto columns = classes::read_columns(client_, cosem::names::k_load_profile, soon_, {});
  ASSERT_TRUE(columns.has_value());
  ASSERT_EQ(columns->size(), 2U);
  EXPECT_EQ((*columns)[0].name, "Clock 0-0:1.0.0.255 (Clock), time");
  EXPECT_EQ((*columns)[1].name,
            "Register 1-0:1.8.0.255 (Active energy import (+A), total, time integral 1), value");
  const auto rows =
      cosem::read_profile(client_, cosem::names::k_load_profile, cosem::entries(1, 1), soon_, {});
  ASSERT_TRUE(rows.has_value());
  ASSERT_EQ(rows->size(), 1U);
  EXPECT_EQ(classes::column_text((*columns)[1], rows->front()[1]), "123456 Wh");
  EXPECT_THAT(classes::column_text((*columns)[0], rows->front()[0]),
              ::testing::StartsWith("2026-04-2"));
}

TEST_F(TypedAccess, TheObjectListIsReadInTheCodingOfItsAssociation) {
  const auto objects = classes::read_object_list(client_, soon_, {});
  ASSERT_TRUE(objects.has_value());
  const auto* energy = classes::find_object(*objects, 3, cosem::names::k_active_import);
  ASSERT_NE(energy, nullptr);
  EXPECT_EQ(classes::to_string(energy->attributes[1].mode), "read");
}

}  // namespace
}  // namespace meterproof::simulated
