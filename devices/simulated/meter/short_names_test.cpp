// Short-name referencing between the client of devices/cosem and the simulated meter, in memory.
#include <gtest/gtest.h>

#include "devices/cosem/objects.hpp"
#include "devices/simulated/meter/test_only/meter_transport.hpp"

namespace meterproof::simulated {
namespace {

using cosem::CosemError;
using cosem::Data;
using cosem::DataAccessResult;
using testing::MeterTransport;
using testing::TestMeter;

const harness::Deadline k_no_hurry = harness::Deadline::after(std::chrono::minutes(1));
const cosem::AttributeDescriptor k_energy_value{3, cosem::names::k_active_import, 2};
const cosem::AttributeDescriptor k_short_note{1, testing::k_scratch_name, 2};

struct ShortNameBench {
  explicit ShortNameBench(std::uint16_t sap,
                          const std::function<void(cosem::ClientSettings&)>& change = {},
                          const std::string& referencing = "both")
      : meter({}, "", [&](bench::MeterType& type) { type.referencing = referencing; }),
        transport(new MeterTransport(meter, sap)) {
    cosem::ClientSettings settings;
    if (sap == testing::k_reader_sap) settings = testing::reader_client();
    if (sap == testing::k_management_sap) settings = testing::management_client();
    settings.referencing = cosem::Referencing::short_name;
    if (change) change(settings);
    client.emplace(std::unique_ptr<cosem::ApduTransport>(transport), settings);
    opened = client->open(k_no_hurry, {});
  }
  cosem::Result<Data> get(const cosem::AttributeDescriptor& what) {
    return client->get(what, k_no_hurry, {});
  }

