#include "suites/accuracy/uncertainty.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace meterproof::suites {
namespace {

PulseFit quiet_fit() {
  PulseFit fit;
  fit.edges = 30;
  fit.pulses = 29;
  fit.reference_counts = 1e4;
  fit.degrees_of_freedom = 28;
  return fit;
}

// Certificate 0.01 %, drift 0.01 %, specification 0.02 %, phase 2 arc minutes.
constexpr devices::ReferenceUncertainty k_bench_reference{1e-4, 1e-4, 2e-4, 5.8178e-4};

const UncertaintyTerm& term(const UncertaintyBudget& budget, const std::string& name) {
  for (const UncertaintyTerm& one : budget.terms) {
    if (one.name == name) return one;
  }
  throw std::runtime_error(name);
}

TEST(UncertaintyBudget, TermsOfAWorkedExampleAtUnityPowerFactor) {
  const auto budget = pulse_comparison_budget(k_bench_reference, 0, quiet_fit(), {});
  EXPECT_NEAR(term(budget, "reference_certificate").standard_uncertainty(), 0.005, 1e-9);
  EXPECT_NEAR(term(budget, "reference_drift").standard_uncertainty(), 0.00577, 1e-5);
  EXPECT_NEAR(term(budget, "reference_specification").standard_uncertainty(), 0.01155, 1e-5);
  EXPECT_DOUBLE_EQ(term(budget, "reference_phase").standard_uncertainty(), 0);
  EXPECT_NEAR(term(budget, "counting").standard_uncertainty(), 0.00408, 1e-5);
  EXPECT_NEAR(budget.expanded(), 2 * std::sqrt(25 + 33.3 + 133.3 + 16.7) * 1e-3, 1e-4);
  EXPECT_DOUBLE_EQ(budget.coverage_factor(), 2);
}

TEST(UncertaintyBudget, ThePhaseErrorOfTheReferenceActsWithTheTangent) {
  const double phi = std::numbers::pi / 3;  // PF 0.5
  for (const double sign : {1.0, -1.0}) {
    const auto budget = pulse_comparison_budget(k_bench_reference, sign * phi, quiet_fit(), {});
    EXPECT_NEAR(term(budget, "reference_phase").standard_uncertainty(), 0.058, 2e-4);
    EXPECT_NEAR(budget.expanded(), 0.12, 0.005);
  }
}

TEST(UncertaintyBudget, FewObservationsWidenTheCoverageFactor) {
  PulseFit fit = quiet_fit();
  fit.edges = 5;
  fit.degrees_of_freedom = 3;
  fit.relative_standard_error = 1e-3;
  const auto budget = pulse_comparison_budget({}, 0, fit, {});
  // Jitter is all there is beside a little counting: about 3 degrees of freedom, t = 3.31.
  EXPECT_NEAR(budget.effective_degrees_of_freedom(), 3, 0.1);
  EXPECT_NEAR(budget.coverage_factor(), 3.3, 0.05);
  EXPECT_NEAR(budget.expanded(), 0.331, 0.01);
}

TEST(UncertaintyBudget, WelchSatterthwaiteOfTwoTerms) {
  UncertaintyBudget budget;
  budget.terms = {{"a", 'A', "normal", 3, 1, 4, false}, {"b", 'B', "normal", 4, 1, 0, false}};
  EXPECT_DOUBLE_EQ(budget.combined(), 5);
  EXPECT_NEAR(budget.effective_degrees_of_freedom(), 625.0 / (81.0 / 4), 1e-9);
}

TEST(UncertaintyBudget, ResolutionIsWhatMorePulsesReduce) {
  PulseFit fit = quiet_fit();
  fit.relative_standard_error = 3e-5;
  const auto budget = pulse_comparison_budget(k_bench_reference, 0, fit, {});
  EXPECT_NEAR(budget.expanded_resolution(), 2 * std::hypot(0.00408, 0.003), 1e-4);
  EXPECT_LT(budget.expanded_resolution(), budget.expanded());
}

TEST(UncertaintyBudget, TheTableNamesEveryTermAndTheSums) {
  const std::string csv = to_csv(pulse_comparison_budget(k_bench_reference, 1, quiet_fit(), {}));
  for (const char* name : {"reference_certificate,B,normal", "reference_drift,B,rectangular",
                           "reference_specification,B,rectangular", "reference_phase,B,rectangular",
                           "counting,B,triangular", "edge_jitter,A,normal",
                           "repeatability,A,normal", "combined,", "expanded,"}) {
    EXPECT_NE(csv.find(name), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace meterproof::suites
