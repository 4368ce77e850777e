// ShortNameServices: Read, Write and UnconfirmedWrite of an open association on the same object
// model as the services with logical names (IEC 62056-5-3). Each object has a base name: the
// Association SN object FA00, SAP assignment FC00, the logical device name FD00, the others follow
// each other from 0100. Knows nothing of ciphering.
#pragma once

#include <variant>

#include "devices/cosem/short_names.hpp"
#include "devices/simulated/meter/object_model.hpp"
#include "devices/simulated/meter/session.hpp"

namespace meterproof::simulated {

class ShortNameServices {
 public:
  explicit ShortNameServices(const ObjectModel& model) : model_(model) {}
  // Gives base names to the objects that the model has now.
  void assign_names();

  // The plain answer; nothing for an unconfirmed request. confirmedServiceError for what was not
  // negotiated.
  std::optional<cosem::Bytes> answer(Session& session, const cosem::ShortNameApdu& request,
                                     Notifications& notifications) const;
  // What the role sees, as object_list of class 12.
  cosem::Data object_list(const Role& role) const;
  cosem::Data access_rights_list(const Role& role) const;

  // What a short name means: an attribute or a method of an object.
  struct Meaning {
    std::uint16_t class_id = 0;
    cosem::LogicalName name;
    std::int8_t attribute = 0;  // 0: it is a method
    std::int8_t method = 0;
  };
  std::optional<Meaning> meaning_of(std::uint16_t short_name) const;

 private:
  struct Named {
    cosem::ShortNameObject object;
    std::uint16_t octets = 0;  // of the name space from the base name on
    std::size_t index = 0;     // in the model
  };
  const ObjectModel& model_;
  std::vector<Named> named_;
};

}  // namespace meterproof::simulated
