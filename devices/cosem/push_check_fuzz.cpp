// Any octets against a list of a market profile with a column of each form: what is wrong is named,
// and a value is given for no more columns than there are.
#include <cstdlib>

#include "devices/cosem/push_check.hpp"

namespace {

using namespace meterproof;

bench::PushColumn column_of(const char* form, const char* unit) {
  bench::PushColumn column;
  column.name = "1-0:1.7.0.255";
  column.types = {"double_long_unsigned", "long_unsigned"};
  column.unit = unit;
  column.scaler = -1;
  column.form = form;
  return column;
}

bench::PushList list_of_each_form(const char* container, const char* date_time) {
  bench::PushList list;
  list.container = container;
  list.date_time = date_time;
  list.columns = {column_of("value", ""), column_of("pair", ""), column_of("structure", ""),
                  column_of("structure", "W")};
  return list;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const bench::PushList lists[] = {list_of_each_form("structure", "octets"),
                                          list_of_each_form("array", "tagged")};
  const auto input = std::as_bytes(std::span(data, size));
  for (const bench::PushList& list : lists) {
    const cosem::PushCheck check = cosem::check_push(list, input);
    if (check.values.size() > list.columns.size()) std::abort();
    if (check.problems.empty() && check.values.size() != list.columns.size()) std::abort();
  }
  return 0;
}
