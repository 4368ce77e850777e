// The simulated meter against the tables of interface classes: what its objects are, what types
// it serves over the wire, and that nobody may do what the object list does not say.
#include "devices/simulated/meter/model_check.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "devices/cosem/classes/lookup.hpp"
#include "devices/cosem/classes/obis_name.hpp"
#include "devices/cosem/classes/object_list.hpp"
#include "devices/simulated/meter/class_ids.hpp"
#include "devices/simulated/meter/test_meter.hpp"

namespace meterproof::simulated {
namespace {

namespace classes = cosem::classes;
using classes::ListedObject;
using cosem::Data;
using testing::TestClient;
using testing::TestMeter;

TEST(ModelCheck, TheHealthyMetersObjectsAreOfTheirClasses) {
  TestMeter meter;
  EXPECT_THAT(model_deviations(meter.application().model().objects()), ::testing::IsEmpty());
}

TEST(ModelCheck, WhatNoClassKnowsIsNamed) {
  const cosem::LogicalName name = cosem::names::k_clock;
  const Object unknown{9999, 0, name, {}, {}, false};
  const Object odd{k_class_data, 0,    name, {constant(2, Data(true)), constant(40, Data(true))},
                   {{9, {}}},    false};
  const Object poor{k_class_register, 0, name, {constant(2, Data(true))}, {}, false};
  EXPECT_THAT(
      model_deviations({unknown, odd, poor}),
      ::testing::ElementsAre("class 9999 v0 0-0:1.0.0.255: no table of this class and version",
                             "Data v0 0-0:1.0.0.255: has no attribute 40",
                             "Data v0 0-0:1.0.0.255: has no method 9",
                             "Register v0 0-0:1.0.0.255: lacks attribute scaler_unit"));
}

class MeterAgainstTheTables : public ::testing::TestWithParam<std::uint16_t> {
 protected:
  void SetUp() override {
    client_.open();
    const auto list = client_.get(15, cosem::names::k_current_association, 2);
    ASSERT_TRUE(std::holds_alternative<Data>(list));
    const Data& data = std::get<Data>(list);
    const auto version = classes::association_version(data);
    ASSERT_TRUE(version) << "the list names its own association";
    auto objects = classes::object_list_from(data, *version);
    ASSERT_TRUE(objects.has_value());
    objects_ = std::move(*objects);
    ASSERT_FALSE(objects_.empty());
  }
  static classes::AccessMode mode_of(const ListedObject& object, int attribute) {
    const auto found = std::find_if(object.attributes.begin(), object.attributes.end(),
                                    [&](const auto& right) { return right.index == attribute; });
    return found == object.attributes.end() ? classes::AccessMode{} : found->mode;
  }
  static bool may_call(const ListedObject& object, int method) {
    return std::any_of(object.methods.begin(), object.methods.end(),
                       [&](const auto& right) { return right.index == method && right.mode.call; });
  }
  cosem::DataOrResult read(const ListedObject& object, std::int8_t attribute) {
    return client_.get(object.class_id, object.name, attribute);
  }

  TestMeter meter_;
  TestClient client_{meter_, GetParam()};
  std::vector<ListedObject> objects_;
};

TEST_P(MeterAgainstTheTables, EveryAttributeHasTheTypeOfItsClassOrIsRefused) {
  std::size_t read_well = 0;
  for (const ListedObject& object : objects_) {
    const classes::InterfaceClass* known = classes::find_class(object.class_id, object.version);
    ASSERT_NE(known, nullptr) << classes::heading(object);
    for (const auto& attribute : known->attributes) {
      SCOPED_TRACE(classes::describe(
          cosem::AttributeDescriptor{object.class_id, object.name, attribute.index}));
      const auto answer = read(object, attribute.index);
      const auto* value = std::get_if<Data>(&answer);
      EXPECT_EQ(value != nullptr, mode_of(object, attribute.index).read)
          << "what the object list says and what the meter does differ";
      if (value == nullptr) continue;
      ++read_well;
      EXPECT_EQ(classes::to_string(check_type(classes::type_of(attribute), *value)), "");
    }
  }
  EXPECT_GT(read_well, objects_.size());
}

TEST_P(MeterAgainstTheTables, WhatIsNotGrantedCannotBeWritten) {
  for (const ListedObject& object : objects_) {
    for (const auto& attribute : classes::find_class(object.class_id, object.version)->attributes) {
      if (mode_of(object, attribute.index).write) continue;
      const cosem::AttributeDescriptor target{object.class_id, object.name, attribute.index};
      SCOPED_TRACE(classes::describe(target));
      cosem::SetRequestNormal request;
      request.attribute = target;
      request.value = Data(std::uint8_t{1});
      const auto answer = client_.ask(request);
      ASSERT_TRUE(answer && std::holds_alternative<cosem::SetResponseNormal>(*answer));
      EXPECT_NE(std::get<cosem::SetResponseNormal>(*answer).result,
                cosem::DataAccessResult::success);
    }
  }
}

TEST_P(MeterAgainstTheTables, WhatIsNotGrantedCannotBeCalled) {
  for (const ListedObject& object : objects_) {
    for (const auto& method : classes::find_class(object.class_id, object.version)->methods) {
      // reply_to_HLS_authentication belongs to the login, which has tests of its own.
      if (object.class_id == k_class_association && method.index == 1) continue;
      if (may_call(object, method.index)) continue;
      SCOPED_TRACE(
          classes::describe(cosem::MethodDescriptor{object.class_id, object.name, method.index}));
      EXPECT_NE(client_.action(object.class_id, object.name, method.index),
                cosem::ActionResult::success);
    }
  }
  EXPECT_TRUE(meter_.plant.relay);
}

INSTANTIATE_TEST_SUITE_P(Clients, MeterAgainstTheTables,
                         ::testing::Values(testing::k_public_sap, testing::k_reader_sap,
                                           testing::k_management_sap));

}  // namespace
}  // namespace meterproof::simulated
