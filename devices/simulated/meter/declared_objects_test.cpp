// A simulated meter of a type with a market profile shows the profile's objects, readable, with the
// declared types, units and rights.
#include "devices/simulated/meter/declared_objects.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "devices/cosem/classes/lookup.hpp"
#include "devices/cosem/market_words.hpp"
#include "devices/simulated/meter/test_meter.hpp"
#include "harness/bench/bench_file.hpp"

namespace meterproof::simulated::testing {
namespace {

using cosem::Data;
using ObjectKey = std::pair<int, std::string>;

const std::string k_types = METERPROOF_SOURCE_DIR "/devices/types/";

// The type as it is shipped, its HLS client known to TestClient as SAP 1.
MeterUnit unit_of_type(const std::string& name, const std::string& hls_client) {
  MeterUnit unit = test_unit({});
  auto type = std::make_shared<bench::MeterType>(*bench::load_meter_type(k_types + name + ".toml"));
  type->boot = std::chrono::milliseconds(20);
  for (bench::DeclaredClient& client : type->clients)
    if (client.name == hls_client) client.client_sap = k_management_sap;
  unit.clients[hls_client] = unit.clients["management"];
  for (const bench::DeclaredClient& client : type->clients)
    if (client.authentication == "lls") unit.clients[client.name].password = k_password;
  unit.type = std::move(type);
  return unit;
}

std::set<ObjectKey> listed_by(TestClient& client) {
  std::set<ObjectKey> keys;
  const auto list = client.get(15, cosem::names::k_current_association);
  const auto* data = std::get_if<Data>(&list);
  if (!data || !data->elements()) {
    ADD_FAILURE() << "no object list";
    return keys;
  }
  for (const Data& element : *data->elements()) {
    const auto& fields = *element.elements();
    keys.emplace(static_cast<int>(*fields[0].integer()),
                 cosem::LogicalName::from(*fields[2].octets())->to_string());
  }
  return keys;
}

struct ServedType {
  const char *type, *hls_client;
};
const ServedType k_served[] = {{"virtual_idis_2", "management"},
                               {"virtual_smr_5", "management"},
                               {"virtual_is15959_2", "utility_settings"}};

TEST(DeclaredObjects, TheMeterShowsTheListOfItsTypeAndNothingElse) {
  for (const ServedType& served : k_served) {
    TestMeter meter(unit_of_type(served.type, served.hls_client));
    TestClient client(meter, k_management_sap);
    client.max_pdu = 65535;
    client.open();
    std::set<ObjectKey> declared;
    const auto type = bench::load_meter_type(k_types + served.type + ".toml");
    for (const bench::MarketObject& object : type->profile->objects)
      declared.emplace(object.class_id, object.name);
    EXPECT_EQ(listed_by(client), declared) << served.type;
  }
}

TEST(DeclaredObjects, EveryAttributeThatMayBeReadHasAValueOfItsClass) {
  for (const ServedType& served : k_served) {
    TestMeter meter(unit_of_type(served.type, served.hls_client));
    TestClient client(meter, k_management_sap);
    client.max_pdu = 65535;
    client.open();
    const auto type = bench::load_meter_type(k_types + served.type + ".toml");
    for (const bench::MarketObject& object : type->profile->objects) {
      if (object.class_id == 15) continue;  // the meter's own
      const auto id = static_cast<std::uint16_t>(object.class_id);
      const auto name = *cosem::LogicalName::parse(object.name);
      const auto* known = object.version ? cosem::classes::find_class(
                                               id, static_cast<std::uint8_t>(*object.version))
                                         : cosem::classes::newest_class(id);
      ASSERT_NE(known, nullptr) << object.name;
      const auto value = client.get(id, name);
      const bench::ObjectRights* rights = nullptr;
      for (const auto& each : object.rights)
        if (each.client == served.hls_client) rights = &each;
      if (rights && !rights->attributes.contains(2)) continue;
      ASSERT_TRUE(std::holds_alternative<Data>(value)) << served.type << " " << object.name;
      if (!object.type.empty()) {
        EXPECT_EQ(cosem::type_name(std::get<Data>(value)), object.type) << object.name;
      }
      EXPECT_EQ(
          to_string(cosem::classes::check_attribute(id, known->version, 2, std::get<Data>(value))),
          "")
          << served.type << " " << object.name;
    }
  }
}

TEST(DeclaredObjects, RegistersHaveTheDeclaredUnitAndFollowThePlant) {
  TestMeter meter(unit_of_type("virtual_smr_5", "management"));
  TestClient client(meter, k_management_sap);
  client.open();
  const cosem::LogicalName voltage{{1, 0, 32, 7, 0, 255}};  // V, scaler -1, long-unsigned
  EXPECT_EQ(std::get<Data>(client.get(3, voltage)), Data(std::uint16_t{2300}));
  EXPECT_EQ(std::get<Data>(client.get(3, voltage, 3)),
            cosem::structure({Data(std::int8_t{-1}), Data(cosem::Enum{35})}));
  const cosem::LogicalName current{{1, 0, 31, 7, 0, 255}};  // A, scaler -2
  EXPECT_EQ(std::get<Data>(client.get(3, current)), Data(std::uint16_t{500}));
}

TEST(DeclaredObjects, RightsAreThoseOfTheProfile) {
  TestMeter meter(unit_of_type("virtual_smr_5", "management"));
  TestClient client(meter, k_management_sap);
  client.open();
  const cosem::LogicalName profile{{1, 0, 99, 1, 1, 255}};  // 3rw 4r
  const auto set = [&](std::int8_t attribute, Data value) {
    cosem::SetRequestNormal request;
    request.attribute = {7, profile, attribute};
    request.value = std::move(value);
    const auto answer = client.ask(request);
    return std::get<cosem::SetResponseNormal>(*answer).result;
  };
  EXPECT_EQ(set(3, cosem::array({})), cosem::DataAccessResult::success);
  EXPECT_EQ(set(3, Data(std::uint8_t{1})), cosem::DataAccessResult::type_unmatched);
  EXPECT_EQ(set(4, Data(std::uint32_t{900})), cosem::DataAccessResult::read_write_denied);
}

// Class, version, attribute and method numbers of every profile against the tables of classes.
TEST(MarketProfiles, NameOnlyWhatTheirClassesHave) {
  int profiles = 0;
  for (const auto& entry : std::filesystem::directory_iterator(k_types + "markets")) {
    const auto profile = bench::load_market_profile(entry.path().string());
    ++profiles;
    for (const bench::MarketObject& object : profile->objects) {
      const auto id = static_cast<std::uint16_t>(object.class_id);
      const std::string where = profile->file + ":" + std::to_string(object.line) + ": ";
      // GBCS extended data is no class of the DLMS UA; Data protection has no table here.
      if (id == 9000 || id == 30) continue;
      const auto* known = object.version ? cosem::classes::find_class(
                                               id, static_cast<std::uint8_t>(*object.version))
                                         : cosem::classes::newest_class(id);
      ASSERT_NE(known, nullptr) << where << "no such class and version";
      for (const bench::ObjectRights& rights : object.rights) {
        for (const auto& [attribute, mode] : rights.attributes)
          EXPECT_NE(cosem::classes::find_attribute(*known, attribute), nullptr)
              << where << "no attribute " << attribute;
        for (const int method : rights.methods)
          EXPECT_NE(cosem::classes::find_method(*known, method), nullptr)
              << where << "no method " << method;
      }
    }
  }
  EXPECT_GE(profiles, 13);
}

}  // namespace
}  // namespace meterproof::simulated::testing
