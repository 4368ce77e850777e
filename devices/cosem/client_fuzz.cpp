// A hostile meter: whatever it answers, in whatever order, plain or well protected, the client's
// services come back with a value or an error. The first octet chooses the association, the second
// the service; then answers, each behind an octet of how it travels (bit 0: protected as the meter
// would) and an octet of length.
#include <algorithm>
#include <cstdlib>

#include "devices/cosem/client.hpp"
#include "harness/link/link.hpp"

namespace {

namespace cosem = meterproof::cosem;
namespace link = meterproof::link;
using cosem::Bytes;
using cosem::BytesView;
using meterproof::harness::Deadline;
using meterproof::harness::Result;

const cosem::SystemTitle k_meter{std::byte{'M'}, std::byte{'P'}, std::byte{'F'}};

class HostileMeter final : public cosem::ApduTransport {
 public:
  explicit HostileMeter(BytesView answers) : answers_(answers) {}
  Result<void> connect(Deadline, std::stop_token) override { return {}; }
  Result<void> disconnect(Deadline, std::stop_token) override { return {}; }
  Result<void> send(BytesView apdu, Deadline, std::stop_token) override {
    // Bounded by the answers: the client says nothing without having been given a reason.
    if (apdu.size() > 70'000) std::abort();
    return {};
  }
  Result<Bytes> receive(Deadline, std::stop_token) override {
    if (answers_.size() < 2) return link::make_error_code(link::LinkError::unplugged);
    const auto how = std::to_integer<unsigned>(answers_[0]);
    const auto length = std::to_integer<std::size_t>(answers_[1]);
    answers_ = answers_.subspan(2);
    const BytesView octets = answers_.first(std::min(length, answers_.size()));
    answers_ = answers_.subspan(octets.size());
    if ((how & 1) != 0) {
      auto made = cosem::protect_apdu(cosem::SecurityKeys{}, k_meter, 0x30, ++counter_, octets);
      if (made) return *std::move(made);
    }
    return Bytes(octets.begin(), octets.end());
  }
  std::string name() const override { return "hostile meter"; }

 private:
  BytesView answers_;
  std::uint32_t counter_ = 0;
};

cosem::ClientSettings settings_of(std::uint8_t choice) {
  cosem::ClientSettings settings;
  settings.system_title = Bytes(8, std::byte{'C'});
  settings.server_system_title = Bytes(k_meter.begin(), k_meter.end());
  settings.password = cosem::to_bytes("secret");
  settings.challenge = Bytes(16, std::byte{'c'});
  settings.keys = cosem::SecurityKeys{};
  settings.pre_established = (choice & 0x80) != 0;
  settings.ciphered = (choice & 0x40) != 0;
  if ((choice & 0x20) != 0) settings.referencing = cosem::Referencing::short_name;
  if ((choice & 0x10) != 0) settings.general_blocks.window = 5;
  settings.general_blocks.patience = std::chrono::milliseconds(0);
  settings.mechanism = choice % 7 == 2 ? std::uint8_t{0} : static_cast<std::uint8_t>(choice % 7);
  settings.initiate.conformance = 0xFFFFFF;
  return settings;
}

void use(cosem::Client& client, std::uint8_t service) {
  const Deadline never = Deadline::never();
  const cosem::AttributeDescriptor clock{8, cosem::names::k_clock, 2};
  const cosem::MethodDescriptor method{70, cosem::names::k_disconnect_control, 1};
  const cosem::Data small = std::uint8_t{1}, large = cosem::octet_string(Bytes(60'000));
  const cosem::Data& value = (service & 0x80) != 0 ? large : small;
  switch (service % 9) {
    case 0:
      (void)client.get(clock, never, {});
      break;
    case 1:
      (void)client.get_list({{clock, {}}, {clock, {}}}, never, {});
      break;
    case 2:
      (void)client.set(clock, value, never, {});
      break;
    case 3:
      (void)client.set_list({{clock, {}}, {clock, {}}}, {value, small}, never, {});
      break;
    case 4:
      (void)client.action(method, value, never, {});
      break;
    case 5:
      (void)client.action_list({method, method}, {value, small}, never, {});
      break;
    case 6:
      (void)client.access({.specifications = {cosem::AccessGet{{clock, {}}}}, .values = {small}},
                          never, {});
      break;
    case 7:
      (void)client.read({cosem::VariableName{0x2000}}, never, {});
      (void)client.write({cosem::VariableName{0x2000}}, {value}, never, {});
      break;
    default:
      (void)client.wait_notification(never, {});
      (void)client.exchange(cosem::to_bytes("\xC0\x01\xC1"), never, {});
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const BytesView answers = std::as_bytes(std::span(data, size)).subspan(2);
  cosem::Client client(std::make_unique<HostileMeter>(answers), settings_of(data[0]));
  const bool open = client.open(Deadline::never(), {}).has_value();
  if (open && client.association().state() != cosem::AssociationState::open) std::abort();
  if (open) {
    for (int i = 0; i < 3; ++i) use(client, static_cast<std::uint8_t>(data[1] + i));
    (void)client.close(Deadline::never(), {});
  }
  if (client.take_notifications().size() > 1000) std::abort();
  return 0;
}
