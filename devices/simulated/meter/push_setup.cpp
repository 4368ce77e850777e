#include "devices/simulated/meter/push_setup.hpp"

#include <arpa/inet.h>

#include <charconv>

namespace meterproof::simulated {
namespace {

constexpr std::uint8_t k_axdr_message = 0;

bool is_loopback_endpoint(const std::string& text) {
  const auto colon = text.find(':');
  if (colon == std::string::npos) return false;
  in_addr address{};
  if (::inet_pton(AF_INET, text.substr(0, colon).c_str(), &address) != 1) return false;
  constexpr std::uint32_t k_loopback_network = 127;
  if (ntohl(address.s_addr) >> 24 != k_loopback_network) return false;
  std::uint16_t port = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data() + colon + 1, end, port);
  return error == std::errc{} && stopped == end && port != 0;
}

}  // namespace

cosem::Data PushSetup::as_data() const {
  return cosem::structure({cosem::Data(cosem::Enum{transport}),
                           cosem::octet_string(cosem::to_bytes(destination)),
                           cosem::Data(cosem::Enum{k_axdr_message})});
}

cosem::DataAccessResult PushSetup::set(const cosem::Data& wanted) {
  const auto* parts = wanted.elements();
  if (parts == nullptr || parts->size() != 3) return cosem::DataAccessResult::type_unmatched;
  const auto* service = (*parts)[0].as<cosem::Enum>();
  const auto address = (*parts)[1].octets();
  const auto* message = (*parts)[2].as<cosem::Enum>();
  if (service == nullptr || !address || message == nullptr) {
    return cosem::DataAccessResult::type_unmatched;
  }
  const std::string text(reinterpret_cast<const char*>(address->data()), address->size());
  const bool known = (service->value == k_tcp || service->value == k_udp) &&
                     message->value == k_axdr_message &&
                     (text.empty() || is_loopback_endpoint(text));
  if (!known) return cosem::DataAccessResult::other_reason;
  transport = service->value;
  destination = text;
  return cosem::DataAccessResult::success;
}

}  // namespace meterproof::simulated
