#include "devices/simulated/weaknesses.hpp"

#include <algorithm>
#include <array>

namespace meterproof::simulated {
namespace {

constexpr std::array k_weaknesses = std::to_array<Weakness>({
    {"ACC_GAIN", "the meter registers 2.5 % too much at every load"},
    {"ACC_NOLOAD_CREEP", "the meter creeps: it registers a little power with voltage alone"},
    {"ACC_NO_START", "the meter does not register below 0.04 Ib"},
    {"ACC_PHASE", "phase error of the current channel: right at PF 1, wrong at PF 0.5"},
    {"ACC_REGISTER_SCALE", "the register counts 1 % less than the pulses"},
    {"MUT_ACL_002", "energy registers are readable by the public client"},
    {"MUT_ACL_003", "disconnect method works without any association"},
    {"MUT_APDU_001", "a lying octet-string length is trusted: 64 octets of memory are echoed"},
    {"MUT_AUTH_001", "no failure counter: every guess is evaluated at once"},
    {"MUT_AUTH_004", "byte-wise early-exit compare of the password, slow enough to be measured"},
    {"MUT_AUTH_005", "keyed with the published worked-example keys and a trivial password"},
    {"MUT_AUTH_007", "the server challenge comes from a 16-bit linear feedback shift register"},
    {"MUT_AUTH_009",
     "the challenge sequence repeats after boot and the invocation counter is not checked"},
    {"MUT_AUTH_011", "the association is open as soon as the AARE is sent"},
    {"MUT_BOT_001", "no limit per source, no reserved place, no deadline before authentication"},
    {"MUT_DLMS_001", "the security policy is checked on the first APDU only"},
    {"MUT_DLMS_003", "only the first 4 octets of the authentication tag are compared"},
    {"MUT_DLMS_004", "the invocation counter is never really checked"},
    {"MUT_DLMS_016", "data-notifications are sent in clear"},
    {"MUT_HDLC_001", "the frame check sequence is not verified"},
    {"MUT_RES_001", "communication starves sampling: -2 % under attack"},
    {"REFERENCE_FROZEN", "bench defect: the reference standard repeats its last reading"},
    {"SOURCE_LIES",
     "bench defect: the source reports a load as settled without applying its currents"},
});

}  // namespace

std::span<const Weakness> weaknesses() { return k_weaknesses; }

bool is_weakness(std::string_view name) {
  return std::any_of(k_weaknesses.begin(), k_weaknesses.end(),
                     [&](const Weakness& weakness) { return weakness.name == name; });
}

}  // namespace meterproof::simulated
