// Services with lists, long ones too, and ACCESS, between client and simulated meter in memory.
#include <gtest/gtest.h>

#include "devices/cosem/objects.hpp"
#include "devices/simulated/meter/test_only/meter_transport.hpp"

namespace meterproof::simulated {
namespace {

using cosem::AccessResult;
using cosem::ActionResult;
using cosem::Data;
using cosem::DataAccessResult;
using testing::MeterTransport;
using testing::TestMeter;

const harness::Deadline k_patient = harness::Deadline::after(std::chrono::minutes(1));
const cosem::SelectedAttribute k_free{{1, testing::k_scratch_name, 2}, {}};
const cosem::SelectedAttribute k_fixed{{1, cosem::names::k_logical_device_name, 2}, {}};
const cosem::MethodDescriptor k_disconnect{70, cosem::names::k_disconnect_control, 1};
const cosem::MethodDescriptor k_reconnect{70, cosem::names::k_disconnect_control, 2};

struct ListBench {
  explicit ListBench(std::uint8_t window = 0, std::uint16_t max_pdu = 200)
      : transport(new MeterTransport(meter, testing::k_management_sap)) {
    cosem::ClientSettings settings = testing::management_client();
    settings.initiate.conformance |= cosem::conformance::k_access;
    settings.initiate.max_pdu = max_pdu;
    settings.general_blocks.window = window;
    client.emplace(std::unique_ptr<cosem::ApduTransport>(transport), settings);
    const auto opened = client->open(k_patient, {});
    EXPECT_TRUE(opened) << opened.error().message();
  }
  TestMeter meter;
  MeterTransport* transport;
  std::optional<cosem::Client> client;
};

TEST(Lists, ASetWithListGivesOneResultEachAlsoInBlocks) {
  for (const std::uint8_t window : {std::uint8_t{0}, std::uint8_t{4}}) {
    for (const std::size_t size : {std::size_t{10}, std::size_t{3000}}) {
      ListBench bench(window);
      const Data text = cosem::octet_string(cosem::to_bytes(std::string(size, 'x')));
      const auto results =
          bench.client->set_list({k_fixed, k_free}, {Data(std::uint8_t{1}), text}, k_patient, {});
      ASSERT_TRUE(results) << size << " " << results.error().message();
      EXPECT_EQ(*results,
                (std::vector{DataAccessResult::read_write_denied, DataAccessResult::success}));
      EXPECT_EQ(bench.client->get(k_free.attribute, k_patient, {}).value(), text);
      for (const auto& sent : bench.transport->sent) EXPECT_LE(sent.size(), 2048u);
    }
  }
}

TEST(Lists, AnActionWithListGivesOneOutcomeEachAlsoInBlocks) {
  for (const std::uint8_t window : {std::uint8_t{0}, std::uint8_t{4}}) {
    ListBench bench(window);
    const Data zero = std::int8_t{0};
    auto outcomes =
        bench.client->action_list({k_disconnect, {70, {}, 1}}, {zero, zero}, k_patient, {});
    ASSERT_TRUE(outcomes) << outcomes.error().message();
    EXPECT_EQ(outcomes->at(0).result, ActionResult::success);
    EXPECT_EQ(outcomes->at(1).result, ActionResult::object_undefined);
    EXPECT_FALSE(bench.meter.plant.relay);
    const Data text = cosem::octet_string(cosem::Bytes(3000));
    outcomes = bench.client->action_list({{70, {}, 1}, k_reconnect}, {text, zero}, k_patient, {});
    ASSERT_TRUE(outcomes) << outcomes.error().message();
    EXPECT_EQ(outcomes->at(1).result, ActionResult::success);
    EXPECT_TRUE(bench.meter.plant.relay);
  }
}

TEST(Lists, AGetWithListComesInBlocksWhenItIsLong) {
  ListBench bench;
  const cosem::SelectedAttribute profile{{7, cosem::names::k_load_profile, 2}, {}};
  const auto results = bench.client->get_list({k_fixed, profile, {{3, {}, 2}, {}}}, k_patient, {});
  ASSERT_TRUE(results) << results.error().message();
  EXPECT_EQ(std::get<Data>(results->at(1)).elements()->size(), 960u);
  EXPECT_EQ(std::get<DataAccessResult>(results->at(2)), DataAccessResult::object_undefined);
}

TEST(Lists, AListOfTheWrongLengthInBlocksChangesNothing) {
  ListBench bench;
  // Two attributes, one value.
  const auto answer = bench.client->exchange(
      *cosem::from_hex("C105C10200010000603200FF020000010000603200FF02000100000001"
                       "03011107"),
      k_patient, {});
  ASSERT_TRUE(answer);
  EXPECT_EQ(cosem::to_hex(answer->plain), "C503C10C00000001");
  EXPECT_NE(bench.client->get(k_free.attribute, k_patient, {}).value(), Data(std::uint8_t{7}));
}

TEST(Access, AMixedListIsWorkedOffInOrder) {
  for (const std::uint8_t window : {std::uint8_t{0}, std::uint8_t{4}}) {
    ListBench bench(window);
    cosem::AccessRequest request;
    request.specifications = {
        cosem::AccessSet{k_free}, cosem::AccessGet{k_free}, cosem::AccessAction{k_disconnect},
        cosem::AccessSet{k_fixed},
        cosem::AccessGet{{{7, cosem::names::k_load_profile, 2}, cosem::entries(1, 2)}}};
    request.values = {Data(std::uint32_t{5}), Data{}, Data(std::int8_t{0}), Data{}, Data{}};
    const auto answer = bench.client->access(request, k_patient, {});
    ASSERT_TRUE(answer) << answer.error().message();
    EXPECT_EQ(answer->results, (std::vector<AccessResult>{{AccessResult::Kind::set, 0},
                                                          {AccessResult::Kind::get, 0},
                                                          {AccessResult::Kind::action, 0},
                                                          {AccessResult::Kind::set, 3},
                                                          {AccessResult::Kind::get, 0}}));
    EXPECT_EQ(answer->values[1], Data(std::uint32_t{5}));
    EXPECT_EQ(answer->values[4].elements()->size(), 2u);
    EXPECT_FALSE(answer->specifications);
    EXPECT_FALSE(bench.meter.plant.relay);
  }
}

TEST(Access, BreakOnErrorLeavesTheRestUndone) {
  ListBench bench;
  cosem::AccessRequest request;
  request.long_invoke_id =
      cosem::long_invoke::k_break_on_error | cosem::long_invoke::k_self_descriptive;
  request.specifications = {cosem::AccessSet{k_fixed}, cosem::AccessAction{k_disconnect}};
  request.values = {Data{}, Data(std::int8_t{0})};
  const auto answer = bench.client->access(request, k_patient, {});
  ASSERT_TRUE(answer) << answer.error().message();
  EXPECT_EQ(answer->results[0].result, 3);
  EXPECT_EQ(answer->results[1].result, 250);
  EXPECT_EQ(answer->specifications, request.specifications);
  EXPECT_TRUE(bench.meter.plant.relay);
}

TEST(Access, ALongAnswerTravelsInGeneralBlocksOrNotAtAll) {
  cosem::AccessRequest request;
  request.specifications = {cosem::AccessGet{{{7, cosem::names::k_load_profile, 2}, {}}}};
  request.values = {Data{}};
  ListBench with(6);
  const auto answer = with.client->access(request, k_patient, {});
  ASSERT_TRUE(answer) << answer.error().message();
  EXPECT_EQ(answer->values[0].elements()->size(), 960u);
  ListBench without;
  EXPECT_EQ(without.client->access(request, k_patient, {}).error(),
            cosem::to_error(cosem::ExceptionResponse{1, 4, {}}));
}

TEST(Access, AnswersToOtherQuestionsAreErrors) {
  ListBench bench(0);
  cosem::AccessRequest request;
  request.specifications = {cosem::AccessGet{k_free}};
  request.values = {Data{}};
  bench.client->accept_plain_answers(true);
  const std::pair<const char*, cosem::Error> cases[] = {
      {"DA40FFFFFF000001000101"
       "00",
       cosem::CosemError::wrong_invoke_id},
      {"C401C1001101", cosem::CosemError::bad_tag},
      {"D80101", cosem::to_error(cosem::ExceptionResponse{1, 1, {}})},
      {"DA40", cosem::CosemError::truncated}};
  for (const auto& [octets, error] : cases) {
    bench.transport->instead = *cosem::from_hex(octets);
    EXPECT_EQ(bench.client->access(request, k_patient, {}).error(), error) << octets;
    EXPECT_TRUE(bench.client->access(request, k_patient, {}));
  }
}

TEST(Notifications, AConfirmedDataNotificationIsConfirmedWithItsId) {
  ListBench bench;
  cosem::DataNotification notification;
  notification.long_invoke_id = 0x40000007;
  EXPECT_EQ(cosem::to_hex(cosem::encode_apdu(
                cosem::DataNotificationConfirm{notification.long_invoke_id, std::nullopt})),
            "104000000700");
  const std::size_t answers = bench.transport->received.size();
  ASSERT_TRUE(bench.client->confirm(notification, k_patient, {}));
  EXPECT_EQ(bench.transport->received.size(), answers);  // the meter takes it without a word
  EXPECT_TRUE(bench.client->get(k_free.attribute, k_patient, {}));
}

}  // namespace
}  // namespace meterproof::simulated
