#include <array>

#include "devices/cosem/initiate.hpp"
#include "devices/simulated/meter/class_ids.hpp"
#include "devices/simulated/meter/objects.hpp"

namespace meterproof::simulated {
namespace {

using cosem::Data;
using cosem::DataOrResult;

// Object identifiers 2.16.756.5.8.{1,2}.x in BER, as the octet-string form of the names.
cosem::Bytes dlms_name(std::uint8_t branch, std::uint8_t last) {
  constexpr std::array<std::uint8_t, 5> k_dlms_arc = {0x60, 0x85, 0x74, 0x05, 0x08};
  cosem::Bytes name;
  for (const std::uint8_t octet : k_dlms_arc) cosem::append_u8(name, octet);
  cosem::append_u8(name, branch);
  cosem::append_u8(name, last);
  return name;
}

Data context_info() {
  const std::uint32_t bits = meter_conformance();
  cosem::Bytes octets;
  for (const int shift : {16, 8, 0}) octets.push_back(static_cast<std::byte>(bits >> shift));
  return cosem::structure({Data(cosem::BitString{24, octets}), Data(k_meter_max_pdu),
                           Data(k_meter_max_pdu), Data(std::uint8_t{6}), Data(std::int8_t{0}),
                           cosem::octet_string(cosem::Bytes{})});
}

// The role is the one whose association the object describes; nothing: that of the asking client.
Object association_object(const MeterParts& parts, const ObjectModel& model,
                          const cosem::LogicalName& name, const Role* described) {
  const auto of = [described](const Question& question) -> const Role& {
    return described != nullptr ? *described : question.role;
  };
  const auto server_sap = static_cast<std::uint16_t>(parts.unit.type->server_sap);
  std::vector<Attribute> attributes;
  const auto add = [&](std::int8_t id, std::function<DataOrResult(const Question&)> get) {
    attributes.push_back({id, std::move(get), {}, {}});
  };
  add(2, [of, &model](const Question& q) { return DataOrResult(model.object_list(of(q))); });
  add(3, [of, server_sap](const Question& q) {
    return DataOrResult(
        cosem::structure({Data(static_cast<std::int8_t>(of(q).client_sap)), Data(server_sap)}));
  });
  add(4, [of](const Question& q) {
    return DataOrResult(cosem::octet_string(
        dlms_name(1, of(q).ciphered ? cosem::context::k_ln_ciphered : cosem::context::k_ln)));
  });
  add(5, [](const Question&) { return DataOrResult(context_info()); });
  add(6, [of](const Question& q) {
    return DataOrResult(cosem::octet_string(dlms_name(2, of(q).mechanism)));
  });
  attributes.push_back({7, {}, {}, {}});  // the secret: known to exist, never readable or writable
  add(8, [](const Question&) { return DataOrResult(Data(cosem::Enum{2})); });
  add(9,
      [of](const Question& q) { return DataOrResult(cosem::octet_string(of(q).security_setup)); });
  return {k_class_association, 1, name, std::move(attributes), {}, described == nullptr};
}

}  // namespace

std::uint32_t meter_conformance() {
  namespace c = cosem::conformance;
  return c::k_general_protection | c::k_general_block_transfer | c::k_priority_management |
         c::k_block_transfer_with_get | c::k_block_transfer_with_set |
         c::k_block_transfer_with_action | c::k_multiple_references | c::k_data_notification |
         c::k_access | c::k_get | c::k_set | c::k_selective_access | c::k_action;
}

std::uint32_t meter_conformance_short_names() {
  namespace c = cosem::conformance;
  return c::k_general_protection | c::k_general_block_transfer | c::k_offered_short_names;
}

void add_association_objects(ObjectModel& model, const MeterParts& parts) {
  model.add(association_object(parts, model, cosem::names::k_current_association, nullptr));
  std::uint8_t number = 1;
  for (const Role& role : parts.roles) {
    model.add(association_object(parts, model, {{0, 0, 40, 0, number, 255}}, &role));
    ++number;
  }
  const Data device =
      cosem::structure({Data(static_cast<std::uint16_t>(parts.unit.type->server_sap)),
                        cosem::octet_string(cosem::to_bytes(logical_device_name(parts.unit)))});
  model.add({k_class_sap_assignment,
             0,
             {{0, 0, 41, 0, 0, 255}},
             {constant(2, cosem::array({device}))},
             {},
             false});
}

}  // namespace meterproof::simulated
