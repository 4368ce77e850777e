#include "devices/cosem/errors.hpp"

#include <string>

namespace meterproof::cosem {
namespace {

const char* words_of(CosemError error) {
  switch (error) {
    case CosemError::truncated:
      return "the octets end too early";
    case CosemError::trailing_octets:
      return "octets after the end of the value";
    case CosemError::bad_tag:
      return "a tag that does not exist here";
    case CosemError::bad_length:
      return "a length that cannot be";
    case CosemError::bad_value:
      return "a value outside its range";
    case CosemError::too_deep:
      return "nested too deeply";
    case CosemError::too_large:
      return "more elements or octets than allowed";
    case CosemError::not_supported:
      return "known to the standard but not supported here";
    case CosemError::bad_authentication_tag:
      return "the authentication tag does not verify";
    case CosemError::invocation_counter_not_greater:
      return "the invocation counter was used before";
    case CosemError::not_ciphered:
      return "a plain APDU where a ciphered one is due";
    case CosemError::unexpected_apdu:
      return "an APDU that does not belong here";
    case CosemError::wrong_invoke_id:
      return "the answer belongs to another request";
    case CosemError::wrong_block:
      return "a block out of sequence";
    case CosemError::not_associated:
      return "no association is open";
    case CosemError::refused:
      return "refused without a reason";
    case CosemError::peer_not_authentic:
      return "the server did not prove that it knows the key";
    case CosemError::type_mismatch:
      return "the attribute has another type than its class says";
    case CosemError::missing_secret:
      return "a key, password, title or challenge is missing";
    case CosemError::not_negotiated:
      return "the service was not negotiated for this association";
    case CosemError::invocation_counter_exhausted:
      return "the client's invocation counter is used up";
    case CosemError::message_lost:
      return "an empty message came";
    case CosemError::wrong_security_suite:
      return "protected under another security suite";
    case CosemError::compression_not_supported:
      return "compressed, and compression is not supported";
    case CosemError::policy_not_met:
      return "protected less than the security policy demands";
    case CosemError::bad_signature:
      return "the signature does not verify";
    case CosemError::bad_public_key:
      return "not a public key on the curve of the security suite";
    case CosemError::bad_certificate:
      return "a certificate that is malformed or not issued by its authority";
    case CosemError::certificate_not_valid_now:
      return "a certificate outside its time of validity";
    case CosemError::wrong_key_usage:
      return "a certificate or key for another use";
    case CosemError::wrong_system_title:
      return "the system title of somebody else";
    case CosemError::wrong_transaction:
      return "the transaction id of another request";
  }
  return "unknown";
}

// The names that DataAccessResult and ActionResult share.
const char* words_of_result(int result) {
  switch (result) {
    case 0:
      return "success";
    case 1:
      return "hardware-fault";
    case 2:
      return "temporary-failure";
    case 3:
      return "read-write-denied";
    case 4:
      return "object-undefined";
    case 9:
      return "object-class-inconsistent";
    case 11:
      return "object-unavailable";
    case 12:
      return "type-unmatched";
    case 13:
      return "scope-of-access-violated";
    case 14:
      return "data-block-unavailable";
    case 250:
      return "other-reason";
    default:
      return nullptr;
  }
}

class CosemCategory final : public boost::system::error_category {
 public:
  const char* name() const noexcept override { return "cosem"; }
  std::string message(int value) const override { return words_of(static_cast<CosemError>(value)); }
};

class DataAccessCategory final : public boost::system::error_category {
 public:
  const char* name() const noexcept override { return "data-access-result"; }
  std::string message(int value) const override {
    if (const char* words = words_of_result(value)) return words;
    switch (value) {
      case 15:
        return "long-get-aborted";
      case 16:
        return "no-long-get-in-progress";
      case 17:
        return "long-set-aborted";
      case 18:
        return "no-long-set-in-progress";
      case 19:
        return "data-block-number-invalid";
      default:
        return "data-access-result " + std::to_string(value);
    }
  }
};

class ActionCategory final : public boost::system::error_category {
 public:
  const char* name() const noexcept override { return "action-result"; }
  std::string message(int value) const override {
    if (const char* words = words_of_result(value)) return words;
    if (value == 15) return "long-action-aborted";
    if (value == 16) return "no-long-action-in-progress";
    return "action-result " + std::to_string(value);
  }
};

class AssociationCategory final : public boost::system::error_category {
 public:
  const char* name() const noexcept override { return "association"; }
  std::string message(int value) const override {
    const int result = value / 1000;
    const int source = value / 100 % 10;
    const int diagnostic = value % 100;
    std::string text = result == 1 ? "rejected-permanent" : "rejected-transient";
    if (result != 1 && result != 2) text = "result " + std::to_string(result);
    return text + ", " + diagnostic_words(source, diagnostic);
  }

