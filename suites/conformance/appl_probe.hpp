// ApplProbe: one connection of a client for checks of the application layer, before or inside an
// association, over the interface that the meter's own reads use. APDUs go out as the procedure
// made them; inside a ciphered association they are protected as the association wants.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "suites/security/target.hpp"

namespace meterproof::suites {

// What an APDU of the meter is; bits, so that a check can accept several.
namespace answer {
inline constexpr unsigned k_silence = 1, k_aare_accepted = 2, k_aare_rejected = 4, k_exception = 8,
                          k_service_error = 16,  // confirmedServiceError
    k_value = 32,                                // GET with data
    k_block = 64,                                // GET with a block, SET or ACTION asking for one
    k_success = 128,                             // SET or ACTION done
    k_refused = 256,                             // GET, SET or ACTION with a result that is none
    k_list = 512, k_rlre = 1024, k_other = 2048;
// Whatever refuses: a result, an exception, or nothing.
inline constexpr unsigned k_any_refusal = k_silence | k_exception | k_service_error | k_refused;
inline constexpr unsigned k_no_association =
    k_silence | k_aare_rejected | k_exception | k_service_error;
}  // namespace answer
unsigned answer_kind(const std::optional<cosem::Bytes>& octets);
std::string answer_text(unsigned bits);

class ApplProbe {
 public:
  // Connects; a meter that cannot be connected to ends the case as inconclusive.
  ApplProbe(Target& target, std::string client);

  Target& target() { return target_; }
  const std::string& client() const { return client_; }
  cosem::Client& session() { return *session_; }

  // The association this client is entitled to, optionally with other proposals. Ends the case as
  // inconclusive when it fails.
  void associate(const std::function<void(cosem::ClientSettings&)>& change = {});
  // Nothing: no answer came in time. Plain octets otherwise.
  std::optional<cosem::Bytes> send(const cosem::Bytes& apdu, bool with_patience = true);
  // An APDU that the meter must answer as a valid one.
  cosem::Bytes aarq() const;

 private:
  Target& target_;
  std::string client_;
  std::optional<cosem::Client> session_;
  bool associated_ = false;
};

// The AARQ of the probe's client after a change of its fields.
cosem::Bytes changed_aarq(const ApplProbe& probe, const std::function<void(cosem::Aarq&)>& change);
// The same, of its InitiateRequest.
cosem::Bytes changed_initiate(const ApplProbe& probe,
                              const std::function<void(cosem::InitiateRequest&)>& change);
// The AARQ with further elements: before all others or behind the application context.
cosem::Bytes aarq_with(const cosem::Bytes& aarq, const cosem::Bytes& elements, bool first);
cosem::Bytes octets_of(std::initializer_list<unsigned> values);

}  // namespace meterproof::suites
