#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include "bindings/module_parts.hpp"
#include "bindings/open_campaign.hpp"
#include "harness/errors.hpp"

namespace meterproof::bindings {
namespace {

namespace py = pybind11;
using harness::CaseId;
using harness::PlannedCase;

template <class Enum>
Enum word(const std::string& text, std::initializer_list<Enum> all, const char* what) {
  std::string known;
  for (const Enum each : all) {
    if (to_string(each) == text) return each;
    known += (known.empty() ? "" : ", ") + std::string(to_string(each));
  }
  throw harness::ConfigError(
      {"", 0, "unknown " + std::string(what) + " '" + text + "': one of " + known});
}

harness::Severity severity(const std::string& text) {
  using harness::Severity;
  return word(text, {Severity::low, Severity::medium, Severity::high, Severity::critical},
              "severity");
}

harness::Tier tier(const std::string& text) {
  using harness::Tier;
  return word(text, {Tier::demo, Tier::standard, Tier::full}, "tier");
}

CaseId case_id(const std::string& text) {
  if (auto id = harness::parse_case_id(text)) return *id;
  throw harness::ConfigError({"", 0, "'" + text + "' is no case: PROCEDURE/variant/position"});
}

// Everything is a keyword, as campaign.py hands it over.
std::shared_ptr<OpenCampaign> open_campaign(
    std::optional<std::filesystem::path> bench, std::filesystem::path runs,
    std::optional<std::filesystem::path> resume, std::vector<std::string> cases,
    std::vector<std::string> suites, std::vector<std::string> clauses,
    const std::optional<std::string>& at_least, const std::string& tier_name, std::uint64_t seed,
    std::string junit_dialect, std::vector<std::string> weaknesses, int virtual_positions,
    double virtual_scale) {
  suites::CampaignOptions options;
  options.bench = std::move(bench);
  options.runs = std::move(runs);
  options.resume = std::move(resume);
  options.selection.cases = std::move(cases);
  options.selection.suites = std::move(suites);
  options.selection.clauses = std::move(clauses);
  if (at_least) options.selection.at_least = severity(*at_least);
  options.tier = tier(tier_name);
  options.seed = seed;
  options.junit_dialect = std::move(junit_dialect);
  options.weaknesses = std::move(weaknesses);
  options.virtual_positions = virtual_positions;
  options.virtual_scale = virtual_scale;
  return std::make_shared<OpenCampaign>(std::move(options));
}

std::vector<std::string> clauses_of(const PlannedCase& planned) {
  std::vector<std::string> texts;
  for (const harness::Clause& clause : planned.procedure->clauses) {
    texts.push_back(clause.standard + " " + clause.number);
  }
  return texts;
}

void bind_case(py::module_& module) {
  // The catalogue lives as long as the process, so a case may outlive its campaign.
  py::class_<PlannedCase>(module, "Case", "One planned case: procedure x variant x position.")
      .def_property_readonly("id", [](const PlannedCase& self) { return self.id.to_string(); })
      .def_property_readonly("procedure", [](const PlannedCase& self) { return self.id.procedure; })
      .def_property_readonly("variant", [](const PlannedCase& self) { return self.id.variant; })
      .def_property_readonly("position", [](const PlannedCase& self) { return self.id.position; })
      .def_property_readonly("suite", [](const PlannedCase& self) { return self.procedure->suite; })
      .def_property_readonly("title", [](const PlannedCase& self) { return self.procedure->title; })
      .def_property_readonly("objective",
                             [](const PlannedCase& self) { return self.procedure->objective; })
      .def_property_readonly("variant_title",
                             [](const PlannedCase& self) { return self.variant->title; })
      .def_property_readonly(
          "severity", [](const PlannedCase& self) { return to_string(self.procedure->severity); })
      .def_property_readonly("clauses", &clauses_of)
      .def_property_readonly("destructiveness",
                             [](const PlannedCase& self) {
                               return to_string(self.procedure->declaration.destructiveness);
                             })
      .def_property_readonly("skip",
                             [](const PlannedCase& self) -> std::optional<std::string> {
                               if (!self.skip) return std::nullopt;
                               return self.skip->type + ": " + self.skip->message;
                             })
      .def("__str__", [](const PlannedCase& self) { return self.id.to_string(); })
      .def("__repr__",
           [](const PlannedCase& self) { return "<Case " + self.id.to_string() + ">"; });
}

void bind_result(py::module_& module) {
  using harness::CaseResult;
  py::class_<CaseResult>(module, "Result", "How a case ended.")
      .def_property_readonly("verdict",
                             [](const CaseResult& self) { return to_string(self.verdict); })
      .def_readonly("type", &CaseResult::type)
      .def_readonly("reason", &CaseResult::reason)
      .def_readonly("expectation", &CaseResult::expectation)
      .def_readonly("attempt", &CaseResult::attempt)
      .def("__repr__", [](const CaseResult& self) {
        return "<Result " + std::string(to_string(self.verdict)) +
               (self.reason.empty() ? "" : ": " + self.reason) + ">";
      });
}

}  // namespace

void bind_campaign(py::module_& module) {
  using namespace pybind11::literals;
  bind_case(module);
  bind_result(module);
  py::class_<OpenCampaign, std::shared_ptr<OpenCampaign>>(module, "Campaign")
      .def(py::init(&open_campaign), py::kw_only(), "bench"_a, "runs"_a, "resume"_a, "cases"_a,
           "suites"_a, "clauses"_a, "at_least"_a, "tier"_a, "seed"_a, "junit_dialect"_a,
           "weaknesses"_a, "virtual_positions"_a, "virtual_scale"_a)
      .def_property_readonly("plan", [](const OpenCampaign& self) { return self.plan(); })
      .def_property_readonly("positions",
                             [](const OpenCampaign& self) {
                               std::vector<std::string> names;
                               for (const auto& info : self.positions()) names.push_back(info.name);
                               return names;
                             })
      .def("capabilities",
           [](const OpenCampaign& self, const std::string& position) {
             for (const auto& info : self.positions()) {
               if (info.name == position) return info.capabilities;
             }
             throw harness::ConfigError({"", 0, "the bench has no position '" + position + "'"});
           })
      .def_property_readonly("run_folder", &OpenCampaign::run_folder)
      .def_property_readonly("finished", &OpenCampaign::finished)
      .def("begin",
           [](OpenCampaign& self, const std::optional<std::vector<std::string>>& selected) {
             if (!selected) return self.begin(std::nullopt);
             std::set<CaseId> ids;
             for (const std::string& text : *selected) ids.insert(case_id(text));
             self.begin(ids);
           })
      .def("result",
           [](OpenCampaign& self, const std::string& id) { return self.result(case_id(id)); })
      .def("stop", &OpenCampaign::stop)
      .def("finish", &OpenCampaign::finish)
      .def("energise", &OpenCampaign::energise)
      .def("release", &OpenCampaign::release);
}

}  // namespace meterproof::bindings
