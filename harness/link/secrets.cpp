#include "harness/link/secrets.hpp"

#include <algorithm>
#include <bit>
#include <string_view>

namespace meterproof::link {
namespace {

std::vector<std::byte> in_hexadecimal(std::span<const std::byte> octets, std::string_view digits) {
  std::vector<std::byte> text;
  for (const std::byte octet : octets) {
    text.push_back(static_cast<std::byte>(digits[std::to_integer<std::size_t>(octet >> 4)]));
    text.push_back(
        static_cast<std::byte>(digits[std::to_integer<std::size_t>(octet & std::byte{15})]));
  }
  return text;
}

std::vector<std::byte> with_even_parity(std::span<const std::byte> octets) {
  std::vector<std::byte> line(octets.begin(), octets.end());
  for (std::byte& octet : line) {
    if (std::popcount(std::to_integer<unsigned>(octet)) % 2 != 0) octet ^= std::byte{0x80};
  }
  return line;
}

}  // namespace

void Secrets::add(const std::string& id, std::span<const std::byte> octets) {
  if (octets.empty()) return;
  std::vector<std::vector<std::byte>> forms{{octets.begin(), octets.end()},
                                            in_hexadecimal(octets, "0123456789abcdef"),
                                            in_hexadecimal(octets, "0123456789ABCDEF")};
  const bool text = std::all_of(octets.begin(), octets.end(),
                                [](std::byte octet) { return octet < std::byte{0x80}; });
  if (text) forms.push_back(with_even_parity(octets));

  const std::lock_guard lock(mutex_);
  auto next = std::make_shared<std::vector<SecretPattern>>(*patterns_);
  for (auto& form : forms) {
    const bool known = std::any_of(next->begin(), next->end(), [&](const SecretPattern& pattern) {
      return pattern.octets == form;
    });
    if (!known) next->push_back({id, std::move(form)});
  }
  std::stable_sort(next->begin(), next->end(), [](const auto& left, const auto& right) {
    return left.octets.size() > right.octets.size();
  });
  patterns_ = std::move(next);
}

Secrets::Patterns Secrets::patterns() const {
  const std::lock_guard lock(mutex_);
  return patterns_;
}

Secrets& secrets() {
  static Secrets registry;
  return registry;
}

}  // namespace meterproof::link
