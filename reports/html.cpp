// The page for people: one self-contained HTML file, nothing loaded from elsewhere, no script. The
// closing table links to each case; a case shows what was done, measured, exercised and what was
// not. Everything from the journal is escaped.
#include <fmt/format.h>

#include <algorithm>

#include "harness/journal/run_summary.hpp"
#include "reports/case_text.hpp"
#include "reports/html_case.hpp"
#include "reports/reporter.hpp"
#include "reports/text.hpp"

namespace meterproof::reports {
namespace {

constexpr std::string_view k_style = R"css(
:root{--ink:#1b1f24;--soft:#5b6470;--line:#d7dce2;--paper:#fff;--pass:#1a7f37;--fail:#c11d1d;
--error:#8a2be2;--inconclusive:#9a6700;--skipped:#6b7280}
*{box-sizing:border-box}
body{font:15px/1.5 system-ui,"DejaVu Sans",sans-serif;color:var(--ink);background:var(--paper);
max-width:70rem;margin:0 auto;padding:1.5rem}
h1{font-size:1.5rem;margin:0 0 .3rem}h2{font-size:1.15rem;margin:2rem 0 .6rem}
h3{font-size:1rem;margin:0}h4{font-size:.85rem;margin:.9rem 0 .2rem;color:var(--soft)}
table{border-collapse:collapse;width:100%;margin:.3rem 0}
th,td{text-align:left;padding:.25rem .6rem .25rem 0;border-bottom:1px solid var(--line);
vertical-align:top;overflow-wrap:anywhere}
th{font-weight:600;color:var(--soft);font-size:.85rem}
code,.mono{font-family:ui-monospace,"DejaVu Sans Mono",monospace;font-size:.87em}
.soft{color:var(--soft)}.num{white-space:nowrap}
.chip{display:inline-block;min-width:5.5rem;padding:0 .5rem;border-radius:.6rem;color:#fff;
font-size:.8rem;text-align:center;background:var(--skipped)}
.pass{background:var(--pass)}.fail{background:var(--fail)}.error{background:var(--error)}
.inconclusive,.running{background:var(--inconclusive)}
.case{border:1px solid var(--line);border-left:.35rem solid var(--skipped);border-radius:.3rem;
padding:.6rem .9rem;margin:.7rem 0;break-inside:avoid}
.case.c-pass{border-left-color:var(--pass)}.case.c-fail{border-left-color:var(--fail)}
.case.c-error{border-left-color:var(--error)}
.case.c-inconclusive,.case.c-running{border-left-color:var(--inconclusive)}
.reason{margin:.4rem 0;padding:.35rem .6rem;background:#f4f5f7;white-space:pre-wrap;
overflow-wrap:anywhere}
ul{margin:.2rem 0;padding-left:1.2rem}
details{margin:.4rem 0}summary{cursor:pointer;color:var(--soft)}
.matrix td,.matrix th{padding:.2rem .5rem .2rem 0}
.matrix a{text-decoration:none}
.watermark{position:fixed;inset:0;display:flex;align-items:center;justify-content:center;
pointer-events:none;font-size:14vw;font-weight:800;color:#c11d1d;opacity:.07;
transform:rotate(-28deg);z-index:9}
.banner{background:#fdf0f0;border:1px solid #e9b8b8;padding:.4rem .8rem;margin:.8rem 0}
)css";

bool is_simulated(const journal::RunModel& model) {
  return model.facts().simulated ||
         std::any_of(model.cases().begin(), model.cases().end(),
                     [](const journal::CaseRecord& record) { return record.dut.simulated; });
}

std::string fact_row(std::string_view name, std::string_view value) {
  if (value.empty()) return {};
  return fmt::format("<tr><th>{}</th><td>{}</td></tr>\n", escaped(name), escaped(value));
}

std::string facts_table(const journal::RunFacts& facts) {
  std::string text = "<table>\n";
  text += fact_row("run", facts.run_id);
  text += fact_row("started (UTC)", facts.started_t);
  text += fact_row("latest event (UTC)", facts.last_t);
  text += fact_row("bench", facts.bench_name);
  text += fact_row("bench file", facts.bench_file);
  text += fact_row("bench file SHA-256", facts.bench_sha256);
  if (facts.time_scale != 1) {
    text += fact_row("bench time", fmt::format("{:g} times wall time", facts.time_scale));
  }
  text += fact_row("tier", facts.tier);
  text += fact_row("seed", facts.seed);
  text += fact_row("meterproof", facts.version);
  text += fact_row("host", facts.host);
  if (facts.resumed > 0) text += fact_row("resumed", std::to_string(facts.resumed) + " x");
  text += fact_row("stopped by", facts.stopped_by);
  return text + "</table>\n";
}

std::string devices_table(const journal::RunModel& model) {
  std::string text =
      "<table>\n<tr><th>position</th><th>type</th><th>manufacturer</th><th>model</th>"
      "<th>serial</th><th>firmware</th><th></th></tr>\n";
  std::vector<std::string> seen;
  for (const journal::CaseRecord& record : model.cases()) {
    if (std::find(seen.begin(), seen.end(), record.position) != seen.end()) continue;
    seen.push_back(record.position);
    const auto& dut = record.dut;
    text += fmt::format(
        "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
        escaped(record.position), escaped(dut.type), escaped(dut.manufacturer), escaped(dut.model),
        escaped(dut.serial), escaped(dut.firmware), dut.simulated ? "simulated" : "");
  }
  return text + "</table>\n";
}

// One row a procedure and variant, one column a position.
std::string matrix(const journal::RunModel& model) {
  std::vector<std::string> positions, forms;
  const auto add_once = [](std::vector<std::string>& names, const std::string& name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  };
  for (const journal::CaseRecord& record : model.cases()) {
    add_once(positions, record.position);
    add_once(forms, record.procedure + "/" + record.variant);
  }
  std::sort(positions.begin(), positions.end());
  std::string text = "<table class=\"matrix\">\n<tr><th>case</th>";
  for (const auto& position : positions) text += "<th>" + escaped(position) + "</th>";
  text += "</tr>\n";
  for (const auto& form : forms) {
    text += "<tr><td class=\"mono\">" + escaped(form) + "</td>";
    for (const auto& position : positions) {
      const journal::CaseRecord* record = model.find(form + "/" + position);
      if (record == nullptr) {
        text += "<td class=\"soft\">-</td>";
      } else {
        text += fmt::format("<td><a href=\"#{}\">{}</a></td>", escaped(record->id), chip(*record));
      }
    }
    text += "</tr>\n";
  }
  return text + "</table>\n";
}

std::string remarks_list(const journal::RunModel& model) {
  if (model.remarks().empty()) return {};
  std::string text = "<h2>Remarks on the bench</h2>\n<ul>\n";
  for (const auto& remark : model.remarks()) {
    text += fmt::format("<li><span class=\"mono soft\">{}</span> {}</li>\n", escaped(remark.t),
                        escaped(remark.text));
  }
  return text + "</ul>\n";
}

std::string render_html(const journal::RunModel& model, const ReportOptions&) {
  const auto& facts = model.facts();
  const std::string title = "meterproof " + facts.run_id;
  std::string page = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n",
      escaped(title), k_style);
  const bool simulated = is_simulated(model);
  if (simulated) page += "<div class=\"watermark\" aria-hidden=\"true\">SIMULATED</div>\n";
  const auto summary = journal::summarise(model);
  page += fmt::format("<h1>{}</h1>\n<p>{} in {:.0f} s</p>\n", escaped(title),
                      escaped(journal::to_string(summary)), facts.wall_s);
  if (simulated) {
    page +=
        "<p class=\"banner\"><strong>SIMULATED.</strong> At least one device of this run is a "
        "simulation: the run proves nothing about a real one.</p>\n";
  }
  if (!summary.complete) {
    page +=
        "<p class=\"banner\"><strong>Incomplete.</strong> Not every planned case has a "
        "verdict.</p>\n";
  }
  page += facts_table(facts) + "<h2>Devices under test</h2>\n" + devices_table(model);
  page += "<h2>Verdicts</h2>\n" + matrix(model) + remarks_list(model) + "<h2>Cases</h2>\n";
  std::vector<const journal::CaseRecord*> ordered;
  for (const auto& record : model.cases()) ordered.push_back(&record);
  std::stable_sort(ordered.begin(), ordered.end(),
                   [](const auto* a, const auto* b) { return urgency(*a) < urgency(*b); });
  for (const auto* record : ordered) page += html_case(*record);
  return page + "</body>\n</html>\n";
}

const ReporterRegistration k_html{
    {"html", "report.html", "one self-contained page for people", render_html}};

}  // namespace
}  // namespace meterproof::reports
