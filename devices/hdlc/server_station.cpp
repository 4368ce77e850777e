#include "devices/hdlc/server_station.hpp"

#include <algorithm>

#include "devices/hdlc/llc.hpp"

namespace meterproof::hdlc {
namespace {

// A frame that stops in the middle is given up after this much silence.
constexpr auto k_frame_gap = std::chrono::milliseconds(200);

// Why a frame was rejected (ISO/IEC 13239, 5.5.3.4.2).
constexpr std::uint8_t k_reject_control = 1, k_reject_length = 4, k_reject_sequence = 8;

}  // namespace

ServerStation::ServerStation(ServerConfig config)
    : config_(std::move(config)), reader_(config_.check) {}

bool ServerStation::addressed(const Address& address) const {
  const auto& devices = config_.logical_devices;
  return std::find(devices.begin(), devices.end(), address.upper) != devices.end() &&
         (address.octets == 1 || address.lower == config_.physical_device);
}

void ServerStation::receive(BytesView octets, harness::WallTime now) {
  reader_.push(octets);
  while (auto frame = reader_.next()) on_frame(*frame, now);
  counts_.bad_frame_checks_accepted =
      config_.check.frame_check ? 0 : reader_.counts().bad_frame_checks;
  idle_at_.reset();
  if (reader_.in_frame()) idle_at_ = now + k_frame_gap;
}

void ServerStation::answer(const Frame& frame, std::uint8_t control, Bytes information) {
  const Bytes octets =
      encode({frame.source, frame.destination, control, false, std::move(information)});
  out_.insert(out_.end(), octets.begin(), octets.end());
}

void ServerStation::on_frame(const Frame& frame, harness::WallTime now) {
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

// A new SNRM always starts afresh: on a line there is one primary, and it has lost its state.
void ServerStation::on_snrm(const Frame& frame) {
  const auto proposed = decode_parameters(frame.information);
  if (!proposed) {
    ++counts_.rejected_frames;
    return answer(frame, unnumbered_control(FrameKind::disconnected_mode));
  }
  leave(true);
  mode_ = Mode::normal_response;
  client_ = frame.source;
  server_ = frame.destination;
  negotiated_ = agree(config_.parameters, *proposed);
  flow_.start(negotiated_, config_.largest_message);
  answer(frame, unnumbered_control(FrameKind::unnumbered_acknowledge),
         encode_parameters(negotiated_));
  events_.push_back(
      {ServerEvent::Kind::connected, static_cast<std::uint8_t>(client_.upper), server_.upper, {}});
}

void ServerStation::on_disc(const Frame& frame) {
  const bool ours =
      mode_ != Mode::normal_disconnected && frame.source == client_ && frame.destination == server_;
  if (!ours) return answer(frame, unnumbered_control(FrameKind::disconnected_mode));
  answer(frame, unnumbered_control(FrameKind::unnumbered_acknowledge));
  leave(true);
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
  if (kind == FrameKind::unnumbered_information) {
    if (frame.poll_final()) answer_poll();
    return;
  }
  const bool information = kind == FrameKind::information;
  if (!information && kind != FrameKind::receive_ready && kind != FrameKind::receive_not_ready) {
    return reject(frame, k_reject_control);
  }
  if (!flow_.acknowledge(frame.receive_number())) return reject(frame, k_reject_sequence);
  bool application_asked = false;
  if (information) {
    switch (flow_.take(frame)) {
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

// Is there something to answer?
bool ServerStation::on_message(Bytes message) {
  if (message.size() < k_llc_command.size() ||
      !std::equal(k_llc_command.begin(), k_llc_command.end(), message.begin())) {
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
  if (inactive_at_ && now >= *inactive_at_) leave(true);
}

std::optional<harness::WallTime> ServerStation::timer() const {
  std::optional<harness::WallTime> first;
  for (const auto& instant : {poll_deadline_, inactive_at_, idle_at_}) {
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
  reader_.clear();
  idle_at_.reset();
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
