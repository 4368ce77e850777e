// MeterApplication: the COSEM application of the meter without I/O: an APDU in, the APDUs to send
// out. One application serves all connections of a meter; each connection has its Session.
//
// Lives from boot to power cut; what must survive is in Nonvolatile and LoadProfile, which outlive
// it. Not thread safe.
#pragma once

#include <list>

#include "devices/simulated/meter/login.hpp"
#include "devices/simulated/meter/objects.hpp"
#include "devices/simulated/meter/security_setup.hpp"
#include "devices/simulated/meter/services.hpp"
#include "devices/simulated/meter/short_name_services.hpp"

namespace meterproof::simulated {

// What outlives a power cut.
struct Memory {
  Nonvolatile& numbers;
  LoadProfile& profile;
};

struct Addressing {
  std::uint16_t client_sap = 0;
  std::uint16_t server_sap = 0;
};

struct Outcome {
  std::vector<cosem::Bytes> replies;  // in this order; notifications come last
  harness::WallDuration delay{};      // of the first reply
  harness::WallDuration stall{};      // the processor is busy with something else that long
};

class MeterApplication {
 public:
  MeterApplication(const MeterUnit& unit, MeterPlant& plant, const Policy& policy, Memory memory,
                   harness::WallTime now);
  MeterApplication(const MeterApplication&) = delete;
  MeterApplication& operator=(const MeterApplication&) = delete;

  Outcome on_apdu(Session& session, Addressing addressing, cosem::BytesView apdu,
                  harness::WallTime now);
  // Pushes to a destination of their own go there; without it they are lost.
  void on_push(SendPush send) { send_push_ = std::move(send); }
  // Called some times a second: the load profile's clockwork.
  void tick();
  const ObjectModel& model() const { return model_; }
  // How long a silent client keeps its HDLC connection.
  harness::WallDuration hdlc_inactivity() const { return hdlc_setup_.inactivity(); }

 private:
  // One request in the clear and how it came.
  struct Request {
    cosem::BytesView plain;
    std::optional<Opened> opened;  // it came protected
    harness::WallTime now;
  };
  Outcome on_whole_apdu(Session& session, Addressing addressing, cosem::BytesView apdu,
                        harness::WallTime now);
  Outcome on_general_block(Session& session, Addressing addressing, cosem::BytesView octets,
                           harness::WallTime now);
  Outcome handle(Session& session, Addressing addressing, cosem::BytesView apdu,
                 harness::WallTime now);
  Outcome handle_with_defects(Session& session, Addressing addressing, cosem::BytesView apdu,
                              harness::WallTime now);
  void serve(Session& session, const Request& request, Outcome& outcome);
  void serve_octets(Session& session, const Request& request, Outcome& outcome);
  std::optional<cosem::Bytes> answer_short_names(Session& session, const Request& request,
                                                 Notifications& notifications);
  std::optional<cosem::Bytes> answer_access_request(Session& session, const Request& request,
                                                    Notifications& notifications);
  // Requests of this session must be protected.
  bool demands_protection(const Session& session) const;
  std::optional<cosem::Apdu> answer(Session& session, const Request& request,
                                    const cosem::Apdu& decoded, Notifications& notifications);
  void answer_plain(Session& session, const cosem::Apdu& answer, const Request& request,
                    Outcome& outcome);
  // Under the keys in use, unless it is an exception or the request came in the clear.
  void answer_octets(Session& session, cosem::Bytes plain, const Request& request,
                     Outcome& outcome);
  void notify(Session& session, const Notifications& notifications, Outcome& outcome);
  cosem::Bytes memory_beyond(cosem::BytesView apdu) const;
  void note(SecurityEvent event, harness::WallTime now);

  const MeterUnit& unit_;
  MeterPlant& plant_;
  Policy policy_;
  Memory memory_;
  std::vector<Role> roles_;
  std::list<SecuritySetup> security_setups_;  // of the roles with keys
  EventLog events_;
  cosem::Data scratch_;
  PushSetup push_setup_;
  MeterClock clock_;
  ImageTransfer image_;
  HdlcSetup hdlc_setup_;
  SendPush send_push_;
  ObjectModel model_;
  Services services_;
  ShortNameServices short_names_;
  Protection protection_;
  Login login_;
  bool hangs_ = false;           // only with a defect that lets it
  cosem::Bytes receive_buffer_;  // the processor's memory: a request overwrites the ones before it
};

}  // namespace meterproof::simulated
