#include "suites/accuracy/uncertainty.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>

namespace meterproof::suites {
namespace {

constexpr double k_infinite = std::numeric_limits<double>::infinity();
constexpr double k_two_sigma = 0.9544997361036416;  // share of a normal distribution within +-2 u

double square(double value) { return value * value; }

}  // namespace

double UncertaintyBudget::combined() const {
  double sum = 0;
  for (const UncertaintyTerm& term : terms) sum += square(term.standard_uncertainty());
  return std::sqrt(sum);
}

double UncertaintyBudget::effective_degrees_of_freedom() const {
  double sum = 0;
  for (const UncertaintyTerm& term : terms) {
    if (term.degrees_of_freedom > 0) {
      sum += square(square(term.standard_uncertainty())) / term.degrees_of_freedom;
    }
  }
  return sum > 0 ? square(square(combined())) / sum : k_infinite;
}

double UncertaintyBudget::coverage_factor() const {
  const double freedom = effective_degrees_of_freedom();
  // Beyond this the t factor is 2 to four digits.
  if (freedom > 1e5) return 2.0;
  const boost::math::students_t distribution(std::max(1.0, freedom));
  return std::max(2.0, boost::math::quantile(distribution, (1 + k_two_sigma) / 2));
}

double UncertaintyBudget::expanded_resolution() const {
  double sum = 0;
  for (const UncertaintyTerm& term : terms) {
    if (term.resolution) sum += square(term.standard_uncertainty());
  }
  return 2 * std::sqrt(sum);
}

UncertaintyBudget pulse_comparison_budget(const devices::ReferenceUncertainty& reference,
                                          double phi, const PulseFit& fit,
                                          const BlockScatter& scatter) {
  const double rectangular = std::sqrt(3.0), triangular = std::sqrt(6.0);
  UncertaintyBudget budget;
  const auto add = [&](std::string name, char type, std::string distribution, double half_width,
                       double divisor, double freedom, bool resolution) {
    budget.terms.push_back(
        {std::move(name), type, std::move(distribution), half_width, divisor, freedom, resolution});
  };
  add("reference_certificate", 'B', "normal", reference.certificate_expanded * 100, 2, 0, false);
  add("reference_drift", 'B', "rectangular", reference.drift_rectangular * 100, rectangular, 0,
      false);
  add("reference_specification", 'B', "rectangular", reference.specification_rectangular * 100,
      rectangular, 0, false);
  // d(cos phi)/cos phi = -tan(phi) d(phi)
  add("reference_phase", 'B', "rectangular",
      reference.phase_rectangular_rad * std::abs(std::tan(phi)) * 100, rectangular, 0, false);
  // Both gate edges fall anywhere between two counts of the reference.
  add("counting", 'B', "triangular", 100 / fit.reference_counts, triangular, 0, true);
  add("edge_jitter", 'A', "normal", fit.relative_standard_error * 100, 1,
      std::max(1, fit.degrees_of_freedom), true);
  add("repeatability", 'A', "normal", scatter.relative_standard_error * 100, 1,
      std::max(1, scatter.degrees_of_freedom), true);
  return budget;
}

std::string to_csv(const UncertaintyBudget& budget) {
  std::string text =
      "term,type,distribution,half_width_percent,divisor,standard_uncertainty_percent,"
      "degrees_of_freedom\n";
  for (const UncertaintyTerm& term : budget.terms) {
    text +=
        fmt::format("{},{},{},{:.9g},{:.9g},{:.9g},{}\n", term.name, term.type, term.distribution,
                    term.half_width, term.divisor, term.standard_uncertainty(),
                    term.degrees_of_freedom > 0 ? fmt::format("{:g}", term.degrees_of_freedom)
                                                : std::string("inf"));
  }
  text += fmt::format("combined,,,,,{:.9g},{:.4g}\n", budget.combined(),
                      budget.effective_degrees_of_freedom());
  text +=
      fmt::format("expanded,,k={:.4g},,,{:.9g},\n", budget.coverage_factor(), budget.expanded());
  return text;
}

}  // namespace meterproof::suites
