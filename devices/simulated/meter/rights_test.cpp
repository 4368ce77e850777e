// Who may do what, and what the meter answers to the honest client.
#include <gmock/gmock.h>

#include "devices/simulated/meter/test_meter.hpp"

namespace meterproof::simulated {
namespace {

using cosem::ActionResult;
using cosem::Data;
using cosem::DataAccessResult;
using testing::readable_by;
using testing::TestClient;
using testing::TestMeter;

constexpr cosem::LogicalName k_scratch{{0, 0, 96, 50, 0, 255}};
constexpr cosem::LogicalName k_push{{0, 0, 25, 9, 0, 255}};
constexpr cosem::LogicalName k_counter_object{{0, 0, 43, 1, 1, 255}};
constexpr cosem::LogicalName k_event_count{{0, 0, 96, 15, 1, 255}};

Data data_of(const cosem::DataOrResult& result) {
  const auto* data = std::get_if<Data>(&result);
  EXPECT_NE(data, nullptr) << "refused with "
                           << static_cast<int>(std::get<DataAccessResult>(result));
  return data != nullptr ? *data : Data{};
}

TEST(MeterRights, ThePublicClientSeesWhatTheTypeDeclaresAndNothingElse) {
  TestMeter meter;
  TestClient client(meter, testing::k_public_sap);
  client.open();
  EXPECT_TRUE(readable_by(client, 1, cosem::names::k_logical_device_name));
  EXPECT_TRUE(readable_by(client, 8, cosem::names::k_clock));
  EXPECT_TRUE(readable_by(client, 1, k_counter_object));
  EXPECT_TRUE(readable_by(client, 15, cosem::names::k_current_association));
  EXPECT_FALSE(readable_by(client, 3, cosem::names::k_active_import));
  EXPECT_FALSE(readable_by(client, 7, cosem::names::k_load_profile));
  EXPECT_FALSE(readable_by(client, 1, cosem::names::k_device_id));
  EXPECT_FALSE(readable_by(client, 70, cosem::names::k_disconnect_control));
  EXPECT_EQ(client.set(k_scratch, Data(std::uint8_t{1})), DataAccessResult::object_undefined);
  EXPECT_EQ(client.action(70, cosem::names::k_disconnect_control, 1),
            ActionResult::object_undefined);
  EXPECT_TRUE(meter.plant.relay);
}

TEST(MeterRights, TheObjectListHoldsWhatTheClientMaySee) {
  TestMeter meter;
  TestClient everybody(meter, testing::k_public_sap);
  TestClient reader(meter, testing::k_reader_sap);
  const auto names = [](const Data& list) {
    std::vector<cosem::Bytes> found;
    if (list.elements() == nullptr) return found;
    for (const Data& entry : *list.elements()) {
      const auto octets = (*entry.elements())[2].octets();
      found.emplace_back(octets->begin(), octets->end());
    }
    return found;
  };
  const auto listed = [&](TestClient& client) {
    return names(data_of(client.open().get(15, cosem::names::k_current_association, 2)));
  };
  EXPECT_THAT(listed(everybody),
              ::testing::UnorderedElementsAre(
                  cosem::names::k_logical_device_name.octets(), cosem::names::k_clock.octets(),
                  k_counter_object.octets(), cosem::names::k_current_association.octets()));
  EXPECT_THAT(listed(reader), ::testing::Contains(cosem::names::k_active_import.octets()));
}

TEST(MeterRights, TheReaderReadsAndCannotOperate) {
  TestMeter meter;
  TestClient client(meter, testing::k_reader_sap);
  client.open();
  EXPECT_EQ(data_of(client.get(3, cosem::names::k_active_import)), Data(std::uint32_t{123456}));
  EXPECT_TRUE(readable_by(client, 7, cosem::names::k_load_profile));
  EXPECT_EQ(client.set(k_scratch, Data(std::uint8_t{1})), DataAccessResult::read_write_denied);
  EXPECT_EQ(client.action(70, cosem::names::k_disconnect_control, 1),
            ActionResult::read_write_denied);
  EXPECT_TRUE(meter.plant.relay);
  EXPECT_EQ(client.get(15, cosem::names::k_current_association, 7),
            cosem::DataOrResult(DataAccessResult::read_write_denied));
}

TEST(MeterRights, TheManagementClientOperates) {
  TestMeter meter;
  TestClient client(meter, testing::k_management_sap);
  client.open();
  EXPECT_EQ(data_of(client.get(3, cosem::names::k_active_import)), Data(std::uint32_t{123456}));
  EXPECT_EQ(client.set(k_scratch, Data(std::uint32_t{77})), DataAccessResult::success);
  EXPECT_EQ(data_of(client.get(1, k_scratch)), Data(std::uint32_t{77}));
  EXPECT_EQ(client.action(70, cosem::names::k_disconnect_control, 1), ActionResult::success);
  EXPECT_FALSE(meter.plant.relay);
  EXPECT_EQ(data_of(client.get(70, cosem::names::k_disconnect_control)), Data(false));
  EXPECT_EQ(client.action(70, cosem::names::k_disconnect_control, 2), ActionResult::success);
  EXPECT_TRUE(meter.plant.relay);
  EXPECT_EQ(client.set(cosem::names::k_active_import, Data(std::uint32_t{0})),
            DataAccessResult::object_undefined)
      << "no class 1 object has that name";
}

TEST(MeterRights, WithoutAnAssociationThereIsOnlyAnException) {
  TestMeter meter;
  TestClient client(meter, testing::k_management_sap);
  cosem::GetRequestNormal request;
  request.attribute = {1, cosem::names::k_logical_device_name, 2};
  const auto answer = client.ask(request);
  ASSERT_TRUE(answer);
  EXPECT_TRUE(std::holds_alternative<cosem::ExceptionResponse>(*answer));
}

TEST(MeterRights, AnotherClientCannotUseAnOpenAssociation) {
  TestMeter meter;
  TestClient reader(meter, testing::k_reader_sap);
  reader.open();
  cosem::GetRequestNormal request;
  request.attribute = {3, cosem::names::k_active_import, 2};
  const auto outcome = meter.application().on_apdu(reader.session, {testing::k_public_sap, 1},
                                                   cosem::encode_apdu(request), meter.now);
  ASSERT_EQ(outcome.replies.size(), 1U);
  EXPECT_EQ(outcome.replies[0], cosem::encode_apdu(operation_not_possible()));
}

TEST(MeterRights, ReleaseEndsTheRights) {
  TestMeter meter;
  TestClient client(meter, testing::k_reader_sap);
  client.open();
  client.send(cosem::encode_acse(cosem::Rlrq{}));
  EXPECT_FALSE(readable_by(client, 3, cosem::names::k_active_import));
}

TEST(MeterServices, TheProfileComesInBlocksAndIsComplete) {
  TestMeter meter;
  TestClient client(meter, testing::k_management_sap);
  client.max_pdu = 300;
  client.open();
  const Data whole = data_of(client.get(7, cosem::names::k_load_profile));
  ASSERT_NE(whole.elements(), nullptr);
  EXPECT_EQ(whole.elements()->size(), 960U);
  EXPECT_EQ((*whole.elements()->front().elements())[1], Data(std::uint32_t{123456}));
}

TEST(MeterServices, TheProfileIsCapturedEachPeriodAndSelectedByRangeAndEntry) {
  TestMeter meter;
  meter.plant.energy_wh = 200000;
  const auto at_start = meter.plant.calendar;
  meter.plant.calendar += std::chrono::seconds(900);
  meter.application().tick();
  TestClient client(meter, testing::k_reader_sap);
  client.open();
  const auto stamp = [](std::chrono::system_clock::time_point at) {
    return cosem::octet_string(
        cosem::octets_of(cosem::from_utc(std::chrono::floor<std::chrono::milliseconds>(at))));
  };
  const Data clock_column =
      cosem::structure({Data(std::uint16_t{8}), cosem::octet_string(cosem::names::k_clock),
                        Data(std::int8_t{2}), Data(std::uint16_t{0})});
  const Data rows =
      data_of(client.get(7, cosem::names::k_load_profile, 2,
                         cosem::SelectiveAccess{1, cosem::structure({clock_column, stamp(at_start),
                                                                     stamp(meter.plant.calendar),
                                                                     cosem::array({})})}));
  ASSERT_EQ(rows.elements()->size(), 2U);
  EXPECT_EQ((*rows.elements())[1],
            cosem::structure({stamp(meter.plant.calendar), Data(std::uint32_t{200000})}));

  const Data entry = data_of(
      client.get(7, cosem::names::k_load_profile, 2,
                 cosem::SelectiveAccess{
                     2, cosem::structure({Data(std::uint32_t{961}), Data(std::uint32_t{0}),
                                          Data(std::uint16_t{2}), Data(std::uint16_t{2})})}));
  EXPECT_EQ(entry, cosem::array({cosem::structure({Data(std::uint32_t{200000})})}));
}

TEST(MeterServices, AValueIsWrittenInBlocks) {
  TestMeter meter;
  TestClient client(meter, testing::k_management_sap);
  client.open();
  const Data value =
      cosem::octet_string(cosem::to_bytes("forty octets, sent in two blocks of half"));
  const cosem::Bytes raw = cosem::encode_data(value);
  cosem::SetRequestWithFirstBlock first;
  first.attribute = {1, k_scratch, 2};
  first.block = {false, 1, cosem::Bytes(raw.begin(), raw.begin() + 20)};
  const auto next = client.ask(first);
  ASSERT_TRUE(next && std::holds_alternative<cosem::SetResponseBlock>(*next));
  const auto done = client.ask(
      cosem::SetRequestWithBlock{0xC1, {true, 2, cosem::Bytes(raw.begin() + 20, raw.end())}});
  ASSERT_TRUE(done && std::holds_alternative<cosem::SetResponseLastBlock>(*done));
  EXPECT_EQ(std::get<cosem::SetResponseLastBlock>(*done).result, DataAccessResult::success);
  EXPECT_EQ(data_of(client.get(1, k_scratch)), value);
}

TEST(MeterServices, APushIsANotificationUnderTheKeys) {
  TestMeter meter;
  TestClient client(meter, testing::k_management_sap);
  client.open();
  EXPECT_EQ(client.action(40, k_push, 1), ActionResult::success);
  ASSERT_EQ(client.last.replies.size(), 2U);
  EXPECT_TRUE(cosem::is_ciphered(client.last.replies[1]));
  const auto notification = client.understand(client.last.replies[1]);
  ASSERT_TRUE(notification && std::holds_alternative<cosem::DataNotification>(*notification));
}

TEST(MeterServices, FailedLoginsAreCountedAsEvents) {
  TestMeter meter;
  TestClient guesser(meter, testing::k_reader_sap);
  EXPECT_FALSE(guesser.login_with(cosem::to_bytes("wrong")));
  TestClient client(meter, testing::k_management_sap);
  client.open();
  EXPECT_EQ(data_of(client.get(1, k_event_count)), Data(std::uint32_t{1}));
}

}  // namespace
}  // namespace meterproof::simulated
