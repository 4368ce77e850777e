// Arbitrary blocks to one end of an exchange: any order, any numbers. Length-prefixed (one octet)
// until the end; the first octet chooses the end. Memory and turns must stay bounded.
#include <cstdlib>

#include "devices/cosem/block_transfer.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace cosem = meterproof::cosem;
  if (size == 0) return 0;
  cosem::BlockTransferSettings settings;
  settings.window = data[0] & 0x3F;
  settings.answering = (data[0] & 0x80) != 0;
  settings.block_octets = 5;
  settings.longest = 1000;
  cosem::BlockTransfer transfer(settings);
  if (!settings.answering && !transfer.send(cosem::Bytes(37))) std::abort();
  auto rest = std::as_bytes(std::span(data, size)).subspan(1);
  while (!rest.empty()) {
    const std::size_t wanted = std::to_integer<std::size_t>(rest.front());
    rest = rest.subspan(1);
    const auto octets = rest.first(std::min(wanted, rest.size()));
    rest = rest.subspan(octets.size());
    const auto block = cosem::decode_general_block(octets);
    if (!block) continue;
    if (cosem::decode_general_block(cosem::encode(*block)).value() != *block) std::abort();
    const auto step = transfer.receive(*block);
    if (!step) return 0;
    if (step->replies.size() > cosem::k_longest_window) std::abort();
    if (step->apdu && step->apdu->size() > settings.longest) std::abort();
    if (step->apdu && settings.answering && !transfer.send(cosem::Bytes(37))) std::abort();
  }
  return 0;
}
