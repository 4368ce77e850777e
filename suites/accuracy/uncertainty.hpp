// UncertaintyBudget: what stands behind an expanded uncertainty (GUM, JCGM 100:2008), term by term.
//
// Terms are relative, in percent of the energy, uncorrelated with each other. The reference's terms
// are common to all positions and all points of a bench: they never average down. The effective
// degrees of freedom follow Welch and Satterthwaite; the coverage factor is 2, or the t factor for
// 95.45 % where that is larger.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "devices/reference.hpp"
#include "suites/accuracy/pulse_fit.hpp"

namespace meterproof::suites {

struct UncertaintyTerm {
  std::string name;               // "reference_certificate"
  char type = 'B';                // 'A' from the data of this test, 'B' from elsewhere
  std::string distribution;       // "normal", "rectangular", "triangular"
  double half_width = 0;          // what was stated or observed, %
  double divisor = 1;             // makes it a standard uncertainty
  double degrees_of_freedom = 0;  // 0: infinitely many
  bool resolution = false;        // of the comparison itself: falls when more pulses are taken

  double standard_uncertainty() const { return half_width / divisor; }
};

struct UncertaintyBudget {
  std::vector<UncertaintyTerm> terms;

  double combined() const;                      // u_c, %
  double effective_degrees_of_freedom() const;  // infinity when all terms are known exactly
  double coverage_factor() const;
  double expanded() const { return coverage_factor() * combined(); }  // U, %
  // U of the resolution terms alone, k = 2: what more pulses can still reduce.
  double expanded_resolution() const;
};

// The budget of one percentage error measured by pulse comparison. phi: of the load, rad.
UncertaintyBudget pulse_comparison_budget(const devices::ReferenceUncertainty& reference,
                                          double phi, const PulseFit& fit,
                                          const BlockScatter& scatter);

// "term,type,distribution,half_width_percent,divisor,standard_uncertainty_percent,..." with the
// sums below.
std::string to_csv(const UncertaintyBudget& budget);

}  // namespace meterproof::suites
