// SecuritySetup's certificates: what comes in, what may go out, and whose key each one is.
#include <algorithm>

#include "devices/simulated/meter/nonvolatile_octets.hpp"
#include "devices/simulated/meter/security_setup.hpp"

namespace meterproof::simulated {
namespace {

using cosem::ActionOutcome;
using cosem::ActionResult;
using cosem::Bytes;
using cosem::BytesView;
using cosem::Certificate;
using cosem::CertificateUse;
using cosem::Data;

constexpr std::size_t k_most_certificates = 8, k_longest_certificate = 2048;
constexpr std::int64_t k_of_server = 0, k_of_client = 1, k_of_authority = 2, k_of_others = 3;
constexpr std::int64_t k_other_type = 3;

std::int64_t type_of(const Certificate& certificate) {
  if (certificate.allows(CertificateUse::digital_signature)) return 0;
  return certificate.allows(CertificateUse::key_agreement) ? 1 : k_other_type;
}

std::int64_t entity_of(const Certificate& certificate, const cosem::SystemTitle& own) {
  if (certificate.is_authority()) return k_of_authority;
  const auto title = certificate.system_title();
  if (!title) return k_of_others;
  return *title == own ? k_of_server : k_of_client;
}

Data text_data(const std::string& text) { return cosem::octet_string(cosem::to_bytes(text)); }

}  // namespace

ActionOutcome SecuritySetup::import_certificate(const Parameters& parameters) {
  const auto octets = parameters ? parameters->octets() : std::nullopt;
  if (!octets || octets->size() > k_longest_certificate) return {ActionResult::type_unmatched, {}};
  const auto certificate = Certificate::from_der(*octets);
  if (!certificate || certificate->public_key().suite() != suite_)
    return {ActionResult::type_unmatched, {}};
  const auto known = [&](const Certificate& one) { return one.der() == certificate->der(); };
  if (std::any_of(certificates_.begin(), certificates_.end(), known))
    return {ActionResult::success, {}};
  if (certificates_.size() >= k_most_certificates) return {ActionResult::temporary_failure, {}};
  if (!certificate->check_time(calendar_()) || !take_certificate(*certificate))
    return {ActionResult::read_write_denied, {}};
  save_certificates();
  return {ActionResult::success, {}};
}

// Whether it may come in; its key is then in use. Asked again of every stored one after boot.
bool SecuritySetup::take_certificate(const Certificate& certificate) {
  const auto anchor = std::find_if(certificates_.begin(), certificates_.end(),
                                   [](const Certificate& one) { return one.is_authority(); });
  if (anchor == certificates_.end()) {
    if (!certificate.is_authority() || !certificate.check_issuer(certificate)) return false;
    certificates_.push_back(certificate);
    return true;
  }
  const auto title = certificate.system_title();
  if (!certificate.check_issuer(*anchor) || certificate.is_authority() || !title) return false;
  const bool signs = certificate.allows(CertificateUse::digital_signature);
  const bool agrees = certificate.allows(CertificateUse::key_agreement);
  // One key, one use.
  if (signs == agrees) return false;
  const Use use = signs ? Use::digital_signature : Use::key_agreement;
  auto& own_key = signs ? role_.signing_key : role_.agreement_key;
  if (*title == own_title_) {
    const auto generated = generated_.find(use);
    const bool fresh = generated != generated_.end() &&
                       generated->second.public_key().octets() == certificate.public_key().octets();
    const bool in_use =
        own_key && own_key->public_key().octets() == certificate.public_key().octets();
    if (!fresh && !in_use) return false;  // somebody else's key under our name
    if (fresh) {
      own_key = generated->second;
      store_octets(memory_, "key_pair." + role_.name + "." + std::to_string(static_cast<int>(use)),
                   own_key->octets());
      generated_.erase(generated);
    }
  } else {
    (signs ? role_.client_signing_key : role_.client_agreement_key) = certificate.public_key();
  }
  certificates_.push_back(certificate);
  return true;
}

// structure{0, structure{entity, type, system title}} or structure{1, structure{serial, issuer}}.
std::optional<std::size_t> SecuritySetup::find_certificate(const Parameters& parameters) const {
  const auto* outer = parameters ? parameters->elements() : nullptr;
  if (outer == nullptr || outer->size() != 2) return std::nullopt;
  const auto kind = (*outer)[0].integer();
  const auto* fields = (*outer)[1].elements();
  if (!kind || fields == nullptr) return std::nullopt;
  for (std::size_t number = 0; number < certificates_.size(); ++number) {
    const Certificate& one = certificates_[number];
    if (kind == 0 && fields->size() == 3) {
      const auto title = (*fields)[2].octets();
      const auto octets = cosem::from_hex(one.subject()).value_or(Bytes{});
      if ((*fields)[0].integer() == entity_of(one, own_title_) &&
          (*fields)[1].integer() == type_of(one) && title && std::ranges::equal(*title, octets))
        return number;
    } else if (kind == 1 && fields->size() == 2) {
      const auto serial = (*fields)[0].octets();
      if (serial && std::ranges::equal(*serial, one.serial_number()) &&
          (*fields)[1].text() == one.issuer())
        return number;
    }
  }
  return std::nullopt;
}

ActionOutcome SecuritySetup::export_certificate(const Parameters& parameters) const {
  const auto found = find_certificate(parameters);
  if (!found) return {ActionResult::object_unavailable, {}};
  return {ActionResult::success, cosem::octet_string(certificates_[*found].der())};
}

ActionOutcome SecuritySetup::remove_certificate(const Parameters& parameters) {
  const auto found = find_certificate(parameters);
  if (!found) return {ActionResult::object_unavailable, {}};
  const Certificate removed = certificates_[*found];
  // Without its anchor nothing that it issued could be checked after the next boot.
  if (removed.is_authority() && certificates_.size() > 1)
    return {ActionResult::read_write_denied, {}};
  certificates_.erase(certificates_.begin() + static_cast<std::ptrdiff_t>(*found));
  for (auto* key : {&role_.client_signing_key, &role_.client_agreement_key}) {
    if (*key && (*key)->octets() == removed.public_key().octets()) key->reset();
  }
  save_certificates();
  return {ActionResult::success, {}};
}

Data SecuritySetup::certificate_list() const {
  std::vector<Data> list;
  for (const Certificate& one : certificates_) {
    const auto number = [](std::int64_t value) {
      return Data(cosem::Enum{static_cast<std::uint8_t>(value)});
    };
    list.push_back(
        cosem::structure({number(entity_of(one, own_title_)), number(type_of(one)),
                          cosem::octet_string(one.serial_number()), text_data(one.issuer()),
                          text_data(one.subject()), cosem::octet_string(Bytes{})}));
  }
  return cosem::array(std::move(list));
}

void SecuritySetup::save_certificates() {
  memory_.set("certificates." + role_.name, certificates_.size());
  for (std::size_t number = 0; number < certificates_.size(); ++number)
    store_octets(memory_, "certificate." + role_.name + "." + std::to_string(number),
                 certificates_[number].der());
}

}  // namespace meterproof::simulated
