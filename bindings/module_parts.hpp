// The parts of the Python module _meterproof, one .cpp each. pybind11 is known only there.
#pragma once

#include <pybind11/pybind11.h>

#include "harness/result.hpp"

namespace meterproof::bindings {

// The meter (or the way to it) said no: a value in C++, the exception Refused in Python.
struct RefusedError {
  harness::Error error;
};

// value of a Result, or RefusedError.
template <class T>
T value_or_refused(harness::Result<T> result) {
  if (!result) throw RefusedError{result.error()};
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

void bind_errors(pybind11::module_& module);
void bind_campaign(pybind11::module_& module);
void bind_devices(pybind11::module_& module);

}  // namespace meterproof::bindings
