// Secrets that are printed in books and libraries, or guessed from the serial number, must not open
// the meter.
#include <fmt/format.h>

#include "harness/catalogue.hpp"
#include "suites/security/catalogue_entry.hpp"
#include "suites/security/target.hpp"

namespace meterproof::suites {
namespace {

constexpr int k_tries_in_a_row = 4;  // below every declared lock-out

std::vector<std::string> trivial_passwords(const devices::MeterIdentity& identity) {
  std::vector<std::string> all{"00000000", "12345678", "1A2B3C4D", "ABCD0001", "11111111",
                               "99999999", "password", "admin",    "123456",   "00000001"};
  all.push_back(identity.serial);
  if (identity.serial.size() > 8) all.push_back(identity.serial.substr(identity.serial.size() - 8));
  all.push_back(identity.model.substr(0, 16));
  std::erase(all, "");
  return all;
}

struct PublishedKeys {
  std::string name;
  cosem::SecurityKeys keys;
};

cosem::SymmetricKey counting_key(unsigned first) {
  cosem::SymmetricKey key;
  for (unsigned i = 0; i < 16; ++i) key[i] = static_cast<std::byte>(first + i);
  return key;
}

cosem::SymmetricKey constant_key(unsigned octet) {
  cosem::SymmetricKey key;
  for (std::byte& part : key) part = static_cast<std::byte>(octet);
  return key;
}

std::vector<PublishedKeys> published_keys(const devices::MeterIdentity& identity) {
  std::vector<PublishedKeys> all{
      {"worked example: 00..0F and D0..DF", {counting_key(0x00), counting_key(0xD0)}},
      {"00..0F for both", {counting_key(0x00), counting_key(0x00)}},
      {"D0..DF and 00..0F", {counting_key(0xD0), counting_key(0x00)}},
      {"all zero", {constant_key(0x00), constant_key(0x00)}},
      {"all one", {constant_key(0xFF), constant_key(0xFF)}}};
  cosem::SymmetricKey model;
  for (std::size_t i = 0; i < std::min<std::size_t>(16, identity.model.size()); ++i) {
    model[i] = static_cast<std::byte>(identity.model[i]);
  }
  all.push_back({"model name in ASCII", {model, model}});
  return all;
}

// A try that does not reach the meter is no refusal.
bool secret_opens(Target& target, const std::string& client, cosem::ClientSettings settings) {
  Context& ctx = target.context();
  auto session = target.connect(client, std::move(settings));
  ctx.require(session.has_value(), "connected", said(session));
  bool open = session->associate(target.deadline(), ctx.stop()).has_value();
  if (open && session->association().state() == cosem::AssociationState::authenticating) {
    open = session->authenticate(target.deadline(), ctx.stop()).has_value();
  }
  (void)session->close(target.deadline(), ctx.stop());
  return open;
}

void published_secrets(Context& ctx) {
  Target target(ctx, ctx.variant());
  const std::string reader = target.client_with("lls");
  const std::string manager = target.client_with("hls_gmac");
  const std::string honest = manager.empty() ? reader : manager;
  target.control_before(honest);
  const auto identity = target.meter().identity(target.deadline(), ctx.stop());
  ctx.require(identity.has_value(), "identity", said(identity));

  std::string opened;
  const auto note = [&](const std::string& what) { opened += (opened.empty() ? "" : "; ") + what; };
  int tried = 0;
  if (!reader.empty()) {
    ctx.step("trivial passwords");
    for (const std::string& password : trivial_passwords(*identity)) {
      if (tried > 0 && tried % k_tries_in_a_row == 0) {
        const auto reset = target.log_in_and_read(reader);
        ctx.require(reset.has_value(), "count_set_back", said(reset));
      }
      cosem::ClientSettings settings = target.settings(reader);
      if (settings.password == cosem::to_bytes(password)) {
        note(fmt::format("the unit's password for '{}' is on the list", reader));
      }
      settings.password = cosem::to_bytes(password);
      ++tried;
      if (secret_opens(target, reader, settings)) {
        note(fmt::format("password '{}' opens '{}'", password, reader));
      }
    }
    ctx.exercised(fmt::format("{} passwords", tried));
  }
  if (!manager.empty()) {
    ctx.step("published keys");
    const auto keys_list = published_keys(*identity);
    int tried_keys = 0;
    for (const PublishedKeys& published : keys_list) {
      if (tried_keys > 0 && tried_keys % k_tries_in_a_row == 0) {
        const auto reset = target.log_in_and_read(manager);
        ctx.require(reset.has_value(), "count_set_back", said(reset));
      }
      ++tried_keys;
      cosem::ClientSettings settings = target.settings(manager);
      settings.keys = published.keys;
      if (secret_opens(target, manager, settings)) {
        note(fmt::format("keys '{}' open '{}'", published.name, manager));
      }
    }
    ctx.exercised(fmt::format("{} key pairs", keys_list.size()));
  }
  ctx.expect(opened.empty(), "no_published_secret_opens", opened.empty() ? "none of them" : opened);
  target.control_after(honest);
  if (!reader.empty()) target.control_after(reader);
}

const harness::Registration k_sec_auth_005{security_procedure(
    "SEC_AUTH_005",
    [](harness::Procedure& p) {
      p.needs = {"auth.hls_gmac"};
      p.declaration.disturbs = harness::Disturbs::communication;
      p.declaration.consumes = {"lock_out"};
      p.variants = over_each_interface();
      p.not_exercised = {
          {"delivered state and commissioned state", "the bench has the unit in one state"},
          {"KEK equal to GUEK", "key transfer is not built yet"}};
      p.mutants = {{"MUT_AUTH_005", "no_published_secret_opens", {}}};
    },
    published_secrets)};

}  // namespace
}  // namespace meterproof::suites
