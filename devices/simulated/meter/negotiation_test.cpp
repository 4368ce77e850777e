// Conformance negotiation, bit by bit, in both directions: the client does not use what was not
// negotiated, and the meter refuses it when a client does.
#include <gtest/gtest.h>

#include "devices/cosem/objects.hpp"
#include "devices/simulated/meter/test_only/meter_transport.hpp"

namespace meterproof::simulated {
namespace {

namespace conformance = cosem::conformance;
using cosem::CosemError;
using cosem::Data;
using testing::MeterTransport;
using testing::TestMeter;

const harness::Deadline k_whenever = harness::Deadline::after(std::chrono::minutes(1));
const cosem::AttributeDescriptor k_written{1, testing::k_scratch_name, 2};
const cosem::MethodDescriptor k_open_relay{70, cosem::names::k_disconnect_control, 1};

struct NegotiatedBench {
  explicit NegotiatedBench(std::uint32_t offered, std::uint16_t max_pdu = 200,
                           cosem::Referencing referencing = cosem::Referencing::logical_name)
      : meter({}, "", [](bench::MeterType& type) { type.referencing = "both"; }),
        transport(new MeterTransport(meter, testing::k_management_sap)) {
    cosem::ClientSettings settings = testing::management_client();
    settings.referencing = referencing;
    settings.initiate.conformance = offered;
    settings.initiate.max_pdu = max_pdu;
    client.emplace(std::unique_ptr<cosem::ApduTransport>(transport), settings);
    opened = client->open(k_whenever, {});
  }
  // A plain APDU under protection, whatever was negotiated: the answer in hex.
  std::string exchange(const char* octets) {
    const auto answer = client->exchange(*cosem::from_hex(octets), k_whenever, {});
    return answer ? cosem::to_hex(answer->plain) : answer.error().message();
  }

