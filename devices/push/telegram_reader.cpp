#include "devices/push/telegram_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "devices/hdlc/llc.hpp"

namespace meterproof::push {
namespace {

constexpr std::size_t k_largest_telegram = 64 * 1024;
constexpr std::size_t k_senders_of_segments = 16;  // begun at the same time
constexpr std::byte k_wrapper_version_high{0x00}, k_wrapper_version_low{0x01};

std::string text_of(const hdlc::Address& address) {
  return address.octets == 1 ? fmt::format("{}", address.upper)
                             : fmt::format("{}/{}", address.upper, address.lower);
}

}  // namespace

void TelegramReader::push(BytesView octets) {
  if (framing_ == Framing::automatic && !decided_) {
    first_.insert(first_.end(), octets.begin(), octets.end());
    if (first_.size() == 1 && first_[0] == k_wrapper_version_high) return;
    decided_ = true;
    if (first_.size() >= 2 && first_[0] == k_wrapper_version_high &&
        first_[1] == k_wrapper_version_low) {
      framing_ = Framing::wrapper;
    }
    const Bytes all = std::exchange(first_, {});
    return push(all);
  }
  if (framing_ == Framing::wrapper) {
    wrapper_.push(octets);
    return read_wrapper();
  }
  if (framing_ != Framing::mbus) {
    hdlc_.push(octets);
    read_hdlc();
  }
  if (framing_ != Framing::hdlc) {
    mbus_.push(octets);
    read_mbus();
  }
}

void TelegramReader::idle() {
  hdlc_.idle();
  read_hdlc();
  mbus_.idle();
  read_mbus();
}

std::optional<Telegram> TelegramReader::next() {
  if (telegrams_.empty()) return std::nullopt;
  Telegram telegram = std::move(telegrams_.front());
  telegrams_.pop_front();
  return telegram;
}

std::uint64_t TelegramReader::dropped() const {
  const bool mbus = framing_ == Framing::mbus;
  return dropped_ + (mbus ? mbus_.bad_checksums() : hdlc_.counts().bad_frame_checks);
}

void TelegramReader::read_hdlc() {
  while (const auto frame = hdlc_.next()) take(*frame);
}

void TelegramReader::take(const hdlc::Frame& frame) {
  const auto kind = frame.kind();
  if (kind != hdlc::FrameKind::information && kind != hdlc::FrameKind::unnumbered_information) {
    return;
  }
  const std::pair way(frame.source, frame.destination);
  const auto begun = segments_.find(way);
  Bytes message = begun == segments_.end() ? Bytes{} : std::move(begun->second);
  if (begun != segments_.end()) segments_.erase(begun);
  message.insert(message.end(), frame.information.begin(), frame.information.end());
  if (message.size() > k_largest_telegram) {
    ++dropped_;
    return;
  }
  if (frame.segmented) {
    if (segments_.size() >= k_senders_of_segments) {
      segments_.erase(segments_.begin());
      ++dropped_;
    }
    segments_[way] = std::move(message);
    return;
  }
  Telegram telegram{Framing::hdlc, text_of(frame.source), text_of(frame.destination), {}, {}};
  const auto begins = [&](const auto& header) {
    return message.size() > header.size() &&
           std::equal(header.begin(), header.end(), message.begin());
  };
  if (begins(hdlc::k_llc_command)) {
    telegram.oddities.emplace_back("LLC header of a command (E6E600)");
  } else if (!begins(hdlc::k_llc_response)) {
    ++dropped_;
    return;
  }
  if (kind == hdlc::FrameKind::information) {
    telegram.oddities.emplace_back("I-frame without a connection");
  }
  telegram.apdu.assign(message.begin() + hdlc::k_llc_response.size(), message.end());
  telegrams_.push_back(std::move(telegram));
}

void TelegramReader::read_wrapper() {
  for (;;) {
    auto pdu = wrapper_.next();
    if (!pdu) {
      // Nothing tells where the next header is: the caller ends this stream.
      ++dropped_;
      wrapper_ = hdlc::WrapperReader();
      return;
    }
    if (!*pdu) return;
    telegrams_.push_back({Framing::wrapper,
                          fmt::format("{}", (*pdu)->source),
                          fmt::format("{}", (*pdu)->destination),
                          std::move((*pdu)->apdu),
                          {}});
  }
}

void TelegramReader::read_mbus() {
  while (const auto frame = mbus_.next()) {
    auto apdu = reassembly_.take(*frame);
    if (!apdu) {
      ++dropped_;
      continue;
    }
    if (!*apdu) continue;
    telegrams_.push_back({Framing::mbus,
                          fmt::format("{}", (*apdu)->source_sap),
                          fmt::format("{}", (*apdu)->destination_sap),
                          std::move((*apdu)->apdu),
                          {}});
  }
}

}  // namespace meterproof::push