 private:
  static std::string diagnostic_words(int source, int diagnostic) {
    if (source == 2) {
      if (diagnostic == 2) return "provider: no-common-acse-version";
      return "provider diagnostic " + std::to_string(diagnostic);
    }
    switch (diagnostic) {
      case 0:
        return "no diagnostic";
      case 1:
        return "no-reason-given";
      case 2:
        return "application-context-name-not-supported";
      case 3:
        return "calling-AP-title-not-recognized";
      case 11:
        return "authentication-mechanism-name-not-recognised";
      case 12:
        return "authentication-mechanism-name-required";
      case 13:
        return "authentication-failure";
      case 14:
        return "authentication-required";
      default:
        return "diagnostic " + std::to_string(diagnostic);
    }
  }
};

class ExceptionCategory final : public boost::system::error_category {
 public:
  const char* name() const noexcept override { return "exception-response"; }
  std::string message(int value) const override {
    const int state = value / 256;
    std::string text = "state-error " + std::to_string(state);
    if (state == 1) text = "service-not-allowed";
    if (state == 2) text = "service-unknown";
    return text + ", " + service_words(value % 256);
  }

 private:
  static std::string service_words(int service) {
    switch (service) {
      case 1:
        return "operation-not-possible";
      case 2:
        return "service-not-supported";
      case 3:
        return "other-reason";
      case 4:
        return "pdu-too-long";
      case 5:
        return "deciphering-error";
      case 6:
        return "invocation-counter-error";
      default:
        return "service-error " + std::to_string(service);
    }
  }
};

class ServiceErrorCategory final : public boost::system::error_category {
 public:
  const char* name() const noexcept override { return "confirmed-service-error"; }
  std::string message(int value) const override {
    const int service = value >> 16, kind = value >> 8 & 0xFF, reason = value & 0xFF;
    if (kind == 6) {
      switch (reason) {
        case 1:
          return "dlms-version-too-low";
        case 2:
          return "incompatible-conformance";
        case 3:
          return "pdu-size-too-short";
        case 4:
          return "refused-by-the-VDE-handler";
        default:
          break;
      }
    }
    return "service " + std::to_string(service) + " error " + std::to_string(kind) + " value " +
           std::to_string(reason);
  }
};

}  // namespace

const boost::system::error_category& cosem_category() {
  static const CosemCategory category;
  return category;
}
const boost::system::error_category& data_access_category() {
  static const DataAccessCategory category;
  return category;
}
const boost::system::error_category& action_category() {
  static const ActionCategory category;
  return category;
}
const boost::system::error_category& association_category() {
  static const AssociationCategory category;
  return category;
}
const boost::system::error_category& exception_category() {
  static const ExceptionCategory category;
  return category;
}
const boost::system::error_category& service_error_category() {
  static const ServiceErrorCategory category;
  return category;
}

bool is_refusal(const Error& error) {
  if (!error.failed()) return false;
  const auto& category = error.category();
  return error == make_error_code(CosemError::refused) || category == data_access_category() ||
         category == action_category() || category == association_category() ||
         category == exception_category() || category == service_error_category();
}

}  // namespace meterproof::cosem
