#include "bindings/module_parts.hpp"

PYBIND11_MODULE(_meterproof, module) {
  module.doc() = "The C++ side of the package meterproof. Use the package.";
  module.attr("version") = METERPROOF_VERSION;
  meterproof::bindings::bind_errors(module);
  meterproof::bindings::bind_campaign(module);
  meterproof::bindings::bind_devices(module);
}