  TestMeter meter;
  MeterTransport* transport;
  std::optional<cosem::Client> client;
  cosem::Result<void> opened;
};

TEST(ShortNameReferencing, TheSameValuesAreReadEitherWay) {
  ShortNameBench bench(testing::k_reader_sap);
  ASSERT_TRUE(bench.opened) << bench.opened.error().message();
  EXPECT_EQ(bench.client->association().negotiated()->vaa_name, 0xFA00);
  MeterTransport* other = new MeterTransport(bench.meter, testing::k_reader_sap);
  cosem::Client logical(std::unique_ptr<cosem::ApduTransport>(other), testing::reader_client());
  ASSERT_TRUE(logical.open(k_no_hurry, {}));
  const auto names = bench.client->short_names(k_no_hurry, {});
  ASSERT_TRUE(names) << names.error().message();
  ASSERT_GT((*names)->objects().size(), 10u);
  int read = 0;
  for (const auto& object : (*names)->objects()) {
    if (object.class_id == 12) continue;
    for (const std::int8_t attribute : {std::int8_t{1}, std::int8_t{2}, std::int8_t{3}}) {
      const cosem::AttributeDescriptor what{object.class_id, object.name, attribute};
      const auto expected = logical.get(what, k_no_hurry, {});
      // Beyond an object's last attribute a short name may mean another object.
      if (!expected) continue;
      const auto got = bench.get(what);
      ASSERT_TRUE(got) << object.name.to_string() << " " << got.error().message();
      EXPECT_EQ(*got, *expected) << object.name.to_string();
      ++read;
    }
  }
  EXPECT_GT(read, 20);
  const auto energy =
      cosem::read_register(*bench.client, cosem::names::k_active_import, k_no_hurry, {});
  ASSERT_TRUE(energy);
  EXPECT_TRUE(bench.client->close(k_no_hurry, {}));
}

TEST(ShortNameReferencing, WithCipheringHlsPassesThreeAndFourTravelInARead) {
  ShortNameBench bench(testing::k_management_sap);
  ASSERT_TRUE(bench.opened) << bench.opened.error().message();
  ASSERT_TRUE(bench.client->set(k_short_note, Data(std::uint32_t{77}), k_no_hurry, {}));
  EXPECT_EQ(bench.get(k_short_note).value(), Data(std::uint32_t{77}));
  for (const auto& sent : bench.transport->sent) {
    const auto tag = std::to_integer<int>(sent.front());
    EXPECT_TRUE(tag == 0x60 || tag == 0x25 || tag == 0x26) << tag;
  }
  const auto opened = bench.client->action({70, cosem::names::k_disconnect_control, 1},
                                           Data(std::int8_t{0}), k_no_hurry, {});
  ASSERT_TRUE(opened) << opened.error().message();
  EXPECT_FALSE(bench.meter.plant.relay);
}

TEST(ShortNameReferencing, AWrongKeyIsNotLetIn) {
  ShortNameBench bench(testing::k_management_sap, [](cosem::ClientSettings& settings) {
    settings.ciphered = false;
    settings.keys->authentication[3] ^= std::byte{1};
  });
  EXPECT_FALSE(bench.opened);
}

TEST(ShortNameReferencing, LongValuesTravelInBlocksBothWays) {
  for (const std::uint16_t sap : {testing::k_reader_sap, testing::k_management_sap}) {
    ShortNameBench bench(sap,
                         [](cosem::ClientSettings& settings) { settings.initiate.max_pdu = 200; });
    ASSERT_TRUE(bench.opened);
    const auto profile = bench.get({7, cosem::names::k_load_profile, 2});
    ASSERT_TRUE(profile) << profile.error().message();
    EXPECT_EQ(profile->elements()->size(), 960u);
    for (const auto& answer : bench.transport->received) EXPECT_LE(answer.size(), 200u);
  }
  ShortNameBench bench(testing::k_management_sap);
  const Data text = cosem::octet_string(cosem::to_bytes(std::string(4000, 'x')));
  const auto written = bench.client->set(k_short_note, text, k_no_hurry, {});
  ASSERT_TRUE(written) << written.error().message();
  EXPECT_EQ(bench.get(k_short_note).value(), text);
  for (const auto& sent : bench.transport->sent) EXPECT_LE(sent.size(), 2048u);
}

TEST(ShortNameReferencing, SelectiveAccessIsAParameterisedRead) {
  ShortNameBench bench(testing::k_reader_sap);
  const auto rows = cosem::read_profile(*bench.client, cosem::names::k_load_profile,
                                        cosem::entries(1, 5), k_no_hurry, {});
  ASSERT_TRUE(rows) << rows.error().message();
  EXPECT_EQ(rows->size(), 5u);
}

TEST(ShortNameReferencing, ListsGiveOneResultEach) {
  ShortNameBench bench(testing::k_reader_sap);
  const auto list = bench.client->get_list(
      {{k_energy_value, {}}, {{3, cosem::names::k_active_import, 3}, {}}}, k_no_hurry, {});
  ASSERT_TRUE(list) << list.error().message();
  EXPECT_EQ(list->size(), 2u);
  const auto mixed = bench.client->read({cosem::VariableName{0xFA00}, cosem::VariableName{0x0003}},
                                        k_no_hurry, {});
  ASSERT_TRUE(mixed);
  EXPECT_EQ(std::get<Data>(mixed->at(0)), cosem::octet_string(cosem::names::k_current_association));
  EXPECT_EQ(std::get<DataAccessResult>(mixed->at(1)), DataAccessResult::object_undefined);
}

TEST(ShortNameReferencing, UnconfirmedWritesAreDoneWithoutAnAnswer) {
  ShortNameBench bench(testing::k_management_sap);
  const auto names = bench.client->short_names(k_no_hurry, {});
  ASSERT_TRUE(names);
  const auto base = (*names)->find(1, testing::k_scratch_name)->base;
  const std::size_t answers = bench.transport->received.size();
  ASSERT_TRUE(
      bench.client->write_unconfirmed({cosem::VariableName{*cosem::attribute_short_name(base, 2)}},
                                      {Data(std::uint8_t{9})}, k_no_hurry, {}));
  EXPECT_EQ(bench.transport->received.size(), answers);
  EXPECT_EQ(bench.get(k_short_note).value(), Data(std::uint8_t{9}));
}

TEST(ShortNameReferencing, RightsAreThoseOfTheRole) {
  ShortNameBench everybody(testing::k_public_sap);
  ASSERT_TRUE(everybody.opened);
  EXPECT_EQ(everybody.get(k_energy_value).error(), DataAccessResult::object_undefined);
  ShortNameBench reader(testing::k_reader_sap);
  const auto hidden =
      (*reader.client->short_names(k_no_hurry, {}))->find(3, cosem::names::k_active_import)->base;
  const auto guessed = everybody.client->read(
      {cosem::VariableName{*cosem::attribute_short_name(hidden, 2)}}, k_no_hurry, {});
  ASSERT_TRUE(guessed);
  EXPECT_EQ(std::get<DataAccessResult>(guessed->front()), DataAccessResult::object_undefined);
  EXPECT_EQ(reader.client->set(k_short_note, Data(std::uint8_t{1}), k_no_hurry, {}).error(),
            DataAccessResult::read_write_denied);
}

TEST(ShortNameReferencing, AMeterOffersOnlyTheContextsOfItsType) {
  ShortNameBench bench(testing::k_reader_sap, {}, "ln");
  ASSERT_FALSE(bench.opened);
  EXPECT_EQ(bench.opened.error().message(),
            "rejected-permanent, application-context-name-not-supported");
  ShortNameBench only_short(
      testing::k_reader_sap,
      [](cosem::ClientSettings& settings) {
        settings.referencing = cosem::Referencing::logical_name;
      },
      "sn");
  EXPECT_FALSE(only_short.opened);
}

TEST(ShortNameReferencing, NonsenseLeavesTheMeterSound) {
  ShortNameBench bench(testing::k_reader_sap);
  for (const char* octets :
       {"05", "0500", "050102", "0600", "0601020100", "C001C100030100010800FF0200", "0C0100",
        "0501050009", "0501060100030101", "060107000002010901CC", "05010601000104010602AA"}) {
    const auto answer = bench.client->raw_exchange(*cosem::from_hex(octets), k_no_hurry, {});
    ASSERT_TRUE(answer) << octets;
    EXPECT_TRUE(bench.get(k_energy_value)) << octets;
  }
}

// What travels in blocks is the list of results; some servers send the bare value of the only one.
TEST(ShortNameReferencing, ABareValueInBlocksIsTakenToo) {
  ShortNameBench bench(testing::k_reader_sap);
  ASSERT_TRUE(bench.get(k_energy_value));
  for (const char* octets : {"0C010201000104"
                             "01001105",
                             "0C0102010001021105"}) {
    bench.transport->instead = *cosem::from_hex(octets);
    EXPECT_EQ(bench.get(k_energy_value).value(), Data(std::uint8_t{5})) << octets;
  }
  bench.transport->instead = *cosem::from_hex("0C01020100010311050A");
  EXPECT_FALSE(bench.get(k_energy_value));
}

TEST(ShortNameReferencing, AnswersOfAnotherKindAreErrors) {
  ShortNameBench bench(testing::k_reader_sap);
  ASSERT_TRUE(bench.get(k_energy_value));
  const std::pair<const char*, cosem::Error> cases[] = {
      {"D80101", cosem::to_error(cosem::ExceptionResponse{1, 1, {}})},
      {"0E050302", cosem::to_error(cosem::ConfirmedServiceError{5, 3, 2})},
      {"0D0100", CosemError::unexpected_apdu},
      {"0C0200110100110"
       "1",
       CosemError::bad_length},
      {"0C010200000102AABB", CosemError::wrong_block},
      {"0C01", CosemError::truncated},
      {"C401C1001101", CosemError::unexpected_apdu}};
  for (const auto& [octets, error] : cases) {
    bench.transport->instead = *cosem::from_hex(octets);
    const auto got = bench.get(k_energy_value);
    ASSERT_FALSE(got) << octets;
    if (error != CosemError::wrong_block) {
      EXPECT_EQ(got.error(), error) << octets;
    }
    EXPECT_TRUE(bench.get(k_energy_value)) << octets;
  }
}

}  // namespace
}  // namespace meterproof::simulated
