// Frames that are none, and commands that do not exist, in a connection: dropped or rejected, and
// the connection's state is kept where they are dropped. Wrong check sequences in number:
// SEC_HDLC_001.
#include "harness/catalogue.hpp"
#include "suites/conformance/hdlc_check.hpp"

namespace meterproof::suites::conf_hdlc_005 {
namespace {

using hdlc::Bytes;
namespace r = reaction;

const harness::Clause k_flag_field{"IEC 62056-46:2007", "6.4.1.2"};
const harness::Clause k_format{"IEC 62056-46:2007", "6.4.1.3"};
const harness::Clause k_control{"IEC 62056-46:2007", "6.4.1.5"};
const harness::Clause k_checks{"IEC 62056-46:2007", "6.4.1.8"};
const harness::Clause k_commands{"IEC 62056-46:2007", "6.4.3"};

Bytes poll(const HdlcProbe& probe) { return hdlc::encode(probe.receive_ready()); }

HdlcCheck dropped(std::string name, std::string title, harness::Clause clause,
                  void (*damage)(Bytes&)) {
  return {std::move(name),
          std::move(title),
          std::move(clause),
          true,
          [damage](HdlcProbe& probe) {
            Bytes octets = poll(probe);
            damage(octets);
            octets.insert(octets.end(), 4, hdlc::k_flag);
            return octets;
          },
          r::k_silence,
          After::connected,
          {}};
}

HdlcCheck refused(std::string name, std::string title, std::uint8_t control, Bytes information) {
  return {std::move(name),
          std::move(title),
          k_commands,
          true,
          [control, information](HdlcProbe& probe) {
            return hdlc::encode({probe.server, probe.client, control, false, information});
          },
          r::k_frmr | r::k_dm | r::k_silence,
          After::either,
          {}};
}

Bytes addresses_of(const HdlcProbe& probe) {
  Bytes addresses;
  hdlc::append_address(addresses, probe.server);
  hdlc::append_address(addresses, probe.client);
  return addresses;
}

// After FRMR only SNRM or DISC help; that they do is the point.
void reconnects(HdlcProbe& probe) {
  Context& ctx = probe.target().context();
  const Reaction answer =
      probe.send(hdlc::encode({probe.server, probe.client, 0xFF, false, {}}), false);
  ctx.expect(answer.silent() || answer.kind() == hdlc::FrameKind::frame_reject ||
                 answer.kind() == hdlc::FrameKind::disconnected_mode,
             "reaction", answer.text());
  ctx.expect(probe.connect(), "snrm_after_reject", "SNRM after " + answer.text());
  ctx.expect(probe.connected(), "state_after", "RR with P");
}

std::vector<HdlcCheck> checks() {
  return {
      dropped("format_type", "a format type that does not exist", k_format,
              [](Bytes& octets) { octets[1] ^= std::byte{0x50}; }),
      dropped("length_too_long", "a length one too long", k_format,
              [](Bytes& octets) { octets[2] = static_cast<std::byte>(octets.size() - 1); }),
      dropped("length_2047", "the greatest length, and nothing behind it", k_format,
              [](Bytes& octets) {
                octets[1] = std::byte{0xA7};
                octets[2] = std::byte{0xFF};
              }),
      dropped("length_too_short", "a length too short for any frame", k_format,
              [](Bytes& octets) { octets[2] = std::byte{3}; }),
      dropped("closing_flag_missing", "the closing flag replaced", k_flag_field,
              [](Bytes& octets) { octets.back() = std::byte{0x11}; }),
      dropped("frame_check", "a wrong frame check sequence", k_checks,
              [](Bytes& octets) { octets[octets.size() - 3] ^= std::byte{1}; }),
      {"header_check",
       "an I-frame with a wrong header check sequence",
       k_checks,
       true,
       [](HdlcProbe& probe) {
         Bytes octets = raw_frame(addresses_of(probe), hdlc::information_control(0, 0, true),
                                  with_llc(Bytes(1, std::byte{0x62})));
         const std::size_t header_check = 3 + addresses_of(probe).size() + 1;
         octets[header_check] ^= std::byte{1};
         octets.insert(octets.end(), 4, hdlc::k_flag);
         return octets;
       },
       r::k_silence,
       After::connected,
       {}},
      {"garbled_then_good",
       "a damaged frame and a good one behind it in one burst",
       k_checks,
       true,
       [](HdlcProbe& probe) {
         Bytes octets = poll(probe);
         octets[octets.size() - 3] ^= std::byte{1};
         const Bytes good = poll(probe);
         octets.insert(octets.end(), good.begin(), good.end());
         return octets;
       },
       r::k_rr,
       After::connected,
       {}},
      refused("unknown_command", "a control octet that stands for no command", 0xFF, {}),
      refused("reject_command", "REJ, which is not in the repertoire", 0x19, {}),
      refused("rr_with_information", "RR with an information field", 0x11,
              with_llc(Bytes(1, std::byte{0x62}))),
      {"reconnects",
       "an unknown command, then SNRM",
       k_control,
       true,
       {},
       0,
       After::either,
       reconnects},
  };
}

const harness::Registration k_registration{hdlc_procedure(
    {.id = "CONF_HDLC_005",
     .title = "HDLC: frame format and unknown commands",
     .objective = "what is no frame is dropped without losing the connection, and what is no "
                  "command is not answered as one",
     .severity = harness::Severity::medium,
     .mutants = {{"CONF_HDLC_COMMAND", "reaction", {"unknown_command"}}}},
    checks())};

}  // namespace
}  // namespace meterproof::suites::conf_hdlc_005
