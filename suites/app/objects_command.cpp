#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <optional>

#include "devices/cosem/classes/lookup.hpp"
#include "devices/cosem/classes/render.hpp"
#include "devices/cosem/classes/typed_access.hpp"
#include "devices/meters/dlms_meter.hpp"
#include "harness/errors.hpp"
#include "suites/app/bench_session.hpp"
#include "suites/app/commands.hpp"

namespace meterproof::suites {
namespace {

namespace classes = cosem::classes;
using harness::Deadline;

constexpr std::chrono::seconds k_open_time{10}, k_get_time{5};

// A bench session writes a journal; of a look at a meter nobody needs it afterwards.
class ObjectsFolder {
 public:
  ObjectsFolder()
      : path_(std::filesystem::temp_directory_path() /
              ("meterproof-objects-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(path_);
  }
  ~ObjectsFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

[[noreturn]] void refuse_objects(const ObjectsCommand& command, const std::string& what) {
  throw harness::ConfigError(harness::Diagnostic{command.bench.string(), 0, what});
}

const bench::Position& chosen_position(const bench::Bench& bench, const ObjectsCommand& command) {
  for (const bench::Position& position : bench.positions) {
    if (command.position.empty() || position.name == command.position) return position;
  }
  refuse_objects(command, "there is no position '" + command.position + "'");
}

// Whole buffers and the object list itself are too long for a line, and were read already.
bool too_long_to_show(const classes::ListedObject& object, int attribute) {
  return attribute == 2 && (object.class_id == 7 || object.class_id == 15);
}

std::optional<classes::ScalerUnit> scale_of(cosem::Client& client,
                                            const classes::ListedObject& object) {
  const int index = classes::scaler_attribute(object.class_id);
  if (index == 0) return std::nullopt;
  const auto scale = client.get({object.class_id, object.name, static_cast<std::int8_t>(index)},
                                Deadline::after(k_get_time), {});
  return scale.has_value() ? classes::scaler_unit_from(*scale) : std::nullopt;
}

void print_value(cosem::Client& client, const classes::ListedObject& object, std::int8_t index,
                 const std::optional<classes::ScalerUnit>& scale) {
  const std::string name = classes::attribute_name(object.class_id, index, object.version);
  std::string text = "(long, not read)";
  std::string deviations;
  if (!too_long_to_show(object, index)) {
    const auto value =
        client.get({object.class_id, object.name, index}, Deadline::after(k_get_time), {});
    if (value.has_value()) {
      text = classes::render_attribute(object.class_id, object.version, index, *value, scale);
      deviations = classes::to_string(
          classes::check_attribute(object.class_id, object.version, index, *value));
    } else {
      text = "refused: " + value.error().message();
    }
  }
  std::printf("    %-42s %s\n", name.c_str(), text.c_str());
  if (!deviations.empty()) std::printf("      deviates from its class: %s\n", deviations.c_str());
}

void print_objects(cosem::Client& client, const std::vector<classes::ListedObject>& objects,
                   bool read) {
  for (const classes::ListedObject& object : objects) {
    std::fputs(classes::rights_table(object).c_str(), stdout);
    if (!read) continue;
    const auto scale = scale_of(client, object);
    for (const classes::AttributeRight& right : object.attributes) {
      if (right.index > 1 && right.mode.read) print_value(client, object, right.index, scale);
    }
  }
}

}  // namespace

int objects_command(const ObjectsCommand& command) {
  const bench::Bench bench = load_bench_file(command.bench.string());
  const bench::Position& position = chosen_position(bench, command);
  const ObjectsFolder folder;
  const auto journal = journal::Journal::create(folder.path() / "journal.jsonl");
  BenchSession session(bench, *journal, nullptr, (folder.path() / "supervisor.log").string());
  auto* meter =
      dynamic_cast<devices::DlmsMeter*>(session.resources(position.name).find<devices::Meter>());
  if (meter == nullptr) refuse_objects(command, "position " + position.name + " is no DLMS meter");

  std::shared_ptr<void> supply;
  if (command.energise) {
    session.open();
    supply = session.hold_voltage({});
  }
  const std::string client_name = command.client.empty() ? meter->home_client() : command.client;
  auto client =
      meter->session(meter->home_interface(), client_name, Deadline::after(k_open_time), {});
  if (client.has_error()) {
    std::printf("%s: no association as client '%s': %s\n", position.name.c_str(),
                client_name.c_str(), client.error().message().c_str());
    return 3;
  }
  const auto objects = classes::read_object_list(*client, Deadline::after(k_open_time), {});
  if (objects.has_error()) {
    std::printf("%s: the object list cannot be read: %s\n", position.name.c_str(),
                objects.error().message().c_str());
  } else {
    std::printf("%s, client '%s': %zu objects\n", position.name.c_str(), client_name.c_str(),
                objects->size());
    print_objects(*client, *objects, command.read);
  }
  (void)client->close(Deadline::after(k_get_time), {});
  supply.reset();
  session.close();
  return objects.has_error() ? 3 : 0;
}

}  // namespace meterproof::suites
