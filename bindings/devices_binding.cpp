#include <pybind11/stl.h>

#include <cmath>

#include "bindings/module_parts.hpp"
#include "bindings/open_campaign.hpp"
#include "devices/meter.hpp"
#include "devices/pulse_input.hpp"
#include "devices/reference.hpp"
#include "harness/bench/bench_file.hpp"
#include "harness/errors.hpp"

namespace meterproof::bindings {
namespace {

namespace py = pybind11;
using namespace pybind11::literals;
using devices::Load;
using devices::MeterIdentity;
using devices::PhaseLoad;
using devices::RegisterReading;

constexpr double k_joule_per_watt_hour = 3600;

harness::Deadline deadline_after(double seconds) {
  if (!std::isfinite(seconds) || seconds < 0 || seconds > 1e8) {
    throw py::value_error("timeout: seconds, from 0 to 1e8");
  }
  return harness::Deadline::after(
      std::chrono::duration_cast<harness::WallDuration>(std::chrono::duration<double>(seconds)));
}

// A device of one position. Cheap to copy; keeps the campaign alive, not the bench open.
struct DeviceAt {
  std::shared_ptr<OpenCampaign> campaign;
  std::string position;

  // What `call` makes of the device, a BenchError when the position has no such device.
  template <class Device, class Call>
  auto use(const char* what, Call call) const {
    using Value = std::invoke_result_t<Call, Device&, const harness::Resources&, std::stop_token>;
    std::optional<Value> value;
    campaign->use(position, [&](const harness::Resources& devices, std::stop_token stop) {
      Device* device = devices.find<Device>();
      if (!device) throw harness::BenchError("position " + position + " has no " + what);
      value.emplace(call(*device, devices, stop));
    });
    return std::move(*value);
  }
};
struct MeterAt : DeviceAt {
  template <class Call>
  auto ask(double timeout, Call call) const {
    const harness::Deadline deadline = deadline_after(timeout);
    return value_or_refused(use<devices::Meter>(
        "meter", [&](devices::Meter& meter, const harness::Resources&, std::stop_token stop) {
          return call(meter, deadline, stop);
        }));
  }
};
struct ReferenceAt : DeviceAt {
  template <class Call>
  auto ask(Call call) const {
    return use<devices::ReferenceStandard>(
        "reference standard", [&](devices::ReferenceStandard& reference, const harness::Resources&,
                                  std::stop_token stop) { return call(reference, stop); });
  }
};
struct PulsesAt : DeviceAt {
  template <class Call>
  auto ask(Call call) const {
    return use<devices::PulseInput>(
        "pulse input",
        [&](devices::PulseInput& input, const harness::Resources& devices, std::stop_token stop) {
          return call(input, devices.get<bench::Position>().pulse.channel, stop);
        });
  }
};

template <class Device>
Device device_at(std::shared_ptr<OpenCampaign> campaign, std::string position) {
  for (const auto& info : campaign->positions()) {
    if (info.name == position) return Device{{std::move(campaign), std::move(position)}};
  }
  throw harness::ConfigError({"", 0, "the bench has no position '" + position + "'"});
}

void bind_load(py::module_& module) {
  py::class_<PhaseLoad>(module, "PhaseLoad", "u in V, i in A, phi in rad (inductive > 0).")
      .def(py::init([](double u, double i, double phi) {
             return PhaseLoad{{u}, {i}, {phi}};
           }),
           "u"_a, "i"_a = 0.0, "phi"_a = 0.0)
      .def_property_readonly("u", [](const PhaseLoad& self) { return self.u.value; })
      .def_property_readonly("i", [](const PhaseLoad& self) { return self.i.value; })
      .def_property_readonly("phi", [](const PhaseLoad& self) { return self.phi.value; });
  py::class_<Load>(module, "Load", "A sinusoidal load: one PhaseLoad for each used phase.")
      .def(py::init([](const std::vector<PhaseLoad>& phases, double frequency) {
             if (phases.size() > 3) throw py::value_error("a load has at most three phases");
             Load load{{}, {frequency}};
             std::copy(phases.begin(), phases.end(), load.phases.begin());
             return load;
           }),
           "phases"_a, "frequency"_a = 50.0)
      .def_property_readonly("phases",
                             [](const Load& self) {
                               return std::vector<PhaseLoad>(self.phases.begin(),
                                                             self.phases.end());
                             })
      .def_property_readonly("frequency", [](const Load& self) { return self.frequency.value; })
      .def("__eq__", [](const Load& self, const Load& other) { return self == other; })
      .def("__str__", [](const Load& self) { return to_string(self); })
      .def("__repr__", [](const Load& self) { return "<Load " + to_string(self) + ">"; });
}

void bind_meter(py::module_& module) {
  py::class_<MeterIdentity>(module, "MeterIdentity")
      .def_readonly("manufacturer", &MeterIdentity::manufacturer)
      .def_readonly("model", &MeterIdentity::model)
      .def_readonly("serial", &MeterIdentity::serial)
      .def_readonly("firmware", &MeterIdentity::firmware)
      .def("__eq__",
           [](const MeterIdentity& self, const MeterIdentity& other) { return self == other; })
      .def("__repr__", [](const MeterIdentity& self) {
        return "<MeterIdentity " + self.manufacturer + " " + self.model + " " + self.serial + " " +
               self.firmware + ">";
      });
  py::class_<RegisterReading>(module, "RegisterReading", "Total active import, Wh.")
      .def_property_readonly(
          "wh", [](const RegisterReading& r) { return r.energy.value / k_joule_per_watt_hour; })
      .def_property_readonly("resolution_wh", [](const RegisterReading& r) {
        return r.resolution.value / k_joule_per_watt_hour;
      });
  const auto read = [](const MeterAt& self, double timeout) {
    return self.ask(timeout, [](auto& meter, auto deadline, auto stop) {
      return meter.read_energy(deadline, stop);
    });
  };
  py::class_<MeterAt>(module, "Meter")
      .def_readonly("position", &MeterAt::position)
      .def(
          "identity",
          [](const MeterAt& self, double timeout) {
            return self.ask(timeout, [](auto& meter, auto deadline, auto stop) {
              return meter.identity(deadline, stop);
            });
          },
          "timeout"_a = 10.0)
      .def("read_register", read, "timeout"_a = 10.0)
      .def(
          "read_energy",
          [read](const MeterAt& self, double timeout) {
            return read(self, timeout).energy.value / k_joule_per_watt_hour;
          },
          "timeout"_a = 10.0)
      .def(
          "probe",
          [](const MeterAt& self, double timeout) {
            self.ask(timeout, [](auto& meter, auto deadline, auto stop) {
              return meter.probe(deadline, stop);
            });
          },
          "timeout"_a = 10.0)
      .def(
          "relay_closed",
          [](const MeterAt& self, double timeout) {
            return self.ask(timeout, [](auto& meter, auto deadline, auto stop) {
              return meter.relay_closed(deadline, stop);
            });
          },
          "timeout"_a = 10.0)
      .def_property_readonly("type", [](const MeterAt& self) {
        const bench::MeterType type = self.use<bench::Position>(
            "meter type",
            [](const bench::Position& position, auto&, auto) { return *position.type; });
        py::dict facts;
        facts["name"] = type.name;
        facts["manufacturer"] = type.manufacturer;
        facts["model"] = type.model;
        facts["phases"] = type.phases;
        facts["nominal_voltage"] = type.nominal_voltage.value;
        facts["base_current"] = type.base_current.value;
        facts["minimum_current"] = type.minimum_current.value;
        facts["transitional_current"] = type.transitional_current.value;
        facts["maximum_current"] = type.maximum_current.value;
        facts["starting_current"] = type.starting_current.value;
        facts["frequency"] = type.frequency.value;
        facts["constant"] = type.constant;
        facts["accuracy_class"] = type.accuracy_class;
        facts["standard"] = type.standard;
        facts["protocol"] = type.protocol;
        facts["has_relay"] = type.has_relay;
        return facts;
      });
}

template <class Quantities>
std::vector<double> values(const Quantities& quantities) {
  std::vector<double> plain;
  for (const auto& quantity : quantities) plain.push_back(quantity.value);
  return plain;
}

void bind_reference(py::module_& module) {
  using devices::ReferenceReading;
  py::class_<ReferenceReading>(module, "ReferenceReading", "V, A, rad, W, Hz.")
      .def_readonly("instrument_ns", &ReferenceReading::instrument_ns)
      .def_readonly("energy_count", &ReferenceReading::energy_count)
      .def_property_readonly("power", [](const ReferenceReading& r) { return r.power.value; })
      .def_property_readonly("u", [](const ReferenceReading& r) { return values(r.u); })
      .def_property_readonly("i", [](const ReferenceReading& r) { return values(r.i); })
      .def_property_readonly("phi", [](const ReferenceReading& r) { return values(r.phi); })
      .def_property_readonly("frequency",
                             [](const ReferenceReading& r) { return r.frequency.value; });
  py::class_<ReferenceAt>(module, "ReferenceStandard")
      .def(
          "read",
          [](const ReferenceAt& self, double timeout) {
            const harness::Deadline deadline = deadline_after(timeout);
            return self.ask(
                [&](auto& reference, auto stop) { return reference.read(deadline, stop); });
          },
          "timeout"_a = 10.0)
      .def_property_readonly(
          "constant",
          [](const ReferenceAt& self) {
            return self.ask([](auto& reference, auto) { return reference.constant(); });
          })
      .def_property_readonly(
          "calibrated_until",
          [](const ReferenceAt& self) {
            return self.ask([](auto& reference, auto) { return reference.calibrated_until(); });
          })
      .def("identity", [](const ReferenceAt& self) {
        return self.ask([](auto& reference, auto) { return reference.identity(); });
      });
}

void bind_pulses(py::module_& module) {
  using devices::Edge;
  py::class_<Edge>(module, "Edge", "One edge of a meter's test output.")
      .def_readonly("index", &Edge::index)
      .def_readonly("counter_ns", &Edge::counter_ns)
      .def_readonly("reference_count", &Edge::reference_count)
      .def("__repr__", [](const Edge& self) {
        return "<Edge " + std::to_string(self.index) + " at " + std::to_string(self.counter_ns) +
               " ns>";
      });
  py::class_<PulsesAt>(module, "Pulses")
      .def(
          "next_index",
          [](const PulsesAt& self, double timeout) {
            const harness::Deadline deadline = deadline_after(timeout);
            return self.ask([&](auto& input, int channel, auto stop) {
              return input.position(channel, deadline, stop).next_index;
            });
          },
          "timeout"_a = 10.0)
      .def(
          "edges",
          [](const PulsesAt& self, std::size_t count, std::optional<std::uint64_t> first,
             double timeout) {
            const harness::Deadline deadline = deadline_after(timeout);
            return self.ask([&](auto& input, int channel, auto stop) {
              const std::uint64_t from =
                  first ? *first : input.position(channel, deadline, stop).next_index;
              return input.edges(channel, from, count, deadline, stop);
            });
          },
          "count"_a, "first"_a = py::none(), "timeout"_a = 60.0);
}

}  // namespace

void bind_devices(py::module_& module) {
  bind_load(module);
  bind_meter(module);
  bind_reference(module);
  bind_pulses(module);
  module.def("meter", &device_at<MeterAt>);
  module.def("reference", &device_at<ReferenceAt>);
  module.def("pulses", &device_at<PulsesAt>);
}

}  // namespace meterproof::bindings
