#include "devices/hdlc/server_station.hpp"

#include <algorithm>

#include "devices/hdlc/llc.hpp"

namespace meterproof::hdlc {
namespace {

// A frame that stops in the middle is given up after this much silence.
constexpr auto k_frame_gap = std::chrono::milliseconds(200);

// Why a frame was rejected (ISO/IEC 13239, 5.5.3.4.2).
constexpr std::uint8_t k_reject_control = 1, k_reject_information = 3, k_reject_length = 4,
                       k_reject_sequence = 8;

}  // namespace

ServerStation::ServerStation(ServerConfig config)
    : config_(std::move(config)), reader_(config_.check) {}

bool ServerStation::addressed(const Address& address) const {
  if (config_.defects.any_address) return true;
  const auto& devices = config_.logical_devices;
  return std::find(devices.begin(), devices.end(), address.upper) != devices.end() &&
         (address.octets == 1 || address.lower == config_.physical_device);
}

void ServerStation::receive(BytesView octets, harness::WallTime now) {
  if (deaf_) return;
  reader_.push(octets);
  while (auto frame = reader_.next()) on_frame(*frame, now);
  counts_.bad_frame_checks_accepted =
      config_.check.frame_check ? 0 : reader_.counts().bad_frame_checks;
  deaf_ = config_.defects.deaf_after_bad_check && mode_ == Mode::normal_disconnected &&
          reader_.counts().bad_frame_checks > 0;
  idle_at_.reset();
  if (reader_.in_frame()) idle_at_ = now + k_frame_gap;
}

void ServerStation::answer(const Frame& frame, std::uint8_t control, Bytes information) {
  const Bytes octets =
      encode({frame.source, frame.destination, control, false, std::move(information)});
  out_.insert(out_.end(), octets.begin(), octets.end());
}

void ServerStation::on_frame(const Frame& frame, harness::WallTime now) {
  if (frame.destination.is_broadcast() && frame.source.octets == 1) {
    if (frame.kind() == FrameKind::unnumbered_information) on_unnumbered(frame, now);
    return;
  }
  if (!addressed(frame.destination) || frame.source.octets != 1) {
    ++counts_.foreign_frames;
    return;
  }
  const FrameKind kind = frame.kind();
  if (kind == FrameKind::set_normal_response_mode) {
    on_snrm(frame);
    inactive_at_ = now + config_.inactivity_timeout;
    return;
  }
  if (kind == FrameKind::disconnect) return on_disc(frame);
  if (kind == FrameKind::unnumbered_information && mode_ != Mode::frame_rejected) {
    return on_unnumbered(frame, now);
  }
  const bool by_itself = config_.defects.serves_disconnected &&
                         mode_ == Mode::normal_disconnected && kind == FrameKind::information;
  if (by_itself) enter(frame);
  const bool ours =
      mode_ != Mode::normal_disconnected && frame.source == client_ && frame.destination == server_;
  if (!ours) {
    if (frame.poll_final()) answer(frame, unnumbered_control(FrameKind::disconnected_mode));
    return;
  }
  inactive_at_ = now + config_.inactivity_timeout;
  if (mode_ == Mode::frame_rejected) {
    return answer(frame, unnumbered_control(FrameKind::frame_reject), reject_reason_);
  }
  on_numbered(frame, now);
}

void ServerStation::on_unnumbered(const Frame& frame, harness::WallTime now) {
  const bool broadcast = frame.destination.is_broadcast();
  const bool ours =
      mode_ == Mode::normal_response && frame.source == client_ && frame.destination == server_;
  if (ours) inactive_at_ = now + config_.inactivity_timeout;
  BytesView message(frame.information);
  const bool has_header = message.size() >= k_llc_command.size() &&
                          std::equal(k_llc_command.begin(), k_llc_command.end(), message.begin());
  if (!has_header || message.size() > config_.largest_message) {
    // Nobody to give it to; the right to speak is given back all the same.
    if (broadcast || !frame.poll_final()) return;
    if (ours) return answer_poll();
    return answer(frame, unnumbered_control(FrameKind::disconnected_mode));
  }
  message = message.subspan(k_llc_command.size());
  events_.push_back({ServerEvent::Kind::unnumbered,
                     static_cast<std::uint8_t>(frame.source.upper),
                     frame.destination.upper,
                     {message.begin(), message.end()},
                     broadcast});
  if (!broadcast && frame.poll_final()) {
    unnumbered_poll_ = {frame.source, frame.destination, now + config_.response_time};
  }
}

void ServerStation::send_unnumbered(std::uint8_t client, std::uint16_t logical_device,
                                    BytesView message) {
  Bytes information(k_llc_response.begin(), k_llc_response.end());
  information.insert(information.end(), message.begin(), message.end());
  constexpr std::size_t k_most = 2030;
  if (information.size() > k_most) return;
  Frame frame{Address::client(client), Address::server(logical_device, config_.physical_device),
              unnumbered_control(FrameKind::unnumbered_information, true), false,
              std::move(information)};
  if (unnumbered_poll_ && unnumbered_poll_->client.upper == client) {
    frame.source = unnumbered_poll_->server;
    unnumbered_poll_.reset();
  }
  const Bytes octets = encode(frame);
  out_.insert(out_.end(), octets.begin(), octets.end());
}

// A new SNRM always starts afresh: on a line there is one primary, and it has lost its state.
void ServerStation::on_snrm(const Frame& frame) {
  auto proposed = decode_parameters(frame.information);
  if (!proposed && config_.defects.any_parameters) proposed = Parameters{};
  if (!proposed) {
    ++counts_.rejected_frames;
    return answer(frame, unnumbered_control(FrameKind::disconnected_mode));
  }
  negotiated_ = agree(config_.parameters, *proposed);
  if (config_.defects.own_parameters) negotiated_ = config_.parameters;
  enter(frame);
  answer(frame, unnumbered_control(FrameKind::unnumbered_acknowledge),
         encode_parameters(negotiated_));
}

// The connection begins, as it was negotiated.
void ServerStation::enter(const Frame& frame) {
  if (config_.defects.keeps_segments && flow_.in_message()) left_over_ = flow_.take_message();
  leave(true);
  mode_ = Mode::normal_response;
  client_ = frame.source;
  server_ = frame.destination;
  Parameters kept_to = negotiated_;
  if (config_.defects.ignores_window) kept_to.transmit_window = 7;
  if (config_.defects.any_length) kept_to.receive_octets = k_largest_frame;
  flow_.start(kept_to, config_.largest_message);
  events_.push_back(
      {ServerEvent::Kind::connected, static_cast<std::uint8_t>(client_.upper), server_.upper, {}});
}

void ServerStation::on_disc(const Frame& frame) {
  const bool ours =
      mode_ != Mode::normal_disconnected && frame.source == client_ && frame.destination == server_;
  if (!ours) return answer(frame, unnumbered_control(FrameKind::disconnected_mode));
  answer(frame, unnumbered_control(FrameKind::unnumbered_acknowledge));
  if (!config_.defects.stays_connected) leave(true);
}

void ServerStation::reject(const Frame& frame, std::uint8_t reason) {
  ++counts_.rejected_frames;
  mode_ = Mode::frame_rejected;
  poll_deadline_.reset();
  const unsigned send_number = flow_.send_number();
  reject_reason_ = {
      static_cast<std::byte>(frame.control),
      static_cast<std::byte>(unsigned{flow_.receive_number()} << 5 | send_number << 1),
      std::byte{reason}};
  answer(frame, unnumbered_control(FrameKind::frame_reject), reject_reason_);
}

void ServerStation::on_numbered(const Frame& frame, harness::WallTime now) {
  const FrameKind kind = frame.kind();
  const bool information = kind == FrameKind::information;
  if (!information && kind != FrameKind::receive_ready && kind != FrameKind::receive_not_ready) {
    if (config_.defects.any_command) return answer_poll();
    return reject(frame, k_reject_control);
  }
  if (!information && !frame.information.empty()) return reject(frame, k_reject_information);
  if (!flow_.acknowledge(frame.receive_number()) && !config_.defects.any_receive_number) {
    return reject(frame, k_reject_sequence);
  }
  bool application_asked = false;
  if (information) {
    switch (config_.defects.repeats ? flow_.take(renumbered(frame)) : flow_.take(frame)) {
      case InformationFlow::Taken::too_long:
        return reject(frame, k_reject_length);
      case InformationFlow::Taken::out_of_sequence:
        ++counts_.out_of_sequence;
        break;
      case InformationFlow::Taken::segment:
        break;
      case InformationFlow::Taken::message:
        application_asked = on_message(flow_.take_message());
        break;
    }
  }
  if (!frame.poll_final()) return;
  flow_.rewind();
  // A repeated poll does not take the answer away that the application is still making.
  if (flow_.has_unsent() || (!application_asked && !poll_deadline_)) return answer_poll();
  if (!poll_deadline_) poll_deadline_ = now + config_.response_time;
}

// A repeated frame as if it were the next one (defects.repeats).
Frame ServerStation::renumbered(Frame frame) const {
  if (frame.send_number() == ((flow_.receive_number() - 1) & 7)) {
    frame.control =
        information_control(flow_.receive_number(), frame.receive_number(), frame.poll_final());
  }
  return frame;
}

// Is there something to answer?
bool ServerStation::on_message(Bytes message) {
  message.insert(message.begin(), left_over_.begin(), left_over_.end());
  left_over_.clear();
  if (message.size() < k_llc_command.size()) return false;
  if (!std::equal(k_llc_command.begin(), k_llc_command.end(), message.begin()) &&
      !config_.defects.any_llc) {
    return false;
  }
  message.erase(message.begin(), message.begin() + k_llc_command.size());
  events_.push_back({ServerEvent::Kind::message, static_cast<std::uint8_t>(client_.upper),
                     server_.upper, std::move(message)});
  return true;
}

// Uses the right to speak: a window of I-frames, or RR.
void ServerStation::answer_poll() {
  poll_deadline_.reset();
  auto window = flow_.take_window();
  const auto write = [&](std::uint8_t control, Bytes information, bool segmented) {
    const Bytes octets = encode({client_, server_, control, segmented, std::move(information)});
    out_.insert(out_.end(), octets.begin(), octets.end());
  };
  for (std::size_t i = 0; i < window.size(); ++i) {
    auto& segment = window[i];
    if (segment.again) ++counts_.retransmissions;
    write(information_control(segment.number, flow_.receive_number(), i + 1 == window.size()),
          std::move(segment.information), segment.more);
  }
  if (window.empty()) write(receive_ready_control(flow_.receive_number(), true), {}, false);
}

void ServerStation::send(BytesView message, harness::WallTime) {
  if (mode_ != Mode::normal_response) return;
  Bytes information(k_llc_response.begin(), k_llc_response.end());
  information.insert(information.end(), message.begin(), message.end());
  flow_.queue(information);
  if (poll_deadline_) answer_poll();
}

void ServerStation::tick(harness::WallTime now) {
  if (idle_at_ && now >= *idle_at_) {
    idle_at_.reset();
    reader_.idle();
    while (auto frame = reader_.next()) on_frame(*frame, now);
  }
  if (poll_deadline_ && now >= *poll_deadline_) answer_poll();
  if (unnumbered_poll_ && now >= unnumbered_poll_->until) {
    const auto poll = *std::exchange(unnumbered_poll_, std::nullopt);
    if (mode_ == Mode::normal_response && poll.client == client_ && poll.server == server_) {
      answer_poll();
    } else {
      const Bytes octets = encode(
          {poll.client, poll.server, unnumbered_control(FrameKind::disconnected_mode), false, {}});
      out_.insert(out_.end(), octets.begin(), octets.end());
    }
  }
  if (inactive_at_ && now >= *inactive_at_) {
    if (config_.defects.never_inactive) {
      inactive_at_ = now + config_.inactivity_timeout;
    } else {
      leave(true);
    }
  }
}

std::optional<harness::WallTime> ServerStation::timer() const {
  std::optional<harness::WallTime> first;
  const auto unnumbered = unnumbered_poll_ ? std::optional(unnumbered_poll_->until)
                                           : std::optional<harness::WallTime>();
  for (const auto& instant : {poll_deadline_, inactive_at_, idle_at_, unnumbered}) {
    if (instant && (!first || *instant < *first)) first = instant;
  }
  return first;
}

void ServerStation::leave(bool tell) {
  if (tell && mode_ != Mode::normal_disconnected) {
    events_.push_back({ServerEvent::Kind::disconnected,
                       static_cast<std::uint8_t>(client_.upper),
                       server_.upper,
                       {}});
  }
  mode_ = Mode::normal_disconnected;
  poll_deadline_.reset();
  inactive_at_.reset();
}

void ServerStation::reset() {
  leave(false);
  deaf_ = false;
  left_over_.clear();
  reader_.clear();
  idle_at_.reset();
  unnumbered_poll_.reset();
  out_.clear();
  events_.clear();
}

Bytes ServerStation::take_output() { return std::exchange(out_, {}); }

std::optional<ServerEvent> ServerStation::take_event() {
  if (events_.empty()) return std::nullopt;
  ServerEvent event = std::move(events_.front());
  events_.pop_front();
  return event;
}

}  // namespace meterproof::hdlc
