// The client against a meter that answers what it should not, one answer after the other: each
// service ends with the meter's refusal or with what is wrong about the answer.
#include <gtest/gtest.h>

#include <deque>

#include "devices/cosem/client.hpp"
#include "devices/cosem/objects.hpp"
#include "harness/errors.hpp"
#include "harness/link/link.hpp"

namespace meterproof::cosem {
namespace {

using harness::Deadline;

constexpr std::uint8_t k_first_invoke = 0xC1;
const AttributeDescriptor k_asked{3, names::k_active_import, 2};
const MethodDescriptor k_called{70, names::k_disconnect_control, 1};

class ListOfAnswers final : public ApduTransport {
 public:
  explicit ListOfAnswers(std::deque<Bytes> answers) : answers_(std::move(answers)) {}
  Result<void> connect(Deadline, std::stop_token) override { return {}; }
  Result<void> disconnect(Deadline, std::stop_token) override { return {}; }
  Result<void> send(BytesView, Deadline, std::stop_token) override { return {}; }
  Result<Bytes> receive(Deadline, std::stop_token) override {
    if (answers_.empty()) return link::make_error_code(link::LinkError::timeout);
    Bytes first = std::move(answers_.front());
    answers_.pop_front();
    return first;
  }
  std::string name() const override { return "list of answers"; }

