// The object model as the meter tells it: the list of the association, its names, what may be read,
// and whether what is read has the type that its class says.
#include <fmt/format.h>

#include <set>

#include "devices/cosem/classes/lookup.hpp"
#include "harness/catalogue.hpp"
#include "suites/conformance/appl_check.hpp"
#include "suites/conformance/object_list.hpp"

namespace meterproof::suites::conf_obj_001 {
namespace {

namespace classes = cosem::classes;
using Problems = std::vector<std::string>;

void say(ApplProbe& probe, std::string_view name, const Problems& problems, std::size_t looked_at) {
  probe.target().context().expect(
      problems.empty(), name,
      problems.empty() ? fmt::format("{} looked at", looked_at) : joined(problems));
}

void list_structure(ApplProbe& probe) {
  probe.associate();
  const ObjectList list = read_object_list(probe);
  say(probe, "list_structure", list.problems, list.objects.size());
  Problems twice;
  std::set<std::pair<std::uint16_t, cosem::LogicalName>> seen;
  for (const ListedObject& object : list.objects) {
    if (!seen.insert({object.class_id, object.name}).second) twice.push_back(object.text());
  }
  say(probe, "listed_once", twice, list.objects.size());
  Problems absent;
  for (const cosem::LogicalName& name :
       {cosem::names::k_current_association, cosem::LogicalName{{0, 0, 41, 0, 0, 255}},
        cosem::LogicalName{{0, 0, 42, 0, 0, 255}}}) {
    const bool there = std::any_of(seen.begin(), seen.end(),
                                   [&](const auto& entry) { return entry.second == name; });
    if (!there) absent.push_back(name.to_string());
  }
  say(probe, "mandatory_objects", absent, 3);
}

// Group A says the medium (0 to 9, 15), group B a channel up to 127 or the maker's, and the whole
// is not made of wildcards.
void names_valid(ApplProbe& probe) {
  probe.associate();
  const ObjectList list = read_object_list(probe);
  Problems wrong;
  for (const ListedObject& object : list.objects) {
    const auto& groups = object.name.groups;
    const bool medium = groups[0] <= 9 || groups[0] == 15;
    const bool wildcard = groups[1] == 255 || groups[2] == 255 || groups[3] == 255;
    if (!medium || wildcard) wrong.push_back(object.text());
  }
  say(probe, "names_valid", wrong, list.objects.size());
}

// A profile's buffer may be of any length; its first rows have the type of all.
cosem::Result<cosem::Data> read_one(ApplProbe& probe, const ListedObject& object, int id) {
  Target& target = probe.target();
  const cosem::AttributeDescriptor what{object.class_id, object.name, static_cast<std::int8_t>(id)};
  const bool buffer = object.class_id == 7 && id == 2;
  auto value = probe.session().get(what, target.deadline(), target.stop(),
                                   buffer ? std::optional(cosem::entries(1, 2)) : std::nullopt);
  if (!value && buffer) value = probe.session().get(what, target.deadline(), target.stop());
  return value;
}

void attributes(ApplProbe& probe) {
  probe.associate();
  const ObjectList list = read_object_list(probe);
  Problems unlisted, unread, names, types, beyond;
  std::size_t read = 0;
  for (const ListedObject& object : list.objects) {
    const auto* table = classes::find_class(object.class_id, object.version);
    std::set<int> listed;
    for (const ListedAttribute& attribute : object.attributes) {
      listed.insert(attribute.id);
      const std::string text = fmt::format("{}, attribute {}", object.text(), attribute.id);
      if (table != nullptr && classes::find_attribute(*table, attribute.id) == nullptr) {
        beyond.push_back(text);
      }
      if (!attribute.readable()) continue;
      const auto value = read_one(probe, object, attribute.id);
      if (!value) {
        unread.push_back(text + ": " + said(value));
        continue;
      }
      ++read;
      if (attribute.id == 1 && *value != cosem::octet_string(object.name)) names.push_back(text);
      const auto deviations =
          classes::check_attribute(object.class_id, object.version, attribute.id, *value);
      // Optional parts of the object model are coded as null-data by meters in the field.
      if (!deviations.empty()) types.push_back(text + ": " + classes::to_string(deviations));
    }
    if (table == nullptr || table->certainty != classes::Certainty::certain) continue;
    for (const classes::AttributeEntry& entry : table->attributes) {
      if (!listed.contains(entry.index)) {
        unlisted.push_back(fmt::format("{}, attribute {}", object.text(), entry.index));
      }
    }
  }
  say(probe, "every_attribute_listed", unlisted, list.objects.size());
  say(probe, "no_attribute_beyond_the_class", beyond, list.objects.size());
  say(probe, "readable_is_read", unread, read);
  say(probe, "attribute_1_is_the_name", names, read);
  say(probe, "types_as_the_class_says", types, read);
}

// What the list does not let this client read is refused.
void not_readable(ApplProbe& probe) {
  probe.associate();
  const ObjectList list = read_object_list(probe);
  Problems read;
  std::size_t asked = 0;
  for (const ListedObject& object : list.objects) {
    for (const ListedAttribute& attribute : object.attributes) {
      if (attribute.readable()) continue;
      ++asked;
      if (read_one(probe, object, attribute.id)) {
        read.push_back(fmt::format("{}, attribute {}", object.text(), attribute.id));
      }
    }
  }
  say(probe, "not_readable_is_refused", read, asked);
}

std::vector<ApplCheck> checks() {
  const auto line = [](std::string name, std::string title, void (*judge)(ApplProbe&)) {
    return ApplCheck{std::move(name),
                     std::move(title),
                     "IEC 62056-6-2, 4.4.4",
                     Before::associated,
                     {},
                     0,
                     {},
                     judge};
  };
  return {line("list", "the object list: structure, no object twice, the mandatory ones",
               list_structure),
          line("names", "OBIS names", names_valid),
          line("attributes", "every attribute: listed, read, of its class's type", attributes),
          line("not_readable", "attributes that may not be read", not_readable)};
}

const harness::Registration k_registration{appl_procedure(
    {.id = "CONF_OBJ_001",
     .title = "Object model: the object list and every attribute in it",
     .objective = "the list is what its class says, what it says may be read is read, and every "
                  "value has the type of its class",
     .severity = harness::Severity::medium,
     .clauses = {{"IEC 62056-6-2:2017", "4"}, {"IEC 62056-6-1:2017", "5"}},
     .mutants = {{"CONF_OBJ_TYPE", "types_as_the_class_says", {"attributes"}},
                 {"CONF_OBJ_RIGHTS", "readable_is_read", {"attributes"}}}},
    "lls", checks())};

}  // namespace
}  // namespace meterproof::suites::conf_obj_001
