#include "devices/simulated/meter/role.hpp"

#include "devices/cosem/bytes.hpp"
#include "harness/errors.hpp"

namespace meterproof::simulated {
namespace {

// The keys of the worked examples in the DLMS UA Green Book, which libraries took as defaults.
constexpr const char* k_published_encryption = "000102030405060708090A0B0C0D0E0F";
constexpr const char* k_published_authentication = "D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF";
constexpr const char* k_published_password = "12345678";

std::uint8_t control_of(const std::string& policy) {
  if (policy == "authenticated") return cosem::security_control::k_authenticated;
  if (policy == "encrypted") return cosem::security_control::k_encrypted;
  if (policy == "authenticated_encrypted")
    return cosem::security_control::k_authenticated_encrypted;
  return 0;
}

[[noreturn]] void refuse_role(const MeterUnit& unit, const std::string& client,
                              const std::string& what) {
  throw harness::ConfigError(harness::Diagnostic{
      unit.type->file, 0, "meter " + unit.name + ", client " + client + ": " + what});
}

void read_rights(const bench::DeclaredClient& declared, const MeterUnit& unit, Role& role) {
  for (const auto& text : declared.may_read) {
    if (text == "*") {
      role.may_read_all = true;
      continue;
    }
    const auto name = cosem::LogicalName::parse(text);
    if (!name) refuse_role(unit, declared.name, "malformed logical name " + text);
    role.may_read.insert(*name);
  }
}

// Of signatures and key agreement: the meter's own key and the public half of the client's.
void read_curve_keys(const bench::DeclaredClient& declared, const MeterUnit& unit,
                     cosem::SecuritySuite suite, const ClientSecrets& secrets, Role& role) {
  const auto own = cosem::PrivateKey::from(suite, secrets.meter_signing_key);
  const auto clients = cosem::PrivateKey::from(suite, secrets.signing_key);
  if (own) role.signing_key = *own;
  if (clients) role.client_signing_key = clients->public_key();
  if (bench::signs(declared) && (!own || !clients))
    refuse_role(unit, declared.name, "needs signing keys of security suite 1 or 2");
  const auto own_agreement = cosem::PrivateKey::from(suite, secrets.meter_agreement_key);
  const auto clients_agreement = cosem::PrivateKey::from(suite, secrets.agreement_key);
  if (own_agreement) role.agreement_key = *own_agreement;
  if (clients_agreement) role.client_agreement_key = clients_agreement->public_key();
  if (bench::agrees_on_keys(declared) && (!own_agreement || !clients_agreement))
    refuse_role(unit, declared.name, "needs key agreement keys of security suite 1 or 2");
}

}  // namespace

std::vector<Role> make_roles(const MeterUnit& unit, const Policy& policy, Nonvolatile& memory) {
  std::vector<Role> roles;
  for (const auto& declared : unit.type->clients) {
    Role role;
    role.name = declared.name;
    role.client_sap = static_cast<std::uint16_t>(declared.client_sap);
    role.ciphered = declared.ciphered;
    role.policy.request = declared.ciphered ? control_of(declared.policy) : std::uint8_t{0};
    role.policy.response = role.policy.request;
    role.policy.request_signed = role.policy.response_signed = !declared.signing.empty();
    const auto suite = *cosem::security_suite_from(declared.security_suite);
    read_rights(declared, unit, role);

    const auto found = unit.clients.find(declared.name);
    const ClientSecrets secrets = found == unit.clients.end() ? ClientSecrets{} : found->second;
    role.mechanism = cosem::mechanism_named(declared.authentication)
                         .value_or(std::uint8_t{cosem::mechanism::k_none});
    role.may_operate = cosem::is_hls(role.mechanism);
    if (role.mechanism == cosem::mechanism::k_lls || cosem::hls_uses_secret(role.mechanism)) {
      if (secrets.password.empty()) refuse_role(unit, declared.name, "has no password");
      role.passwords.push_back(secrets.password);
      if (policy.accept_published_secrets)
        role.passwords.push_back(cosem::to_bytes(k_published_password));
    }
    read_curve_keys(declared, unit, suite, secrets, role);
    if (role.mechanism == cosem::mechanism::k_hls_gmac || role.ciphered) {
      const auto keys =
          cosem::security_keys_from(secrets.encryption_key, secrets.authentication_key, suite);
      if (!keys) {
        refuse_role(unit, declared.name,
                    "needs two keys of " + std::to_string(cosem::key_octets(suite)) + " octets");
      }
      role.key_sets.emplace_back(declared.name, *keys, memory);
      role.master_key = cosem::SymmetricKey::from(secrets.master_key);
      role.broadcast_key = cosem::SymmetricKey::from(secrets.broadcast_key);
      if (policy.accept_published_secrets && suite != cosem::SecuritySuite::suite_2) {
        role.key_sets.emplace_back(
            declared.name + ".published",
            *cosem::security_keys_from(*cosem::from_hex(k_published_encryption),
                                       *cosem::from_hex(k_published_authentication), suite),
            memory);
      }
    }
    if (role.mechanism == cosem::mechanism::k_none) role.may_read_registers = policy.public_energy;
    roles.push_back(std::move(role));
  }
  return roles;
}

}  // namespace meterproof::simulated
