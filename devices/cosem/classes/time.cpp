// Interface classes bound by time: clock, scripts, schedules, calendar: IEC 62056-6-2 4.5.1 to
// 4.5.5 and 4.5.7.
#include "devices/cosem/classes/families.hpp"

namespace meterproof::cosem::classes {
namespace {

constexpr AttributeEntry k_clock_attributes[] = {
    k_logical_name,
    {2, "time", k_dynamic, "octet-date-time"},
    {3, "time_zone", k_static, "long"},
    {4, "status", k_dynamic, "unsigned"},
    {5, "daylight_savings_begin", k_static, "octet-date-time"},
    {6, "daylight_savings_end", k_static, "octet-date-time"},
    {7, "daylight_savings_deviation", k_static, "integer(-120..120)"},
    {8, "daylight_savings_enabled", k_static, "boolean"},
    {9, "clock_base", k_static, "enum(0..5)"},
};
constexpr MethodEntry k_clock_methods[] = {
    {1, "adjust_to_quarter", k_optional, k_integer_zero, "", 0x60},
    {2, "adjust_to_measuring_period", k_optional, k_integer_zero, "", 0x68},
    {3, "adjust_to_minute", k_optional, k_integer_zero, "", 0x70},
    {4, "adjust_to_preset_time", k_optional, k_integer_zero, "", 0x78},
    {5, "preset_adjusting_time", k_optional,
     "structure{preset_time: octet-date-time, validity_interval_start: octet-date-time, "
     "validity_interval_end: octet-date-time}",
     "", 0x80},
    {6, "shift_time", k_optional, "long(-900..900)", "", 0x88},
};

constexpr AttributeEntry k_script_table_attributes[] = {
    k_logical_name,
    {2, "scripts", k_static,
     "array of structure{script_identifier: long-unsigned, actions: array of "
     "structure{service_id: enum(1..2), class_id: long-unsigned, logical_name: logical-name, "
     "index: integer, parameter: any}}"},
};
constexpr MethodEntry k_script_table_methods[] = {
    {1, "execute", k_mandatory, "long-unsigned", "", 0x20}};

constexpr AttributeEntry k_schedule_attributes[] = {
    k_logical_name, {2, "entries", k_static, "array of $schedule_entry"}};
constexpr MethodEntry k_schedule_methods[] = {
    {1, "enable_disable", k_optional,
     "structure{firstIndexA: long-unsigned, lastIndexA: long-unsigned, firstIndexB: long-unsigned, "
     "lastIndexB: long-unsigned}",
     "", 0x20},
    {2, "insert", k_optional, "$schedule_entry", "", 0x28},
    {3, "delete", k_optional, "structure{firstIndex: long-unsigned, lastIndex: long-unsigned}", "",
     0x30},
};

constexpr AttributeEntry k_special_days_attributes[] = {
    k_logical_name, {2, "entries", k_static, "array of $special_day"}};
constexpr MethodEntry k_special_days_methods[] = {
    {1, "insert", k_optional, "$special_day", "", 0x10},
    {2, "delete", k_optional, "long-unsigned", "", 0x18},
};

constexpr AttributeEntry k_activity_calendar_attributes[] = {
    k_logical_name,
    {2, "calendar_name_active", k_static, "octet-string"},
    {3, "season_profile_active", k_static, "$season_profile"},
    {4, "week_profile_table_active", k_static, "$week_profile_table"},
    {5, "day_profile_table_active", k_static, "$day_profile_table"},
    {6, "calendar_name_passive", k_static, "octet-string"},
    {7, "season_profile_passive", k_static, "$season_profile"},
    {8, "week_profile_table_passive", k_static, "$week_profile_table"},
    {9, "day_profile_table_passive", k_static, "$day_profile_table"},
    {10, "activate_passive_calendar_time", k_static, "octet-date-time"},
};
constexpr MethodEntry k_activity_calendar_methods[] = {
    {1, "activate_passive_calendar", k_optional, k_integer_zero, "", 0x50}};

constexpr AttributeEntry k_single_action_schedule_attributes[] = {
    k_logical_name,
    {2, "executed_script", k_static, "$script_action"},
    {3, "type", k_static, "enum(1..5)"},
    {4, "execution_time", k_static, "array of structure{time: octet-time, date: octet-date}"},
};

constexpr InterfaceClass k_time_classes[] = {
    {8, 0, "Clock", k_clock_attributes, k_clock_methods, Certainty::certain,
     "IEC 62056-6-2:2017 4.5.1", ""},
    {9, 0, "Script table", k_script_table_attributes, k_script_table_methods, Certainty::certain,
     "IEC 62056-6-2:2017 4.5.2", ""},
    {10, 0, "Schedule", k_schedule_attributes, k_schedule_methods, Certainty::certain,
     "IEC 62056-6-2:2017 4.5.3", ""},
    {11, 0, "Special days table", k_special_days_attributes, k_special_days_methods,
     Certainty::certain, "IEC 62056-6-2:2017 4.5.4", ""},
    {20, 0, "Activity calendar", k_activity_calendar_attributes, k_activity_calendar_methods,
     Certainty::certain, "IEC 62056-6-2:2017 4.5.5", ""},
    {22,
     0,
     "Single action schedule",
     k_single_action_schedule_attributes,
     {},
     Certainty::certain,
     "IEC 62056-6-2:2017 4.5.7",
     ""},
};

}  // namespace

std::span<const InterfaceClass> time_classes() { return k_time_classes; }

}  // namespace meterproof::cosem::classes
