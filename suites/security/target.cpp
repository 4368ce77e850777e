#include "suites/security/target.hpp"

#include "harness/bench/address_guard.hpp"
#include "harness/errors.hpp"
#include "harness/link/link_url.hpp"

namespace meterproof::suites {
namespace {

devices::DlmsMeter& dlms_meter_of(Context& context) {
  if (auto* meter = dynamic_cast<devices::DlmsMeter*>(&context.meter())) return *meter;
  throw harness::InternalError("the meter at " + context.position().name +
                               " does not speak DLMS; the procedure must declare that it needs it");
}

}  // namespace

Target::Target(Context& context, std::string interface)
    : context_(context), interface_(std::move(interface)), meter_(dlms_meter_of(context)) {
  if (const std::string address = host(); !address.empty()) {
    context_.resource<bench::AddressGuard>().require(address);
  }
}

std::string Target::host() const {
  const auto& interfaces = context_.position().interfaces;
  const auto found = interfaces.find(interface_);
  return found == interfaces.end() ? std::string() : link::parse_link_url(found->second.link).host;
}

std::string Target::client_with(const std::string& authentication) const {
  for (const bench::DeclaredClient& client : type().clients) {
    if (client.authentication == authentication) return client.name;
  }
  return {};
}

cosem::ClientSettings Target::settings(const std::string& client) const {
  return meter_.settings(client);
}

harness::Result<cosem::Client> Target::connect(const std::string& client,
                                               cosem::ClientSettings settings,
                                               const std::string& own_address,
                                               std::optional<int> client_sap) const {
  return meter_.session(interface_, client, deadline(), stop(),
                        {.settings = std::move(settings),
                         .own_address = own_address,
                         .client_sap = client_sap,
                         .associate = false});
}

harness::Result<cosem::Client> Target::connect(const std::string& client) const {
  return connect(client, settings(client));
}

harness::Result<cosem::Client> Target::login(const std::string& client) const {
  return login(client, settings(client));
}

harness::Result<cosem::Client> Target::login(const std::string& client,
                                             cosem::ClientSettings settings,
                                             const std::string& own_address) const {
  return meter_.session(interface_, client, deadline(), stop(),
                        {.settings = std::move(settings), .own_address = own_address});
}

harness::Result<void> Target::log_in_and_read(const std::string& client) const {
  auto session = login(client);
  if (!session) return session.error();
  const auto clock = session->get(objects::clock(), deadline(), stop());
  (void)session->close(deadline(), stop());
  if (!clock) return clock.error();
  return {};
}

void Target::control_before(const std::string& client) {
  context_.step("control: log in as '" + client + "' and read the clock");
  const auto works = log_in_and_read(client);
  context_.control_before("log_in_as_" + client, works.has_value(), said(works));
}

void Target::control_after(const std::string& client) {
  context_.step("control: log in as '" + client + "' again");
  const harness::Deadline longest = patience();
  harness::Result<void> works = log_in_and_read(client);
  while (!works && !longest.passed()) {
    context_.wait(harness::WallDuration(std::chrono::milliseconds(250)));
    works = log_in_and_read(client);
  }
  context_.control_after("log_in_as_" + client, works.has_value(), said(works));
}

cosem::Client Target::login_again(const std::string& client) const {
  const harness::Deadline longest = patience();
  auto session = login(client);
  while (!session && !longest.passed()) {
    context_.wait(harness::WallDuration(std::chrono::milliseconds(250)));
    session = login(client);
  }
  context_.must_recover("log_in_as_" + client, session.has_value(), said(session));
  return std::move(*session);
}

namespace objects {

cosem::AttributeDescriptor clock() { return {8, cosem::names::k_clock, 2}; }

cosem::AttributeDescriptor energy(const bench::MeterType& type) {
  return {3,
          cosem::LogicalName::parse(type.register_energy).value_or(cosem::names::k_active_import),
          2};
}

cosem::AttributeDescriptor load_profile() { return {7, cosem::names::k_load_profile, 2}; }
cosem::AttributeDescriptor writable() { return {1, {{0, 0, 96, 50, 0, 255}}, 2}; }
cosem::MethodDescriptor remote_disconnect() { return {70, cosem::names::k_disconnect_control, 1}; }
cosem::MethodDescriptor remote_reconnect() { return {70, cosem::names::k_disconnect_control, 2}; }
cosem::MethodDescriptor push() { return {40, {{0, 0, 25, 9, 0, 255}}, 1}; }

}  // namespace objects
}  // namespace meterproof::suites
