#include "devices/cosem/push_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "devices/cosem/market_words.hpp"

namespace meterproof::cosem {
namespace {

constexpr std::size_t k_date_time_at = 5;  // behind the tag and the long-invoke-id-and-priority

BytesView without_llc(BytesView octets) {
  static constexpr std::array k_llc{std::byte{0xE6}, std::byte{0xE7}, std::byte{0x00}};
  return octets.size() >= k_llc.size() && std::equal(k_llc.begin(), k_llc.end(), octets.begin())
             ? octets.subspan(k_llc.size())
             : octets;
}

std::string form_of_date_time(BytesView apdu) {
  switch (std::to_integer<int>(apdu[k_date_time_at])) {
    case 0:
      return "absent";
    case 12:
      return "octets";
    default:
      return "tagged";
  }
}

class ColumnCheck {
 public:
  ColumnCheck(const std::vector<Data>& elements, PushCheck& check)
      : elements_(elements), check_(check) {}

  // False when the notification has no more elements.
  bool column(const bench::PushColumn& column) {
    ++number_;
    column_ = &column;
    if (column.form == "pair") return pair();
    if (column.form == "structure") return structured();
    const Data* value = next();
    if (value) judge_value(*value);
    return value != nullptr;
  }
  std::size_t left() const { return elements_.size() - at_; }

 private:
  void problem(const std::string& what) {
    check_.problems.push_back(fmt::format("column {} ({}): {}", number_,
                                          column_->name.empty() ? column_->title : column_->name,
                                          what));
  }

  const Data* next() {
    if (at_ < elements_.size()) return &elements_[at_++];
    problem("is missing");
    return nullptr;
  }

  bool pair() {
    const Data* name = next();
    if (!name) return false;
    judge_name(*name);
    const Data* value = next();
    if (value) judge_value(*value);
    return value != nullptr;
  }

  bool structured() {
    const Data* element = next();
    if (!element) return false;
    const auto* parts = element->as<Structure>();
    // A value whose unit is declared says so itself.
    const std::size_t wanted = column_->unit.empty() ? 2 : 3;
    if (!parts || parts->elements.size() != wanted) {
      problem(fmt::format("{}, not a structure of {}", to_string(*element, 40), wanted));
      return true;
    }
    judge_name(parts->elements[0]);
    judge_value(parts->elements[1]);
    if (wanted == 3) judge_scaler_unit(parts->elements[2]);
    return true;
  }

  void judge_name(const Data& data) {
    const auto octets = data.octets();
    const auto name = octets ? LogicalName::from(*octets) : std::nullopt;
    if (!name)
      problem(fmt::format("{} stands where the logical name belongs", to_string(data, 40)));
    else if (name != LogicalName::parse(column_->name))
      problem("is " + name->to_string());
  }

  void judge_value(const Data& data) {
    const std::string type(type_name(data));
    const auto& wanted = column_->types;
    if (std::find(wanted.begin(), wanted.end(), type) == wanted.end())
      problem(fmt::format("{}, not {}", type, fmt::join(wanted, " or ")));
    check_.values.push_back({column_, data});
  }

  void judge_scaler_unit(const Data& data) {
    const auto* parts = data.as<Structure>();
    const auto scaler = parts && parts->elements.size() == 2 ? parts->elements[0].integer()
                                                             : std::optional<std::int64_t>{};
    const auto unit = scaler ? parts->elements[1].integer() : std::nullopt;
    if (!scaler || !unit) return problem(to_string(data, 40) + " is no scaler and unit");
    if (column_->scaler && *scaler != *column_->scaler)
      problem(fmt::format("scaler {}, not {}", *scaler, *column_->scaler));
    if (*unit != unit_code(column_->unit))
      problem(fmt::format("unit {}, not {}", *unit, column_->unit));
  }

  const std::vector<Data>& elements_;
  PushCheck& check_;
  std::size_t at_ = 0, number_ = 0;
  const bench::PushColumn* column_ = nullptr;
};

}  // namespace

PushCheck check_push(const bench::PushList& list, BytesView octets) {
  PushCheck check;
  const BytesView apdu = without_llc(octets);
  const Result<Apdu> decoded = decode_apdu(apdu);
  if (!decoded) {
    check.problems.push_back("not an APDU: " + decoded.error().message());
    return check;
  }
  const auto* notification = std::get_if<DataNotification>(&*decoded);
  if (!notification) {
    check.problems.push_back("not a data-notification");
    return check;
  }
  if (const std::string form = form_of_date_time(apdu); form != list.date_time)
    check.problems.push_back("date-time: " + form + ", not " + list.date_time);
  const std::string container(type_name(notification->body));
  const auto* elements = notification->body.elements();
  if (!elements || container != list.container) {
    check.problems.push_back("body: " + container + ", not " + list.container);
    return check;
  }
  ColumnCheck columns(*elements, check);
  for (const bench::PushColumn& column : list.columns)
    if (!columns.column(column)) break;
  if (columns.left() > 0)
    check.problems.push_back(fmt::format("{} element(s) beyond the last column", columns.left()));
  return check;
}

}  // namespace meterproof::cosem
