// The helpers of test_meter.hpp.
#include "devices/simulated/meter/test_meter.hpp"

#include "devices/cosem/initiate.hpp"

namespace meterproof::simulated::testing {

using cosem::Bytes;

bench::MeterType test_type() {
  bench::MeterType type;
  type.manufacturer = "Meterproof";
  type.model = "Virtual";
  type.lockout_after_failures = 3;
  type.lockout = std::chrono::seconds(10);
  type.boot = std::chrono::milliseconds(20);
  type.inactivity_timeout = std::chrono::seconds(120);
  type.has_relay = true;
  bench::DeclaredClient everybody;
  everybody.name = "public";
  everybody.client_sap = k_public_sap;
  everybody.authentication = "none";
  everybody.may_read = {"0-0:42.0.0.255", "0-0:1.0.0.255", "0-0:43.1.1.255"};
  bench::DeclaredClient reader;
  reader.name = "reader";
  reader.client_sap = k_reader_sap;
  reader.authentication = "lls";
  reader.may_read = {"*"};
  bench::DeclaredClient management;
  management.name = "management";
  management.client_sap = k_management_sap;
  management.authentication = "hls_gmac";
  management.ciphered = true;
  management.policy = "authenticated_encrypted";
  management.may_read = {"*"};
  type.clients = {everybody, reader, management};
  return type;
}

MeterUnit test_unit(std::initializer_list<const char*> weaknesses, std::string state_file) {
  MeterUnit unit;
  unit.name = "p01";
  unit.type = std::make_shared<bench::MeterType>(test_type());
  unit.serial = "26050401";
  unit.firmware = "1.0";
  unit.system_title = *cosem::system_title_from(*cosem::from_hex("4D50560000ABCDEF"));
  unit.clients["reader"].password = k_password;
  unit.clients["management"].encryption_key = k_encryption_key;
  unit.clients["management"].authentication_key = k_authentication_key;
  unit.state_file = std::move(state_file);
  unit.seed = 7;
  for (const char* weakness : weaknesses) unit.weaknesses.insert(weakness);
  return unit;
}

namespace {

MeterUnit changed_unit(MeterUnit unit, const std::function<void(bench::MeterType&)>& change) {
  if (!change) return unit;
  auto type = std::make_shared<bench::MeterType>(*unit.type);
  change(*type);
  unit.type = std::move(type);
  return unit;
}

}  // namespace

TestMeter::TestMeter(std::initializer_list<const char*> weaknesses, std::string state_file,
                     const std::function<void(bench::MeterType&)>& change)
    : TestMeter(changed_unit(test_unit(weaknesses, std::move(state_file)), change)) {}

TestMeter::TestMeter(MeterUnit unit) : unit_(std::move(unit)) {
  numbers_.emplace(unit_.state_file);
  boot();
}

void TestMeter::boot() {
  application_.emplace(unit_, plant, policy_of(unit_.weaknesses), Memory{*numbers_, profile_}, now);
}

void TestMeter::power_cut() {
  application_.reset();
  if (!unit_.state_file.empty()) numbers_.emplace(unit_.state_file);
  boot();
}

Bytes TestClient::send(cosem::BytesView octets) {
  last = meter_->application().on_apdu(session, {sap_, 1}, octets, meter_->now);
  return last.replies.empty() ? Bytes{} : last.replies.front();
}

cosem::Aare TestClient::aarq(std::uint8_t mechanism, const Bytes& credential,
                             const Bytes& user_information, bool with_ciphering) {
  cosem::Aarq request;
  if (with_ciphering) request.application_context = cosem::context::k_ln_ciphered;
  if (mechanism != cosem::mechanism::k_none) {
    request.sender_acse_requirements = true;
    request.mechanism = mechanism;
    request.calling_authentication_value = credential;
  }
  if (with_ciphering) request.calling_ap_title.assign(k_client_title.begin(), k_client_title.end());
  request.user_information = user_information;
  const auto answer = cosem::decode_acse(send(cosem::encode_acse(request)));
  if (!answer || !std::holds_alternative<cosem::Aare>(*answer)) {
    ADD_FAILURE() << "no AARE";
    return {};
  }
  return std::get<cosem::Aare>(*answer);
}

bool TestClient::login_with(const Bytes& password) {
  return aarq(cosem::mechanism::k_lls, password, cosem::encode(cosem::InitiateRequest{})).result ==
         cosem::association_result::k_accepted;
}

cosem::Aare TestClient::hls_passes_1_and_2() {
  ciphered = true;
  cosem::InitiateRequest initiate;
  initiate.max_pdu = max_pdu;
  return aarq(cosem::mechanism::k_hls_gmac, cosem::to_bytes("client challenge"),
              protect(cosem::encode(initiate)), true);
}

Bytes TestClient::hls_pass_3(const Bytes& server_challenge) {
  const auto token = cosem::hls_gmac_token(keys, k_client_title, counter++, server_challenge);
  cosem::ActionRequestNormal request;
  request.method = {15, cosem::names::k_current_association, 1};
  request.parameters = cosem::octet_string(token.value());
  return protect(cosem::encode_apdu(request));
}

TestClient& TestClient::open() {
  if (sap_ == k_reader_sap) {
    EXPECT_TRUE(login_with(k_password));
  } else if (sap_ == k_management_sap) {
    const cosem::Aare aare = hls_passes_1_and_2();
    EXPECT_EQ(aare.result, cosem::association_result::k_accepted);
    const auto answer =
        understand(send(hls_pass_3(aare.responding_authentication_value.value_or(Bytes{}))));
    const auto* action = answer ? std::get_if<cosem::ActionResponseNormal>(&*answer) : nullptr;
    EXPECT_TRUE(action != nullptr && action->outcome.result == cosem::ActionResult::success);
  } else {
    cosem::InitiateRequest initiate;
    initiate.max_pdu = max_pdu;
    EXPECT_EQ(aarq(cosem::mechanism::k_none, {}, cosem::encode(initiate)).result,
              cosem::association_result::k_accepted);
  }
  return *this;
}

Bytes TestClient::protect(cosem::BytesView plain, cosem::CipherForm form) {
  return cosem::protect_apdu(keys, k_client_title,
                             cosem::security_control::k_authenticated_encrypted, counter++, plain,
                             form)
      .value();
}

std::optional<cosem::Apdu> TestClient::understand(cosem::BytesView octets) {
  Bytes plain(octets.begin(), octets.end());
  if (cosem::is_ciphered(octets)) {
    const auto parsed = cosem::parse_ciphered(octets);
    if (!parsed) return std::nullopt;
    const auto opened =
        cosem::unprotect(keys, test_unit({}).system_title, parsed->protected_octets);
    if (!opened) return std::nullopt;
    plain = opened->plain;
  }
  const auto decoded = cosem::decode_apdu(plain);
  if (!decoded) return std::nullopt;
  return *decoded;
}

std::optional<cosem::Apdu> TestClient::ask(const cosem::Apdu& request) {
  const Bytes plain = cosem::encode_apdu(request);
  return understand(send(ciphered ? protect(plain) : plain));
}

cosem::DataOrResult TestClient::get(std::uint16_t class_id, const cosem::LogicalName& name,
                                    std::int8_t attribute,
                                    std::optional<cosem::SelectiveAccess> access) {
  cosem::GetRequestNormal request;
  request.attribute = {class_id, name, attribute};
  request.access = std::move(access);
  auto answer = ask(request);
  if (answer) {
    if (auto* normal = std::get_if<cosem::GetResponseNormal>(&*answer)) return normal->result;
  }
  Bytes value;
  while (answer) {
    const auto* block = std::get_if<cosem::GetResponseWithBlock>(&*answer);
    const auto* raw = block != nullptr ? std::get_if<Bytes>(&block->result) : nullptr;
    if (raw == nullptr) break;
    cosem::append(value, *raw);
    if (block->last) {
      const auto data = cosem::decode_data(value);
      if (data) return *data;
      break;
    }
    answer = ask(cosem::GetRequestNext{block->invoke, block->block_number});
  }
  return cosem::DataAccessResult::other_reason;
}

cosem::DataAccessResult TestClient::set(const cosem::LogicalName& name, const cosem::Data& value) {
  cosem::SetRequestNormal request;
  request.attribute = {1, name, 2};
  request.value = value;
  const auto answer = ask(request);
  const auto* normal = answer ? std::get_if<cosem::SetResponseNormal>(&*answer) : nullptr;
  return normal != nullptr ? normal->result : cosem::DataAccessResult::other_reason;
}

cosem::ActionResult TestClient::action(std::uint16_t class_id, const cosem::LogicalName& name,
                                       std::int8_t method) {
  cosem::ActionRequestNormal request;
  request.method = {class_id, name, method};
  request.parameters = cosem::Data(std::int8_t{0});
  const auto answer = ask(request);
  const auto* normal = answer ? std::get_if<cosem::ActionResponseNormal>(&*answer) : nullptr;
  return normal != nullptr ? normal->outcome.result : cosem::ActionResult::other_reason;
}

bool readable_by(TestClient& client, std::uint16_t class_id, const cosem::LogicalName& name) {
  return std::holds_alternative<cosem::Data>(client.get(class_id, name));
}

}  // namespace meterproof::simulated::testing
