// MeterApplication: the COSEM application of the meter without I/O: an APDU in, the APDUs to send
// out. One application serves all connections of a meter; each connection has its Session.
//
// Lives from boot to power cut; what must survive is in Nonvolatile and LoadProfile, which outlive
// it. Not thread safe.
#pragma once

#include "devices/simulated/meter/login.hpp"
#include "devices/simulated/meter/objects.hpp"
#include "devices/simulated/meter/services.hpp"

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
  // Called some times a second: the load profile's clockwork.
  void tick();

 private:
  struct Request;
  void serve(Session& session, const Request& request, Outcome& outcome);
  std::optional<cosem::Apdu> answer(Session& session, const Request& request,
                                    const cosem::Apdu& decoded, Notifications& notifications);
  void answer_plain(Session& session, const cosem::Apdu& answer, const Request& request,
                    Outcome& outcome);
  void notify(Session& session, const Notifications& notifications, Outcome& outcome);
  cosem::Bytes memory_beyond(cosem::BytesView apdu) const;
  void note(SecurityEvent event, harness::WallTime now);

  const MeterUnit& unit_;
  MeterPlant& plant_;
  Policy policy_;
  Memory memory_;
  std::vector<Role> roles_;
  EventLog events_;
  cosem::Data scratch_;
  ObjectModel model_;
  Services services_;
  Protection protection_;
  Login login_;
  cosem::Bytes receive_buffer_;  // the processor's memory: a request overwrites the ones before it
};

}  // namespace meterproof::simulated
