#include "reports/html_case.hpp"

#include <fmt/format.h>

#include "reports/case_text.hpp"
#include "reports/text.hpp"

namespace meterproof::reports {
namespace {

std::string word_class(const journal::CaseRecord& record) {
  const std::string word = state_word(record);
  return word == "not run" ? "skipped" : word;
}

std::string checks_table(std::string_view heading, const std::vector<journal::CheckRecord>& all) {
  if (all.empty()) return {};
  std::string text = fmt::format("<h4>{}</h4>\n<table>\n", heading);
  for (const auto& check : all) {
    text += fmt::format("<tr><td>{}</td><td class=\"mono\">{}</td><td>{}</td></tr>\n",
                        check.met ? "met" : "<strong>not met</strong>", escaped(check.name),
                        escaped(check.detail));
  }
  return text + "</table>\n";
}

std::string controls_table(const journal::Attempt& attempt) {
  if (attempt.controls.empty()) return {};
  std::string text = "<h4>Controls</h4>\n<table>\n";
  for (const auto& control : attempt.controls) {
    text += fmt::format("<tr><td>{}</td><td>{}</td><td class=\"mono\">{}</td><td>{}</td></tr>\n",
                        control.ok ? "ok" : "<strong>failed</strong>", escaped(control.when),
                        escaped(control.name), escaped(control.detail));
  }
  return text + "</table>\n";
}

std::string measurements_table(const journal::Attempt& attempt) {
  if (attempt.measurements.empty()) return {};
  std::string text =
      "<h4>Measurements</h4>\n<table>\n<tr><th>quantity</th><th>estimate</th><th>U</th>"
      "<th>limits</th><th></th><th>n</th><th>outcome</th><th>rule and source</th></tr>\n";
  for (const auto& record : attempt.measurements) {
    const auto& measured = record.measurement;
    text += fmt::format(
        "<tr><td class=\"mono\">{}</td><td class=\"num\">{}</td><td class=\"num\">{}</td>"
        "<td class=\"num\">{}</td><td>{}</td><td>{}</td><td>{}</td>"
        "<td class=\"soft\">{}<br>{}</td></tr>\n",
        escaped(measured.name), escaped(value_text(measured)), escaped(uncertainty_text(measured)),
        escaped(limits_text(measured)), uncertainty_bar(record), measured.observations,
        escaped(record.outcome), escaped(measured.rule.name), escaped(measured.limit_source));
  }
  return text + "</table>\n";
}

std::string exercised_lists(const journal::Attempt& attempt) {
  std::string text;
  if (!attempt.exercised.empty()) {
    text += "<h4>Exercised</h4>\n<ul>\n";
    for (const auto& form : attempt.exercised) text += "<li>" + escaped(form) + "</li>\n";
    text += "</ul>\n";
  }
  if (!attempt.not_exercised.empty()) {
    text += "<h4>Not exercised</h4>\n<ul>\n";
    for (const auto& entry : attempt.not_exercised) {
      text += fmt::format("<li>{} <span class=\"soft\">- {}</span></li>\n", escaped(entry.form),
                          escaped(entry.reason));
    }
    text += "</ul>\n";
  }
  return text;
}

// Only letters that a path of ours can hold stay as they are: no scheme, no way up.
std::string safe_link(std::string_view path) {
  std::string link;
  for (const char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '/' || c == '_' || c == '.' || c == '-';
    link += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  const bool leaves = link.starts_with("/") || ("/" + link + "/").find("/../") != std::string::npos;
  return leaves ? std::string() : link;
}

std::string attachments_table(const journal::Attempt& attempt) {
  if (attempt.attachments.empty()) return {};
  std::string text = "<h4>Evidence</h4>\n<table>\n";
  for (const auto& file : attempt.attachments) {
    text += fmt::format(
        "<tr><td><a href=\"{}\">{}</a></td><td>{}</td><td class=\"num\">{} bytes</td>"
        "<td class=\"mono soft\" title=\"SHA-256 {}\">{}</td></tr>\n",
        safe_link(file.path), escaped(file.name), escaped(file.description), file.bytes,
        escaped(file.sha256), escaped(shortened(file.sha256, 19)));
  }
  return text + "</table>\n";
}

std::string properties_and_steps(const journal::Attempt& attempt) {
  std::string text;
  if (!attempt.properties.empty()) {
    text += "<h4>Facts</h4>\n<table>\n";
    for (const auto& [key, value] : attempt.properties) {
      text += fmt::format("<tr><td class=\"mono\">{}</td><td>{}</td></tr>\n", escaped(key),
                          escaped(value));
    }
    text += "</table>\n";
  }
  if (attempt.steps.empty()) return text;
  text += fmt::format("<details><summary>steps ({})</summary>\n<table>\n", attempt.steps.size());
  for (const auto& step : attempt.steps) {
    text += fmt::format("<tr><td class=\"mono num\">{}</td><td>{}</td></tr>\n",
                        escaped(time_of_day(step.t)), escaped(step.text));
  }
  return text + "</table></details>\n";
}

std::string earlier_attempts(const journal::CaseRecord& record) {
  if (record.attempts.size() < 2) return {};
  std::string text = "<h4>Attempts before</h4>\n<ul>\n";
  for (std::size_t i = 0; i + 1 < record.attempts.size(); ++i) {
    const auto& attempt = record.attempts[i];
    const std::string word =
        attempt.verdict ? std::string(harness::to_string(*attempt.verdict)) : "interrupted";
    text += fmt::format("<li>{}: {} {}</li>\n", attempt.number, word, escaped(attempt.reason));
  }
  return text + "</ul>\n";
}

std::string joined_clauses(const journal::CaseRecord& record) {
  std::string text;
  for (const auto& clause : record.clauses) text += (text.empty() ? "" : "; ") + clause;
  return text;
}

}  // namespace

std::string chip(const journal::CaseRecord& record) {
  return fmt::format("<span class=\"chip {}\">{}</span>", word_class(record), state_word(record));
}

std::string html_case(const journal::CaseRecord& record) {
  const journal::Attempt* attempt = record.latest();
  std::string text = fmt::format(
      "<section class=\"case c-{}\" id=\"{}\">\n<h3>{} <span class=\"mono\">{}</span></h3>\n"
      "<div>{}</div>\n<div class=\"soft\">{}{}{}{}</div>\n",
      word_class(record), escaped(record.id), chip(record), escaped(record.id),
      escaped(record.title), escaped(joined_clauses(record)),
      record.severity.empty() ? "" : " - severity " + escaped(record.severity),
      record.mutant.empty() ? "" : " - weakness switched on: " + escaped(record.mutant),
      attempt == nullptr
          ? std::string()
          : fmt::format(" - {:.1f} s{}", attempt->duration_s,
                        attempt->tier.empty() ? "" : ", tier " + escaped(attempt->tier)));
  if (record.state() == journal::CaseState::running) {
    text += "<p class=\"reason\">Started, no verdict: running, or interrupted.</p>\n";
  }
  if (attempt != nullptr) {
    if (!attempt->reason.empty()) {
      text += fmt::format("<p class=\"reason\">{}{}{}</p>\n", escaped(attempt->reason_type),
                          attempt->reason_type.empty() ? "" : ": ", escaped(attempt->reason));
    }
    text += measurements_table(*attempt) + checks_table("Expectations", attempt->expectations) +
            controls_table(*attempt) +
            checks_table("Requirements on the bench", attempt->requirements) +
            exercised_lists(*attempt) + properties_and_steps(*attempt) +
            attachments_table(*attempt);
  }
  return text + earlier_attempts(record) + "</section>\n";
}

}  // namespace meterproof::reports
