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
    {"CONF_APPL_ACCESS", "ACCESS goes on behind an error although it should break"},
    {"CONF_APPL_BLOCK", "the next block is sent whatever number was said"},
    {"CONF_APPL_CONFORMANCE", "GET and SET are granted, proposed or not"},
    {"CONF_APPL_CONTEXT", "every application context is taken for LN"},
    {"CONF_APPL_EARLY", "GET is served without an association"},
    {"CONF_APPL_GENERAL", "general blocks are taken whatever their number"},
    {"CONF_APPL_INVOKE", "GET is answered under one invoke-id"},
    {"CONF_APPL_METHOD", "an unknown method says success"},
    {"CONF_APPL_PASSWORD", "an empty password is right"},
    {"CONF_APPL_PBLOCK", "blocks of SET and ACTION are taken whatever their number"},
    {"CONF_APPL_PDU", "answers are as long as the meter likes"},
    {"CONF_APPL_READONLY", "a SET of what is read only says success"},
    {"CONF_APPL_RELEASE", "the association stands after its release"},
    {"CONF_APPL_SERVICE", "services are served that were not negotiated"},
    {"CONF_APPL_SHORT", "a short name between two attributes means the one before"},
    {"CONF_APPL_SPIN",
     "the lone first octet of a GET hangs the application until the next power cut"},
    {"CONF_APPL_TRAILING", "octets behind a GET are not looked at"},
    {"CONF_APPL_UNKNOWN", "an unknown APDU gets a GET response"},
    {"CONF_APPL_VERSION", "every DLMS version is taken for 6"},
    {"CONF_HDLC_ADDRESS", "the HDLC station answers whatever the destination"},
    {"CONF_HDLC_COMMAND", "an unknown HDLC command is answered like RR"},
    {"CONF_HDLC_DEAF",
     "after a wrong check sequence while disconnected the HDLC port is deaf until the next power "
     "cut"},
    {"CONF_HDLC_DISC", "DISC is acknowledged and the HDLC connection goes on"},
    {"CONF_HDLC_INACTIVE", "a silent client keeps its HDLC connection for ever"},
    {"CONF_HDLC_LLC", "the LLC header is not looked at"},
    {"CONF_HDLC_LONG", "an I-frame longer than was settled is taken"},
    {"CONF_HDLC_NDM", "an I-frame without SNRM is served"},
    {"CONF_HDLC_NR", "N(R) is not looked at"},
    {"CONF_HDLC_REPEAT", "a repeated I-frame is executed again"},
    {"CONF_HDLC_SEGMENTS", "a new HDLC connection finds the segments of the one before"},
    {"CONF_HDLC_SNRM", "an SNRM whose parameters do not parse connects"},
    {"CONF_HDLC_UA", "the UA says what the meter likes best, whatever was proposed"},
    {"CONF_HDLC_WINDOW", "the HDLC window is not kept"},
    {"CONF_OBJ_CLOCK", "the clock's deviation is not its zone"},
    {"CONF_OBJ_COLUMNS", "a profile read by entry gives all columns"},
    {"CONF_OBJ_CONTEXT", "the association names another application context"},
    {"CONF_OBJ_IMAGE", "any image that was transferred verifies"},
    {"CONF_OBJ_RIGHTS", "what the object list calls readable is denied"},
    {"CONF_OBJ_SAVING", "daylight saving time never begins"},
    {"CONF_OBJ_TYPE", "the scaler of a register is a long"},
    {"CONF_SEC_FORM", "general ciphering is answered in the service-specific form"},
    {"CONF_SEC_REPLY", "HLS: the reply to the client's own challenge passes"},
    {"CONF_SEC_SERVICE", "the ciphered tag is not compared with the service inside"},
    {"CONF_TYPE_RIGHTS", "the serial number can be written by the management client"},
    {"CONF_TYPE_VERSION", "the clock claims a version of its class that is not declared"},
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
