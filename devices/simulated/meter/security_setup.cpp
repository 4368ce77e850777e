#include "devices/simulated/meter/security_setup.hpp"

#include <algorithm>
#include <utility>

#include "devices/cosem/security_policy.hpp"
#include "devices/simulated/meter/class_ids.hpp"
#include "devices/simulated/meter/nonvolatile_octets.hpp"

namespace meterproof::simulated {
namespace {

using cosem::ActionOutcome;
using cosem::ActionResult;
using cosem::Bytes;
using cosem::BytesView;
using cosem::Data;
using cosem::SecuritySuite;

constexpr std::int64_t k_unicast_key = 0, k_authentication_key = 2, k_master_key = 3;
constexpr std::size_t k_most_keys = 8;

// The fields of structure{enum, octet-string}, of which methods take an array.
struct KeyElement {
  std::int64_t id = 0;
  BytesView octets;
};
std::optional<std::vector<KeyElement>> key_elements(const std::optional<Data>& parameters) {
  const auto* array = parameters ? parameters->elements() : nullptr;
  if (array == nullptr || array->empty() || array->size() > k_most_keys) return std::nullopt;
  std::vector<KeyElement> found;
  for (const Data& element : *array) {
    const auto* fields = element.elements();
    if (fields == nullptr || fields->size() != 2) return std::nullopt;
    const auto id = (*fields)[0].integer();
    const auto octets = (*fields)[1].octets();
    if (!id || *id < k_unicast_key || *id > k_master_key || !octets) return std::nullopt;
    found.push_back({*id, *octets});
  }
  return found;
}

std::optional<cosem::CertificateUse> use_in(const std::optional<Data>& parameters) {
  const auto number = parameters ? parameters->integer() : std::nullopt;
  if (number == 0) return cosem::CertificateUse::digital_signature;
  if (number == 1) return cosem::CertificateUse::key_agreement;
  return std::nullopt;
}

std::string policy_name(const Role& role) { return "policy." + role.name; }
std::string certificate_name(const Role& role, std::size_t number) {
  return "certificate." + role.name + "." + std::to_string(number);
}
std::string key_pair_name(const Role& role, cosem::CertificateUse use) {
  return "key_pair." + role.name + "." + std::to_string(static_cast<int>(use));
}

ActionOutcome refused_as(ActionResult why) { return {why, {}}; }
ActionOutcome setup_done() { return {ActionResult::success, {}}; }

}  // namespace

SecuritySetup::SecuritySetup(Role& role, const MeterUnit& unit, Nonvolatile& memory,
                             Calendar calendar)
    : role_(role),
      own_title_(unit.system_title),
      memory_(memory),
      calendar_(std::move(calendar)),
      suite_(role.key_sets.front().keys().suite) {
  if (const auto stored = memory_.get(policy_name(role_)); stored != 0) {
    const auto policy = cosem::security_policy_from(1, static_cast<std::uint8_t>(stored & 0xFF));
    if (policy) role_.policy = *policy;
  }
  if (const auto master =
          cosem::SymmetricKey::from(stored_octets(memory_, "master_key." + role_.name)))
    role_.master_key = *master;
  for (const Use use : {Use::digital_signature, Use::key_agreement}) {
    const auto key =
        cosem::PrivateKey::from(suite_, stored_octets(memory_, key_pair_name(role_, use)));
    if (!key) continue;
    (use == Use::digital_signature ? role_.signing_key : role_.agreement_key) = *key;
  }
  const std::uint64_t count = std::min<std::uint64_t>(memory_.get("certificates." + role_.name), 8);
  for (std::size_t number = 0; number < count; ++number) {
    const auto certificate =
        cosem::Certificate::from_der(stored_octets(memory_, certificate_name(role_, number)));
    if (certificate) take_certificate(*certificate);
  }
}

void SecuritySetup::activate_keys() {
  for (KeySet& keys : role_.key_sets) keys.activate_staged();
}

ActionOutcome SecuritySetup::activate_policy(const Parameters& parameters) {
  const auto number = parameters ? parameters->unsigned_integer() : std::nullopt;
  if (!number || *number > 0xFF) return refused_as(ActionResult::type_unmatched);
  const auto wanted = cosem::security_policy_from(version(), static_cast<std::uint8_t>(*number));
  if (!wanted) return refused_as(ActionResult::other_reason);
  // Without the keys nobody could speak to it any more.
  if ((wanted->request_signed && !role_.client_signing_key) ||
      (wanted->response_signed && !role_.signing_key))
    return refused_as(ActionResult::other_reason);
  if (!cosem::at_least_as_strong(*wanted, role_.policy))
    return refused_as(ActionResult::read_write_denied);
  role_.policy = *wanted;
  memory_.set(policy_name(role_), cosem::security_policy_value(1, *wanted).value_or(0));
  return setup_done();
}

// Of the keys that a method brings, into a copy that is taken over when all of them are good.
bool SecuritySetup::stage(std::int64_t key_id, const cosem::SymmetricKey& key,
                          Staged& staged) const {
  if (key.size() != cosem::key_octets(suite_)) return false;
  switch (key_id) {
    case k_unicast_key:
      staged.keys.encryption = key;
      return true;
    case k_authentication_key:
      staged.keys.authentication = key;
      return true;
    case k_master_key:
      staged.master = key;
      return true;
    default:
      return false;  // there is no broadcast key here
  }
}

SecuritySetup::Staged SecuritySetup::keys_now() const {
  return {role_.key_sets.front().keys(), role_.master_key};
}

void SecuritySetup::take_over(const Staged& staged) {
  role_.key_sets.front().stage(staged.keys);
  role_.master_key = staged.master;
  if (role_.master_key) store_octets(memory_, "master_key." + role_.name, *role_.master_key);
}

ActionOutcome SecuritySetup::transfer_keys(const Parameters& parameters) {
  const auto elements = key_elements(parameters);
  if (!elements) return refused_as(ActionResult::type_unmatched);
  if (!role_.master_key) return refused_as(ActionResult::object_unavailable);
  Staged staged = keys_now();
  for (const KeyElement& element : *elements) {
    const auto octets = cosem::unwrap_key(*role_.master_key, element.octets);
    const auto key = octets ? cosem::SymmetricKey::from(*octets) : std::nullopt;
    if (!key || !stage(element.id, *key, staged))
      return refused_as(ActionResult::read_write_denied);
  }
  take_over(staged);
  return setup_done();
}

ActionOutcome SecuritySetup::agree_keys(const Parameters& parameters) {
  const auto elements = key_elements(parameters);
  if (!elements) return refused_as(ActionResult::type_unmatched);
  if (!role_.signing_key || !role_.client_signing_key)
    return refused_as(ActionResult::object_unavailable);
  const std::size_t point = 2 * cosem::field_octets(suite_);
  Staged staged = keys_now();
  std::vector<Data> answers;
  for (const KeyElement& element : *elements) {
    if (element.octets.size() != 2 * point) return refused_as(ActionResult::type_unmatched);
    const auto signed_part = [&](BytesView public_key) {
      Bytes octets;
      cosem::append_u8(octets, static_cast<std::uint8_t>(element.id));
      cosem::append(octets, public_key);
      return octets;
    };
    const auto theirs = cosem::PublicKey::from(suite_, element.octets.first(point));
    if (!theirs || !cosem::verify_signature(*role_.client_signing_key,
                                            signed_part(element.octets.first(point)),
                                            element.octets.subspan(point)))
      return refused_as(ActionResult::read_write_denied);
    const auto own = cosem::PrivateKey::generate(suite_).value();
    const auto z = cosem::shared_secret(own, *theirs);
    if (!z) return refused_as(ActionResult::read_write_denied);
    const auto use = element.id == k_master_key ? cosem::KeyUse::wrap : cosem::KeyUse::cipher;
    if (!stage(element.id, cosem::derive_key(suite_, use, *z, role_.client_title, own_title_),
               staged))
      return refused_as(ActionResult::read_write_denied);
    Bytes answer = own.public_key().octets();
    cosem::append(answer, cosem::sign(*role_.signing_key, signed_part(own.public_key().octets())));
    answers.push_back(cosem::structure(
        {Data(cosem::Enum{static_cast<std::uint8_t>(element.id)}), cosem::octet_string(answer)}));
  }
  take_over(staged);
  return {ActionResult::success, cosem::array(std::move(answers))};
}

ActionOutcome SecuritySetup::generate_key_pair(const Parameters& parameters) {
  const auto use = use_in(parameters);
  if (!use) return refused_as(ActionResult::type_unmatched);
  generated_.insert_or_assign(*use, cosem::PrivateKey::generate(suite_).value());
  return setup_done();
}

ActionOutcome SecuritySetup::make_request(const Parameters& parameters) {
  const auto use = use_in(parameters);
  if (!use) return refused_as(ActionResult::type_unmatched);
  const auto key = generated_.find(*use);
  if (key == generated_.end()) return refused_as(ActionResult::object_unavailable);
  return {ActionResult::success,
          cosem::octet_string(cosem::certificate_request(key->second, own_title_))};
}

Object SecuritySetup::object(const cosem::LogicalName& name) {
  const auto method = [this](std::int8_t id,
                             ActionOutcome (SecuritySetup::*run)(const Parameters&)) {
    return Method{id, [this, run](const Parameters& parameters, Notifications&) {
                    return (this->*run)(parameters);
                  }};
  };
  Object made{k_class_security, version(), name, {}, {}, false};
  made.attributes = {
      readable(2,
               [this] {
                 return Data(cosem::Enum{
                     cosem::security_policy_value(version(), role_.policy).value_or(0)});
               }),
      constant(3, Data(cosem::Enum{static_cast<std::uint8_t>(suite_)})),
      readable(4, [this] { return cosem::octet_string(role_.client_title); }),
      constant(5, cosem::octet_string(BytesView(own_title_)))};
  made.methods = {method(1, &SecuritySetup::activate_policy),
                  method(2, &SecuritySetup::transfer_keys)};
  if (version() == 0) return made;
  made.attributes.push_back(readable(6, [this] { return certificate_list(); }));
  made.methods.push_back(method(3, &SecuritySetup::agree_keys));
  made.methods.push_back(method(4, &SecuritySetup::generate_key_pair));
  made.methods.push_back(method(5, &SecuritySetup::make_request));
  made.methods.push_back(method(6, &SecuritySetup::import_certificate));
  made.methods.push_back({7, [this](const Parameters& parameters, Notifications&) {
                            return export_certificate(parameters);
                          }});
  made.methods.push_back(method(8, &SecuritySetup::remove_certificate));
  return made;
}

}  // namespace meterproof::simulated
