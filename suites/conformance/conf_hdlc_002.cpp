// A station that is disconnected hears all sorts of things before the first good SNRM: damaged
// ones, SNRMs whose parameter field is wrong, noise. None connects it, and the good one behind them
// does.
#include "harness/catalogue.hpp"
#include "suites/conformance/hdlc_check.hpp"

namespace meterproof::suites::conf_hdlc_002 {
namespace {

using hdlc::Bytes;
using hdlc::FrameKind;
namespace r = reaction;

const harness::Clause k_set_up{"IEC 62056-46:2007", "6.4.4.4.3.1"};
const harness::Clause k_negotiation{"IEC 62056-46:2007", "6.4.4.4.3.2"};
const harness::Clause k_format{"IEC 62056-46:2007", "6.4.1"};

Bytes snrm(const HdlcProbe& probe) {
  return hdlc::encode(probe.unnumbered(FrameKind::set_normal_response_mode));
}

Bytes octets_of(std::initializer_list<unsigned> values) {
  Bytes octets;
  for (const unsigned value : values) octets.push_back(static_cast<std::byte>(value));
  return octets;
}

HdlcCheck parameters(std::string name, std::string title, std::initializer_list<unsigned> field) {
  return {std::move(name),
          "SNRM: " + std::move(title),
          k_negotiation,
          false,
          [field = octets_of(field)](HdlcProbe& probe) {
            return hdlc::encode(probe.unnumbered(FrameKind::set_normal_response_mode, field));
          },
          r::k_dm | r::k_frmr | r::k_silence,
          After::disconnected,
          {}};
}

// Flags end what the damaged frame began.
Bytes with_flags(Bytes octets) {
  octets.insert(octets.end(), 4, hdlc::k_flag);
  return octets;
}

HdlcCheck damaged(std::string name, std::string title, void (*damage)(Bytes&)) {
  return {std::move(name),
          "SNRM: " + std::move(title),
          k_format,
          false,
          [damage](HdlcProbe& probe) {
            Bytes octets = snrm(probe);
            damage(octets);
            return with_flags(std::move(octets));
          },
          r::k_silence,
          After::disconnected,
          {}};
}

void noise_then_snrm(HdlcProbe& probe) {
  Context& ctx = probe.target().context();
  std::mt19937_64 random = ctx.random("noise");
  Bytes noise(ctx.by_tier<std::size_t>(200, 2000, 2000));
  for (std::byte& octet : noise) octet = static_cast<std::byte>(random());
  const Reaction heard = probe.send(with_flags(noise), false);
  ctx.expect(!heard.has(FrameKind::unnumbered_acknowledge), "noise_does_not_connect", heard.text());
  Bytes bad = snrm(probe);
  bad[bad.size() - 2] ^= std::byte{1};
  (void)probe.send(with_flags(bad), false);
  ctx.expect(probe.connect(), "snrm_after_noise", "a valid SNRM behind noise and a damaged one");
}

std::vector<HdlcCheck> checks() {
  return {
      damaged("check_octet_missing", "one octet of the check sequence missing",
              [](Bytes& octets) { octets.erase(octets.end() - 2); }),
      damaged("check_wrong", "a wrong check sequence",
              [](Bytes& octets) { octets[octets.size() - 2] ^= std::byte{0x40}; }),
      damaged("cut", "cut after the format field", [](Bytes& octets) { octets.resize(3); }),
      parameters("format_identifier", "a format identifier that does not exist",
                 {0x82, 0x80, 0x03, 0x05, 0x01, 0x80}),
      parameters("group_too_long", "a parameter group longer than the field",
                 {0x81, 0x80, 0x20, 0x05, 0x01, 0x80}),
      parameters("parameter_too_long", "a parameter longer than its group",
                 {0x81, 0x80, 0x03, 0x05, 0x04, 0x80}),
      {"parameter_unknown",
       "SNRM: a parameter that does not exist, to be passed over",
       k_negotiation,
       false,
       [](HdlcProbe& probe) {
         return hdlc::encode(
             probe.unnumbered(FrameKind::set_normal_response_mode,
                              octets_of({0x81, 0x80, 0x06, 0x05, 0x01, 0x80, 0x55, 0x01, 0x00})));
       },
       r::k_ua,
       After::connected,
       {}},
      {"noise",
       "noise and a damaged SNRM, then a valid one",
       k_set_up,
       false,
       {},
       0,
       After::either,
       noise_then_snrm},
  };
}

const harness::Registration k_registration{hdlc_procedure(
    {.id = "CONF_HDLC_002",
     .title = "HDLC: invalid frames before the connection",
     .objective = "no damaged frame and no SNRM with a wrong parameter field connects the station, "
                  "and none keeps a valid SNRM from doing so",
     .severity = harness::Severity::medium,
     .mutants = {{"CONF_HDLC_SNRM", "reaction", {"group_too_long"}},
                 {"CONF_HDLC_DEAF", "recovers", {"check_wrong"}}}},
    checks())};

}  // namespace
}  // namespace meterproof::suites::conf_hdlc_002
