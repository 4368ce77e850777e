// The lists that a market's meters push.
#include <algorithm>
#include <utility>

#include "harness/bench/market_reader.hpp"
#include "harness/names.hpp"

namespace meterproof::bench {
namespace {

const std::vector<std::string> k_push_forms{"value", "pair", "structure"};

PushColumn read_column(TableReader& table, const std::string& form) {
  PushColumn column;
  column.line = table.line();
  column.form = table.choice("form", Need::optional, k_push_forms).value_or(form);
  column.name =
      table.text("name", column.form == "value" ? Need::optional : Need::required).value_or("");
  if (!column.name.empty() && !is_logical_name(column.name))
    table.problem("name", "'" + column.name + "' is not a logical name like \"1-0:1.8.0.255\"");
  column.title = table.text("title", Need::optional).value_or("");
  for (const auto& item :
       table.texts("type", Need::required).value_or(std::vector<TableReader::Item>{})) {
    const auto& known = data_type_names();
    if (std::find(known.begin(), known.end(), item.text) == known.end())
      table.problem("type",
                    "unknown '" + item.text + "'" + harness::did_you_mean(item.text, known));
    column.types.push_back(item.text);
  }
  column.unit = table.choice("unit", Need::optional, unit_names()).value_or("");
  column.scaler = table.integer("scaler", Need::optional, -128, 127);
  return column;
}

PushList read_push(TableReader& table, const MarketProfile& profile, Problems& problems) {
  PushList push;
  push.line = table.line();
  push.list = table.text("list", Need::required).value_or("");
  if (profile.push(push.list)) table.problem("list", "'" + push.list + "' is declared twice");
  push.carriage =
      table.choice("carriage", Need::required, {"hdlc_ui", "hdlc_i", "wrapper", "mbus", "p1"})
          .value_or("");
  push.ciphering = table.choice("ciphering", Need::required, {"none", "general_glo"}).value_or("");
  push.container =
      table.choice("container", Need::required, {"array", "structure", "lines"}).value_or("");
  push.date_time =
      table.choice("date_time", Need::required, {"absent", "octets", "tagged"}).value_or("");
  push.period = table.text("period", Need::optional).value_or("");
  const std::string form = table.choice("form", Need::required, k_push_forms).value_or("value");
  push.provenance = read_provenance(table, profile, Need::required);
  for (const TomlNode* node : table.tables("column")) {
    TableReader column(*node, "push.column", problems);
    push.columns.push_back(read_column(column, form));
  }
  if (push.columns.empty()) problems.add(push.line, "[[push]] has no [[push.column]]");
  return push;
}

}  // namespace

void read_market_pushes(TableReader& root, MarketProfile& profile, Problems& problems) {
  for (const TomlNode* node : root.tables("push")) {
    TableReader table(*node, "push", problems);
    profile.pushes.push_back(read_push(table, profile, problems));
  }
}

}  // namespace meterproof::bench
