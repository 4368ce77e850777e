// Services: GET, SET and ACTION of an open association with their lists and block transfers
// (IEC 62056-5-3), on the object model. Knows nothing of ciphering.
#pragma once

#include "devices/simulated/meter/object_model.hpp"
#include "devices/simulated/meter/session.hpp"

namespace meterproof::simulated {

class Services {
 public:
  explicit Services(const ObjectModel& model) : model_(model) {}

  // The answer to a request; an exception-response for what is not a request or was not negotiated.
  cosem::Apdu answer(Session& session, const cosem::Apdu& request,
                     Notifications& notifications) const;

 private:
  const ObjectModel& model_;
};

cosem::ExceptionResponse service_not_supported();
cosem::ExceptionResponse operation_not_possible();

}  // namespace meterproof::simulated
