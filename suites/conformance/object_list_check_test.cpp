#include "suites/conformance/object_list_check.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "devices/cosem/logical_name.hpp"

namespace meterproof::suites {
namespace {

using cosem::Data;
using cosem::operator""_ln;

struct ShownObject {
  std::uint16_t class_id;
  std::uint8_t version;
  cosem::LogicalName name;
  std::vector<std::pair<int, int>> attributes, methods;  // id, mode
};

Data rights_of(const std::vector<std::pair<int, int>>& items, bool selectors) {
  std::vector<Data> list;
  for (const auto& [id, mode] : items) {
    std::vector<Data> fields{Data(static_cast<std::int8_t>(id)),
                             Data(cosem::Enum{static_cast<std::uint8_t>(mode)})};
    if (selectors) fields.emplace_back(cosem::Null{});
    list.push_back(cosem::structure(std::move(fields)));
  }
  return cosem::array(std::move(list));
}

Data shown_list(const std::vector<ShownObject>& objects) {
  std::vector<Data> list;
  for (const ShownObject& object : objects)
    list.push_back(cosem::structure({Data(object.class_id), Data(object.version),
                                     cosem::octet_string(object.name),
                                     cosem::structure({rights_of(object.attributes, true),
                                                       rights_of(object.methods, false)})}));
  return cosem::array(std::move(list));
}

class ObjectListCheck : public testing::Test {
 protected:
  ObjectListCheck() {
    auto profile = std::make_shared<bench::MarketProfile>();
    bench::MarketObject clock;
    clock.class_id = 8;
    clock.version = 0;
    clock.name = "0-0:1.0.0.255";
    clock.title = "clock";
    clock.rights = {{"management", {{2, "rw"}, {3, "r"}}, {1}}};
    bench::MarketObject number;
    number.class_id = 1;
    number.name = "0-0:96.1.0.255";
    number.title = "serial number";
    profile->objects = {clock, number};
    type_.profile = profile;
    client_.name = "management";
    client_.may_read = {"*"};
  }

  ObjectListFindings compare(const std::function<void()>& change = {}) {
    if (change) change();
    return compare_object_list(type_, client_, shown_list(shown_));
  }

  bench::MeterType type_;
  bench::DeclaredClient client_;
  std::vector<ShownObject> shown_{{8, 0, "0-0:1.0.0.255"_ln, {{1, 1}, {2, 3}, {3, 1}}, {{1, 1}}},
                                  {1, 0, "0-0:96.1.0.255"_ln, {{1, 1}, {2, 3}}, {}}};
};

using Strings = std::vector<std::string>;

TEST_F(ObjectListCheck, FindsNothingWhereTheListIsAsDeclared) {
  const auto found = compare();
  EXPECT_EQ(found.compared, 2u);
  for (const Strings& each :
       {found.malformed, found.missing, found.extra, found.versions, found.rights})
    EXPECT_EQ(each, Strings{});
}

TEST_F(ObjectListCheck, NamesAMissingObject) {
  EXPECT_EQ(compare([this] { shown_.pop_back(); }).missing,
            Strings{"Data 0-0:96.1.0.255 (serial number)"});
  // Another class under the same name is another object.
  const auto found = compare([this] { shown_.front().class_id = 1; });
  EXPECT_EQ(found.missing.front(), "Clock 0-0:1.0.0.255 (clock)");
  EXPECT_EQ(found.extra, Strings{"Data 0-0:1.0.0.255"});
}

TEST_F(ObjectListCheck, DoesNotMissWhatIsDeclaredForOtherClientsOnly) {
  client_.name = "reader";
  client_.may_read = {};
  shown_.clear();
  EXPECT_EQ(compare().missing, Strings{});
  client_.may_read = {"0-0:96.1.0.255"};
  EXPECT_EQ(compare().missing, Strings{"Data 0-0:96.1.0.255 (serial number)"});
}

TEST_F(ObjectListCheck, NamesAnExtraObject) {
  EXPECT_EQ(compare([this] {
              shown_.push_back({70, 0, "0-0:96.3.10.255"_ln, {}, {}});
            }).extra,
            Strings{"Disconnect control 0-0:96.3.10.255"});
}

TEST_F(ObjectListCheck, NamesAWrongVersion) {
  EXPECT_EQ(compare([this] { shown_.front().version = 1; }).versions,
            Strings{"Clock 0-0:1.0.0.255: version 1, declared 0"});
}

TEST_F(ObjectListCheck, NamesWrongRights) {
  const auto rights = [this](int attribute, int mode) {
    shown_.front().attributes[static_cast<std::size_t>(attribute - 1)].second = mode;
    return compare().rights;
  };
  EXPECT_EQ(rights(2, 1), Strings{"0-0:1.0.0.255 attribute 2: r, declared rw"});
  EXPECT_EQ(rights(2, 6), Strings{});  // authenticated read and write
  EXPECT_EQ(rights(3, 3), Strings{"0-0:1.0.0.255 attribute 3: rw, declared r"});
  EXPECT_EQ(rights(3, 0), Strings{"0-0:1.0.0.255 attribute 3: no access, declared r"});
  rights(3, 1);
  shown_.front().attributes.emplace_back(4, 1);
  EXPECT_EQ(compare().rights, Strings{"0-0:1.0.0.255 attribute 4: r, declared no access"});
  shown_.front().attributes.pop_back();
  shown_.front().methods = {{1, 0}, {2, 1}};
  EXPECT_EQ(compare().rights, (Strings{"0-0:1.0.0.255 method 2: executable, not declared",
                                       "0-0:1.0.0.255 method 1: not executable, declared"}));
}

TEST_F(ObjectListCheck, ReadsTheAccessModesOfALaterAssociation) {
  shown_.push_back({15, 3, cosem::names::k_current_association, {{1, 1}}, {}});
  shown_.front().attributes = {{1, 1}, {2, 0x1B}, {3, 0x09}};  // bits, with protection demanded
  EXPECT_EQ(compare().rights, Strings{});
  shown_.front().attributes[2].second = 0x0B;
  EXPECT_EQ(compare().rights, Strings{"0-0:1.0.0.255 attribute 3: rw, declared r"});
}

TEST_F(ObjectListCheck, NamesWhatIsNoObjectList) {
  EXPECT_EQ(compare_object_list(type_, client_, Data(std::uint8_t{1})).malformed.size(), 1u);
  EXPECT_EQ(
      compare_object_list(type_, client_, cosem::array({Data(std::uint8_t{1})})).malformed.size(),
      1u);
  EXPECT_EQ(compare([this] { shown_.push_back(shown_.back()); }).malformed,
            Strings{"0-0:96.1.0.255 stands there twice"});
}

}  // namespace
}  // namespace meterproof::suites
