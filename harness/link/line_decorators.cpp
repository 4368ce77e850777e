#include <algorithm>
#include <array>
#include <bit>
#include <vector>

#include "harness/link/back_ends.hpp"
#include "harness/link/io_wait.hpp"

namespace meterproof::link {
namespace {

class LinkDecorator : public Link {
 public:
  explicit LinkDecorator(std::unique_ptr<Link> inner) : inner_(std::move(inner)) {}

  Result<std::size_t> read(std::span<std::byte> buffer, Deadline deadline,
                           std::stop_token stop) override {
    return inner_->read(buffer, deadline, std::move(stop));
  }
  Result<void> write(std::span<const std::byte> bytes, Deadline deadline,
                     std::stop_token stop) override {
    return inner_->write(bytes, deadline, std::move(stop));
  }
  Result<void> discard_input() override { return inner_->discard_input(); }
  Result<void> configure(const SerialSettings& settings) override {
    return inner_->configure(settings);
  }
  std::string name() const override { return inner_->name(); }

 protected:
  Link& inner() { return *inner_; }

 private:
  std::unique_ptr<Link> inner_;
};

class SoftwareParityLink final : public LinkDecorator {
 public:
  SoftwareParityLink(std::unique_ptr<Link> inner, const SerialSettings& settings)
      : LinkDecorator(std::move(inner)), settings_(settings) {}

  Result<std::size_t> read(std::span<std::byte> buffer, Deadline deadline,
                           std::stop_token stop) override {
    for (;;) {
      const auto count = inner().read(buffer, deadline, stop);
      if (!count || settings_.data_bits == 8) return count;
      std::size_t kept = 0;
      for (const std::byte octet : buffer.first(*count)) {
        const std::byte character = octet & std::byte{0x7F};
        if (settings_.parity == Parity::none || with_parity(character) == octet) {
          buffer[kept++] = character;
        }
      }
      if (kept > 0) return kept;
      if (deadline.passed()) return LinkError::timeout;
    }
  }

  Result<void> write(std::span<const std::byte> bytes, Deadline deadline,
                     std::stop_token stop) override {
    if (settings_.data_bits == 8) return inner().write(bytes, deadline, std::move(stop));
    std::vector<std::byte> octets(bytes.begin(), bytes.end());
    for (std::byte& octet : octets) octet = with_parity(octet & std::byte{0x7F});
    return inner().write(octets, deadline, std::move(stop));
  }

  Result<void> configure(const SerialSettings& settings) override {
    auto set = inner().configure(settings);
    if (set) settings_ = settings;
    return set;
  }

 private:
  std::byte with_parity(std::byte character) const {
    const bool odd = std::popcount(std::to_integer<unsigned>(character)) % 2 != 0;
    const bool mark = settings_.parity == Parity::even  ? odd
                      : settings_.parity == Parity::odd ? !odd
                                                        : true;  // 7N1: the stop bit
    return mark ? character | std::byte{0x80} : character;
  }

  SerialSettings settings_;
};

class EchoSuppressedLink final : public LinkDecorator {
 public:
  using LinkDecorator::LinkDecorator;

  Result<void> write(std::span<const std::byte> bytes, Deadline deadline,
                     std::stop_token stop) override {
    auto written = inner().write(bytes, deadline, stop);
    if (!written) return written;
    std::array<std::byte, 512> echo;
    while (!bytes.empty()) {
      const auto room = std::span(echo).first(std::min(echo.size(), bytes.size()));
      const auto count = inner().read(room, deadline, stop);
      if (!count) return count.error();
      if (!std::equal(room.begin(), room.begin() + static_cast<std::ptrdiff_t>(*count),
                      bytes.begin())) {
        return LinkError::io;
      }
      bytes = bytes.subspan(*count);
    }
    return boost::system::in_place_value;
  }
};

class TurnaroundLink final : public LinkDecorator {
 public:
  TurnaroundLink(std::unique_ptr<Link> inner, harness::WallDuration pause)
      : LinkDecorator(std::move(inner)), pause_(pause) {}

  Result<std::size_t> read(std::span<std::byte> buffer, Deadline deadline,
                           std::stop_token stop) override {
    auto count = inner().read(buffer, deadline, std::move(stop));
    if (count) not_before_ = harness::WallClock::now() + pause_;
    return count;
  }

  Result<void> write(std::span<const std::byte> bytes, Deadline deadline,
                     std::stop_token stop) override {
    if (harness::WallClock::now() < not_before_) {
      if (deadline.when() < not_before_) return LinkError::timeout;
      const auto waited = wait_until(not_before_, stop);
      if (!waited) return waited.error();
    }
    return inner().write(bytes, deadline, std::move(stop));
  }

 private:
  harness::WallDuration pause_;
  harness::WallTime not_before_{};
};

}  // namespace

std::unique_ptr<Link> with_software_parity(std::unique_ptr<Link> inner,
                                           const SerialSettings& settings) {
  return std::make_unique<SoftwareParityLink>(std::move(inner), settings);
}

std::unique_ptr<Link> with_echo_suppressed(std::unique_ptr<Link> inner) {
  return std::make_unique<EchoSuppressedLink>(std::move(inner));
}

std::unique_ptr<Link> with_turnaround(std::unique_ptr<Link> inner, harness::WallDuration pause) {
  return std::make_unique<TurnaroundLink>(std::move(inner), pause);
}

}  // namespace meterproof::link
