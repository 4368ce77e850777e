#include <string>

#include "bindings/module_parts.hpp"
#include "harness/errors.hpp"

namespace meterproof::bindings {
namespace {

namespace py = pybind11;

// The types live as long as the process: the module is never unloaded.
struct ErrorTypes {
  PyObject* base = nullptr;
  PyObject* config = nullptr;
  PyObject* bench = nullptr;
  PyObject* internal = nullptr;
  PyObject* refused = nullptr;
  PyObject* cancelled = nullptr;
};
ErrorTypes error_types;

PyObject* make_type(py::module_& module, const char* name, const char* doc, PyObject* base) {
  const std::string full = std::string("meterproof.") + name;
  PyObject* type = PyErr_NewExceptionWithDoc(full.c_str(), doc, base, nullptr);
  if (!type) throw py::error_already_set();
  module.add_object(name, py::reinterpret_borrow<py::object>(type));
  return type;
}

void raise_config_error(const harness::ConfigError& error) {
  py::list diagnostics;
  for (const harness::Diagnostic& each : error.diagnostics()) {
    diagnostics.append(py::make_tuple(each.file, each.line, each.message));
  }
  py::object exception = py::handle(error_types.config)(error.what());
  exception.attr("diagnostics") = diagnostics;
  PyErr_SetObject(error_types.config, exception.ptr());
}

void raise_refused(const RefusedError& refused) {
  const harness::Error& error = refused.error;
  py::object exception = py::handle(error_types.refused)(error.message());
  exception.attr("category") = error.category().name();
  exception.attr("code") = error.value();
  PyErr_SetObject(error_types.refused, exception.ptr());
}

}  // namespace

void bind_errors(py::module_& module) {
  error_types.base = make_type(module, "Error", "What the harness raises.", nullptr);
  error_types.config = make_type(module, "ConfigError",
                                 "The bench file or the plan is wrong; nothing was energised.\n\n"
                                 "diagnostics: list of (file, line, message).",
                                 error_types.base);
  error_types.bench =
      make_type(module, "BenchError",
                "Link, instrument, lock or calibration: the bench is at fault.", error_types.base);
  error_types.internal =
      make_type(module, "InternalError",
                "The harness contradicts itself, or was used in a wrong order.", error_types.base);
  error_types.refused = make_type(module, "Refused",
                                  "The meter refused, was silent, late, or talked nonsense.\n\n"
                                  "Under attack this is often the wanted answer.\n"
                                  "category: str, code: int.",
                                  error_types.base);
  error_types.cancelled = make_type(module, "Cancelled",
                                    "The campaign was asked to stop. A KeyboardInterrupt, so that "
                                    "no `except Exception` takes it for a result.",
                                    PyExc_KeyboardInterrupt);
  py::register_exception_translator([](std::exception_ptr thrown) {
    try {
      std::rethrow_exception(thrown);
    } catch (const RefusedError& refused) {
      raise_refused(refused);
    } catch (const harness::ConfigError& error) {
      raise_config_error(error);
    } catch (const harness::BenchError& error) {
      PyErr_SetString(error_types.bench, error.what());
    } catch (const harness::InternalError& error) {
      PyErr_SetString(error_types.internal, error.what());
    } catch (const harness::Cancelled& error) {
      PyErr_SetString(error_types.cancelled, error.what());
    }
  });
}

}  // namespace meterproof::bindings
