// Any value, whatever type its class wants: checked, rendered, scaled and taken for an object list
// without harm. The first two octets choose class and attribute, the third the association version.
#include <cstdlib>

#include "devices/cosem/classes/lookup.hpp"
#include "devices/cosem/classes/object_list.hpp"
#include "devices/cosem/classes/render.hpp"
#include "devices/cosem/date_rules.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace meterproof::cosem;
  if (size < 3) return 0;
  const auto all = classes::all_classes();
  const classes::InterfaceClass& of = all[data[0] % all.size()];
  const auto& attribute = of.attributes[data[1] % of.attributes.size()];
  const auto value =
      decode_data(std::as_bytes(std::span(data + 3, size - 3)), {.max_elements = 10'000});
  if (!value) return 0;
  if (classes::check_type(classes::type_of(attribute), *value, 5).size() > 5) std::abort();
  const auto text = classes::render_attribute(of.id, of.version, attribute.index, *value,
                                              classes::ScalerUnit{-3, 30}, 100);
  if (text.size() > 1000) std::abort();
  (void)classes::scaled_decimal(*value, static_cast<std::int8_t>(data[2]));
  if (const auto objects = classes::object_list_from(*value, data[2])) {
    for (const auto& object : *objects) (void)classes::rights_table(object);
  }
  (void)classes::short_name_list_from(*value);
  (void)classes::association_version(*value);
  if (const auto scale = classes::scaler_unit_from(*value)) {
    if (classes::scaled_text(std::uint32_t{1}, *scale)->size() > 200) std::abort();
  }
  if (const auto at = value->date_time()) {
    (void)to_string(*at);
    const auto day = occurrence(at->date, 2026);
    if (day && !is_calendar_day(*day)) std::abort();
    (void)matches(*at, from_utc(UtcTime{}));
    (void)compare(*at, from_utc(UtcTime{}));
  }
  return 0;
}