 private:
  std::deque<Bytes> answers_;
};

Client client_given(const std::vector<Apdu>& answers) {
  std::deque<Bytes> octets;
  for (const Apdu& answer : answers) octets.push_back(encode_apdu(answer));
  ClientSettings settings;
  settings.pre_established = true;
  settings.initiate.conformance = 0xFFFFFF;
  settings.initiate.max_pdu = 200;
  Client client(std::make_unique<ListOfAnswers>(std::move(octets)), settings);
  EXPECT_TRUE(client.open(Deadline::never(), {}));
  return client;
}

Error error_of_get(const std::vector<Apdu>& answers) {
  const auto got = client_given(answers).get(k_asked, Deadline::never(), {});
  return got ? Error{} : got.error();
}

TEST(HostileAnswers, OfGet) {
  const GetResponseWithBlock first{k_first_invoke, false, 1, Bytes(3)};
  EXPECT_EQ(error_of_get({SetResponseNormal{k_first_invoke, DataAccessResult::success}}),
            CosemError::unexpected_apdu);
  EXPECT_EQ(error_of_get({GetResponseNormal{k_first_invoke, DataAccessResult::success}}),
            CosemError::unexpected_apdu)
      << "success instead of a value";
  EXPECT_EQ(
      error_of_get({first, GetResponseNormal{k_first_invoke, DataAccessResult::long_get_aborted}}),
      DataAccessResult::long_get_aborted);
  EXPECT_EQ(error_of_get({first, GetResponseNormal{k_first_invoke, std::uint8_t{1}}}),
            CosemError::unexpected_apdu);
  EXPECT_EQ(error_of_get({first, SetResponseNormal{k_first_invoke, DataAccessResult::success}}),
            CosemError::unexpected_apdu);
  EXPECT_EQ(error_of_get({first, first}), CosemError::wrong_block);
  EXPECT_EQ(error_of_get({GetResponseWithBlock{k_first_invoke, true, 1, Bytes{std::byte{9}}}}),
            CosemError::truncated);
  EXPECT_EQ(error_of_get({ConfirmedServiceError{5, 0, 1}}).category(), service_error_category());
}

TEST(HostileAnswers, OfGetWithAList) {
  const std::vector<SelectedAttribute> two{{k_asked, {}}, {k_asked, {}}};
  const auto error_of = [&](const std::vector<Apdu>& answers) {
    const auto got = client_given(answers).get_list(two, Deadline::never(), {});
    return got ? Error{} : got.error();
  };
  EXPECT_EQ(error_of({GetResponseWithList{k_first_invoke, {Data(true)}}}), CosemError::bad_length);
  EXPECT_EQ(error_of({GetResponseNormal{k_first_invoke, Data(true)}}), CosemError::unexpected_apdu);
  EXPECT_EQ(error_of({GetResponseWithBlock{k_first_invoke, true, 1, Bytes{std::byte{2}}}}),
            CosemError::truncated);
}

Error error_of_set_list(const std::vector<Apdu>& answers, const Data& value = std::uint8_t{1}) {
  const auto set = client_given(answers).set_list({{k_asked, {}}, {k_asked, {}}}, {value, value},
                                                  Deadline::never(), {});
  return set ? Error{} : set.error();
}

TEST(HostileAnswers, OfSetWithAList) {
  const auto good = DataAccessResult::success, refused = DataAccessResult::read_write_denied;
  EXPECT_EQ(error_of_set_list({SetResponseWithList{k_first_invoke, {good, good}}}), Error{});
  EXPECT_EQ(error_of_set_list({SetResponseLastBlockWithList{k_first_invoke, {good, good}, 1}}),
            Error{});
  EXPECT_EQ(error_of_set_list({SetResponseWithList{k_first_invoke, {good}}}),
            CosemError::bad_length);
  EXPECT_EQ(error_of_set_list({SetResponseLastBlock{k_first_invoke, refused, 1}}), refused);
  EXPECT_EQ(error_of_set_list({SetResponseLastBlock{k_first_invoke, good, 1}}),
            CosemError::bad_length);
  EXPECT_EQ(error_of_set_list({SetResponseNormal{k_first_invoke, good}}),
            CosemError::unexpected_apdu);
  const Data large = octet_string(Bytes(70'000));
  EXPECT_EQ(error_of_set_list({SetResponseBlock{k_first_invoke, 2}}, large),
            CosemError::wrong_block);
  EXPECT_EQ(error_of_set_list({GetResponseNormal{k_first_invoke, Data(true)}}, large),
            CosemError::unexpected_apdu);
  EXPECT_EQ(client_given({}).set_list({{k_asked, {}}}, {}, Deadline::never(), {}).error(),
            CosemError::bad_length);
}

TEST(HostileAnswers, OfSet) {
  const auto error_of = [](const std::vector<Apdu>& answers, const Data& value) {
    const auto set = client_given(answers).set(k_asked, value, Deadline::never(), {});
    return set ? Error{} : set.error();
  };
  const Data large = octet_string(Bytes(70'000));
  EXPECT_EQ(error_of({GetResponseNormal{k_first_invoke, Data(true)}}, std::uint8_t{1}),
            CosemError::unexpected_apdu);
  EXPECT_EQ(
      error_of({SetResponseNormal{k_first_invoke, DataAccessResult::read_write_denied}}, large),
      DataAccessResult::read_write_denied)
      << "refused at the first block";
  EXPECT_EQ(error_of({SetResponseBlock{k_first_invoke, 7}}, large), CosemError::wrong_block);
  EXPECT_EQ(error_of({GetResponseNormal{k_first_invoke, Data(true)}}, large),
            CosemError::unexpected_apdu);
}

Result<std::optional<Data>> action_given(const std::vector<Apdu>& answers) {
  return client_given(answers).action(k_called, std::int8_t{0}, Deadline::never(), {});
}

TEST(HostileAnswers, OfAction) {
  const auto outcome = [](std::optional<DataOrResult> returned) -> Apdu {
    return ActionResponseNormal{k_first_invoke, {ActionResult::success, std::move(returned)}};
  };
  const auto last_block = [](const char* octets) -> Apdu {
    return ActionResponseWithPblock{k_first_invoke, {true, 1, *from_hex(octets)}};
  };
  EXPECT_EQ(action_given({outcome(DataAccessResult::success)}).value(), std::nullopt);
  EXPECT_EQ(action_given({outcome(DataAccessResult::type_unmatched)}).error(),
            DataAccessResult::type_unmatched);
  EXPECT_EQ(action_given({last_block("1105")}).value(), Data(std::uint8_t{5}));
  EXPECT_EQ(action_given({last_block("0001001105")}).value(), Data(std::uint8_t{5}))
      << "with the result before it, as some meters send";
  EXPECT_EQ(action_given({last_block("0B00")}).error(), ActionResult::object_unavailable);
  EXPECT_EQ(action_given({last_block("110502")}).error(), CosemError::trailing_octets);
  EXPECT_EQ(action_given({ActionResponseNextPblock{k_first_invoke, 1}}).error(),
            CosemError::wrong_block);
  EXPECT_EQ(action_given({GetResponseNormal{k_first_invoke, Data(true)}}).error(),
            CosemError::unexpected_apdu);
}

TEST(HostileAnswers, OfActionWithAList) {
  const auto given = [](const std::vector<Apdu>& answers) {
    return client_given(answers).action_list({k_called, k_called}, {Data{}, Data{}},
                                             Deadline::never(), {});
  };
  const ActionOutcome good{ActionResult::success, {}};
  EXPECT_EQ(given({ActionResponseWithList{k_first_invoke, {good, good}}}).value().size(), 2U);
  EXPECT_EQ(given({ActionResponseWithList{k_first_invoke, {good}}}).error(),
            CosemError::bad_length);
  EXPECT_EQ(given({ActionResponseNormal{k_first_invoke, {ActionResult::other_reason, {}}}}).error(),
            ActionResult::other_reason);
  EXPECT_EQ(given({ActionResponseNormal{k_first_invoke, good}}).error(),
            CosemError::unexpected_apdu);
  EXPECT_EQ(given({ActionResponseNextPblock{k_first_invoke, 1}}).error(), CosemError::wrong_block);
  const ActionResponseWithPblock first{k_first_invoke, {false, 1, *from_hex("0200")}};
  const ActionResponseWithPblock second{k_first_invoke, {true, 2, *from_hex("000300")}};
  const auto whole = given({first, second});
  ASSERT_TRUE(whole) << whole.error().message();
  EXPECT_EQ(whole->at(1).result, ActionResult::read_write_denied);
  EXPECT_EQ(given({first, first}).error(), CosemError::wrong_block);
  EXPECT_EQ(client_given({}).action_list({k_called}, {}, Deadline::never(), {}).error(),
            CosemError::bad_length);
}

TEST(HostileAnswers, ObjectsOfAnotherTypeAreAMismatch) {
  const auto never = Deadline::never();
  const auto given = [](Data value) {
    return client_given({GetResponseNormal{k_first_invoke, std::move(value)}});
  };
  Client clock = given(octet_string(*from_hex("07EA0504010A000000FFC400")));
  EXPECT_EQ(to_string(*read_clock(clock, never, {})), "2026-05-04 10:00:00.00 -60");
  Client no_clock = given(true);
  EXPECT_EQ(read_clock(no_clock, never, {}).error(), CosemError::type_mismatch);
  Client relay = given(true), no_relay = given(std::uint8_t{1}), mute = client_given({});
  EXPECT_EQ(read_relay(relay, names::k_disconnect_control, never, {}).value(), true);
  EXPECT_EQ(read_relay(no_relay, names::k_disconnect_control, never, {}).error(),
            CosemError::type_mismatch);
  EXPECT_EQ(read_relay(mute, names::k_disconnect_control, never, {}).error(),
            link::LinkError::timeout);
  Client text = given(VisibleString{"MPF"}), no_text = given(std::uint8_t{1});
  EXPECT_EQ(read_text(text, names::k_device_id, never, {}).value(), "MPF");
  EXPECT_EQ(read_text(no_text, names::k_device_id, never, {}).error(), CosemError::type_mismatch);
}

TEST(HostileAnswers, WaitingForANotificationTakesNoAnswerForOne) {
  const DataNotification pushed{5, {}, std::uint8_t{1}};
  Client client = client_given({pushed, GetResponseNormal{k_first_invoke, Data(true)}});
  const auto first = client.wait_notification(Deadline::never(), {});
  ASSERT_TRUE(first) << first.error().message();
  EXPECT_EQ(std::get<DataNotification>(first->content), pushed);
  EXPECT_FALSE(first->was_ciphered);
  EXPECT_EQ(client.wait_notification(Deadline::never(), {}).error(), CosemError::unexpected_apdu);
  EXPECT_EQ(client.wait_notification(Deadline::never(), {}).error(), link::LinkError::timeout);
}

TEST(LogicalNameLiteral, IsCheckedWhereItStands) {
  EXPECT_EQ("0-0:1.0.0.255"_ln, names::k_clock);
  EXPECT_THROW("0-0:1.0.0.256"_ln, harness::InternalError);
}

}  // namespace
}  // namespace meterproof::cosem
