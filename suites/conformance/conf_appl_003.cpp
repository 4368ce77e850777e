// The InitiateRequest: version, conformance, length of APDUs, and what else it proposes.
#include <fmt/format.h>

#include "harness/catalogue.hpp"
#include "suites/conformance/appl_check.hpp"

namespace meterproof::suites::conf_appl_003 {
namespace {

namespace a = answer;
namespace c = cosem::conformance;
using cosem::Bytes;
using cosem::InitiateRequest;

std::optional<cosem::InitiateResponse> response_in(const Bytes& octets) {
  const auto acse = cosem::decode_acse(octets);
  const auto* aare = acse ? std::get_if<cosem::Aare>(&*acse) : nullptr;
  if (aare == nullptr || aare->result != cosem::association_result::k_accepted) return std::nullopt;
  const auto response = cosem::decode_initiate_response(aare->user_information);
  if (!response) return std::nullopt;
  return *response;
}

// Of any acceptance: version 6, the name of LN referencing, no service that was not proposed, a
// length of APDUs that is possible.
std::string judge_response(const Bytes& octets, std::uint32_t proposed) {
  if (answer_kind(octets) != a::k_aare_accepted) return {};
  const auto response = response_in(octets);
  if (!response) return "no InitiateResponse in the AARE";
  if (response->dlms_version != 6) return fmt::format("version {}", response->dlms_version);
  if (response->vaa_name != 0x0007) return fmt::format("vaa-name {:04X}", response->vaa_name);
  if ((response->conformance & ~proposed) != 0) {
    return fmt::format("services not proposed: {:06X}", response->conformance & ~proposed);
  }
  if (response->max_pdu != 0 && response->max_pdu < 12) {
    return fmt::format("longest APDU {}", response->max_pdu);
  }
  return {};
}

ApplCheck proposing(std::string name, std::string title,
                    std::function<void(InitiateRequest&)> change, unsigned accepted,
                    std::uint32_t proposed = c::k_offered) {
  return {
      std::move(name),
      "InitiateRequest: " + std::move(title),
      "9.4.6.1",
      Before::connected,
      [change = std::move(change)](ApplProbe& probe) { return changed_initiate(probe, change); },
      accepted,
      [proposed](const Bytes& octets) { return judge_response(octets, proposed); },
      {}};
}

std::vector<ApplCheck> checks() {
  constexpr unsigned k_either = a::k_no_association | a::k_aare_accepted;
  constexpr std::uint32_t k_get_alone = c::k_get;
  return {
      proposing(
          "plain", "as usual", [](InitiateRequest&) {}, a::k_aare_accepted),
      proposing(
          "version_5", "DLMS version 5", [](InitiateRequest& request) { request.dlms_version = 5; },
          a::k_no_association),
      proposing(
          "version_0", "DLMS version 0", [](InitiateRequest& request) { request.dlms_version = 0; },
          a::k_no_association),
      proposing(
          "version_7", "DLMS version 7: the meter answers with its own",
          [](InitiateRequest& request) { request.dlms_version = 7; }, k_either),
      proposing(
          "pdu_0", "no limit for APDUs", [](InitiateRequest& request) { request.max_pdu = 0; },
          a::k_aare_accepted),
      proposing(
          "pdu_11", "APDUs of 11 octets, fewer than possible",
          [](InitiateRequest& request) { request.max_pdu = 11; }, a::k_no_association),
      proposing(
          "quality_of_service", "a quality of service, to be passed over",
          [](InitiateRequest& request) { request.quality_of_service = std::uint8_t{3}; },
          a::k_aare_accepted),
      proposing(
          "dedicated_key", "a dedicated key without ciphering",
          [](InitiateRequest& request) { request.dedicated_key = Bytes(16, std::byte{1}); },
          k_either),
      proposing(
          "get_alone", "GET alone",
          [](InitiateRequest& request) { request.conformance = k_get_alone; }, a::k_aare_accepted,
          k_get_alone),
      proposing(
          "nothing", "no service at all", [](InitiateRequest& request) { request.conformance = 0; },
          k_either, 0),
      proposing(
          "everything", "every service, reserved bits too",
          [](InitiateRequest& request) { request.conformance = 0xFFFFFF; }, a::k_aare_accepted,
          0xFFFFFF),
  };
}

const harness::Registration k_registration{appl_procedure(
    {.id = "CONF_APPL_003",
     .title = "Application layer: the InitiateRequest",
     .objective = "versions before 6 and impossible lengths are refused, and no service is granted "
                  "that was not proposed",
     .severity = harness::Severity::medium,
     .mutants = {{"CONF_APPL_VERSION", "answer", {"version_5"}},
                 {"CONF_APPL_CONFORMANCE", "contents", {"get_alone"}}}},
    "none", checks())};

}  // namespace
}  // namespace meterproof::suites::conf_appl_003