  TestMeter meter;
  MeterTransport* transport;
  std::optional<cosem::Client> client;
  cosem::Result<void> opened;
};

constexpr std::uint32_t k_everything = conformance::k_offered | conformance::k_access;

TEST(Negotiation, TheMeterAnswersWithWhatBothCan) {
  NegotiatedBench bench(0xFFFFFF);
  ASSERT_TRUE(bench.opened) << bench.opened.error().message();
  const std::uint32_t agreed = bench.client->association().negotiated()->conformance;
  EXPECT_NE(agreed & conformance::k_general_block_transfer, 0u);
  EXPECT_EQ(agreed & (conformance::k_read | conformance::k_write), 0u);
  NegotiatedBench less(conformance::k_get | conformance::k_read);
  ASSERT_TRUE(less.opened);
  EXPECT_EQ(less.client->association().negotiated()->conformance, conformance::k_get);
}

TEST(Negotiation, NothingInCommonIsRefusedAsIncompatibleConformance) {
  NegotiatedBench bench(conformance::k_read);
  ASSERT_FALSE(bench.opened);
  EXPECT_EQ(bench.opened.error(), cosem::to_error(cosem::ConfirmedServiceError{1, 6, 2}));
}

// A use of a service, the bit it needs, and the meter's answer to it without that bit.
struct ServiceUse {
  std::uint32_t bit;
  const char* name;
  cosem::Error (*use)(cosem::Client&);
  const char* octets;
  const char* refusal;
};

template <class T>
cosem::Error outcome_of(const cosem::Result<T>& result) {
  return result ? cosem::Error{} : result.error();
}

const ServiceUse k_uses[] = {
    {conformance::k_get, "get",
     [](cosem::Client& c) { return outcome_of(c.get(k_written, k_whenever, {})); },
     "C001C1000100006032"
     "00FF0200",
     "D80202"},
    {conformance::k_set, "set",
     [](cosem::Client& c) {
       return outcome_of(c.set(k_written, Data(std::uint8_t{1}), k_whenever, {}));
     },
     "C101C1000100006032"
     "00FF02001101",
     "D80202"},
    {conformance::k_action, "action",
     [](cosem::Client& c) {
       return outcome_of(c.action(k_open_relay, Data(std::int8_t{0}), k_whenever, {}));
     },
     "C301C10046000060030AFF01010F00", "D80202"},
    {conformance::k_selective_access, "selective access",
     [](cosem::Client& c) {
       return outcome_of(
           c.get({7, cosem::names::k_load_profile, 2}, k_whenever, {}, cosem::entries(1, 1)));
     },
     "C001C100070100630100FF0201020204060000000106000000011200011200"
     "00",
     "C401C1010D"},
    {conformance::k_multiple_references, "get with list",
     [](cosem::Client& c) {
       return outcome_of(c.get_list({{k_written, {}}, {k_written, {}}}, k_whenever, {}));
     },
     "C003C102000100006032"
     "00FF02000001000060320"
     "0FF0200",
     "D80202"},
    {conformance::k_multiple_references, "set with list",
     [](cosem::Client& c) {
       return outcome_of(c.set_list({{k_written, {}}}, {Data(std::uint8_t{1})}, k_whenever, {}));
     },
     "C104C101000100006032"
     "00FF0200011101",
     "D80202"},
    {conformance::k_multiple_references, "action with list",
     [](cosem::Client& c) {
       return outcome_of(c.action_list({k_open_relay}, {Data(std::int8_t{0})}, k_whenever, {}));
     },
     "C303C1010046000060030AFF01010F00", "D80202"},
    {conformance::k_block_transfer_with_set, "set with blocks",
     [](cosem::Client& c) {
       return outcome_of(c.set(k_written, cosem::octet_string(cosem::Bytes(3000)), k_whenever, {}));
     },
     "C102C1000100006032"
     "00FF0200010000000102"
     "1101",
     "D80202"},
    {conformance::k_block_transfer_with_action, "action with blocks",
     [](cosem::Client& c) {
       return outcome_of(
           c.action(k_open_relay, cosem::octet_string(cosem::Bytes(3000)), k_whenever, {}));
     },
     "C304C10046000060030AFF010100000001020F00", "D80202"},
    {conformance::k_access, "access",
     [](cosem::Client& c) {
       cosem::AccessRequest request;
       request.specifications = {cosem::AccessGet{{k_written, {}}}};
       request.values = {Data{}};
       return outcome_of(c.access(request, k_whenever, {}));
     },
     "D940000001000101000100006032"
     "00FF020100",
     "D80202"},
};

TEST(Negotiation, EachServiceNeedsItsBitAtBothEnds) {
  for (const ServiceUse& use : k_uses) {
    NegotiatedBench with(k_everything);
    ASSERT_TRUE(with.opened) << use.name;
    const cosem::Error error = use.use(*with.client);
    EXPECT_NE(error, CosemError::not_negotiated) << use.name;
    EXPECT_NE(with.exchange(use.octets), use.refusal) << use.name;

    NegotiatedBench without(k_everything & ~use.bit);
    ASSERT_TRUE(without.opened) << use.name;
    const std::size_t sent = without.transport->sent.size();
    EXPECT_EQ(use.use(*without.client), CosemError::not_negotiated) << use.name;
    EXPECT_EQ(without.transport->sent.size(), sent) << use.name << " was sent nevertheless";
    EXPECT_EQ(without.exchange(use.octets), use.refusal) << use.name;
  }
}

TEST(Negotiation, ALongAnswerWithoutBlocksIsRefusedAndNeverTooLong) {
  NegotiatedBench bench(k_everything & ~conformance::k_block_transfer_with_get, 100);
  ASSERT_TRUE(bench.opened) << bench.opened.error().message();
  EXPECT_EQ(bench.client->get({7, cosem::names::k_load_profile, 2}, k_whenever, {}).error(),
            cosem::DataAccessResult::other_reason);
  for (const auto& answer : bench.transport->received) {
    if (answer.front() != std::byte{cosem::tags::k_aare}) {
      EXPECT_LE(answer.size(), 100u);
    }
  }
}

TEST(Negotiation, ARequestLongerThanTheMeterTakesIsPduTooLong) {
  NegotiatedBench bench(k_everything);
  ASSERT_TRUE(bench.opened);
  const auto answer =
      bench.client->raw_exchange(cosem::Bytes(2049, std::byte{0xC0}), k_whenever, {});
  ASSERT_TRUE(answer);
  EXPECT_EQ(cosem::to_hex(*answer), "D80104");
  EXPECT_TRUE(bench.client->get(k_written, k_whenever, {}));
}

TEST(Negotiation, ShortNameServicesNeedTheirBits) {
  const auto offered = conformance::k_offered_short_names;
  const auto open = [](std::uint32_t bits) {
    return std::make_unique<NegotiatedBench>(bits, std::uint16_t{400},
                                             cosem::Referencing::short_name);
  };
  const auto no_read = open(offered & ~conformance::k_read);
  ASSERT_TRUE(no_read->opened);
  EXPECT_EQ(no_read->client->get(k_written, k_whenever, {}).error(), CosemError::not_negotiated);
  EXPECT_EQ(no_read->exchange("050102FA08"), "0E050302");
  const auto no_write = open(offered & ~conformance::k_write);
  EXPECT_EQ(no_write->client->set(k_written, Data(std::uint8_t{1}), k_whenever, {}).error(),
            CosemError::not_negotiated);
  EXPECT_EQ(no_write->exchange("060102FA08011101"), "0E060302");
  const auto no_lists = open(offered & ~conformance::k_multiple_references);
  EXPECT_EQ(no_lists->client->get_list({{k_written, {}}, {k_written, {}}}, k_whenever, {}).error(),
            CosemError::not_negotiated);
  EXPECT_EQ(no_lists->exchange("050202FA0002FA00"), "0E050302");
  const auto no_parameters = open(offered & ~conformance::k_parameterized_access);
  EXPECT_EQ(no_parameters->client
                ->get({7, cosem::names::k_load_profile, 2}, k_whenever, {}, cosem::entries(1, 1))
                .error(),
            CosemError::not_negotiated);
  const auto no_unconfirmed = open(offered & ~conformance::k_unconfirmed_write);
  EXPECT_EQ(no_unconfirmed->client
                ->write_unconfirmed({cosem::VariableName{0x0100}}, {Data{}}, k_whenever, {})
                .error(),
            CosemError::not_negotiated);
  const auto no_blocks = open(offered & ~conformance::k_block_transfer_with_get);
  EXPECT_EQ(no_blocks->exchange("050102FA08"), "0E050301");
}

}  // namespace
}  // namespace meterproof::simulated
