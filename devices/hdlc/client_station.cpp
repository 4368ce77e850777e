#include "devices/hdlc/client_station.hpp"

#include <algorithm>

#include "devices/hdlc/llc.hpp"
#include "harness/link/link.hpp"

namespace meterproof::hdlc {
namespace {

// A peer that sends more than was settled is judged elsewhere; here the frame is still understood.
constexpr std::uint16_t k_largest_information = 2030;

Bytes with_llc(BytesView message) {
  Bytes information(k_llc_command.begin(), k_llc_command.end());
  information.insert(information.end(), message.begin(), message.end());
  return information;
}

}  // namespace

ClientStation::ClientStation(ClientConfig config) : config_(std::move(config)) {}

void ClientStation::emit(std::uint8_t control, Bytes information, bool segmented) {
  out_.push_back({config_.server, config_.client, control, segmented, std::move(information)});
}

void ClientStation::await(harness::WallTime now) {
  awaiting_final_ = true;
  timer_ = now + config_.response_timeout;
}

void ClientStation::fail(Error error) {
  if (!failure_) failure_ = error;
  state_ = State::disconnected;
  awaiting_final_ = owed_ = false;
  timer_.reset();
}

void ClientStation::connect(harness::WallTime now) {
  state_ = State::connecting;
  failure_ = {};
  out_.clear();
  messages_.clear();
  owed_ = awaiting_final_ = false;
  tries_ = 0;
  timer_.reset();
  if (config_.connectionless) {
    state_ = State::connected;
    return;
  }
  emit_snrm();
  await(now);
}

// Proposing only defaults, the field stays away: the plainest SNRM is understood everywhere.
void ClientStation::emit_snrm() {
  const bool plain = config_.parameters == Parameters{};
  emit(unnumbered_control(FrameKind::set_normal_response_mode),
       plain ? Bytes{} : encode_parameters(config_.parameters));
}

void ClientStation::disconnect(harness::WallTime now) {
  if (state_ == State::disconnected) return;
  if (config_.connectionless) return fail({});
  state_ = State::disconnecting;
  out_.clear();
  owed_ = false;
  tries_ = 0;
  emit(unnumbered_control(FrameKind::disconnect));
  await(now);
}

Result<void> ClientStation::send(BytesView message, harness::WallTime now) {
  if (state_ != State::connected) return failure_ ? failure_ : HdlcError::not_connected;
  Bytes information = with_llc(message);
  if (config_.connectionless) {
    if (information.size() > k_largest_information) return HdlcError::too_long;
    const bool answered = !config_.server.is_broadcast();
    emit(unnumbered_control(FrameKind::unnumbered_information, answered), std::move(information));
    if (answered) await(now);
    return boost::system::in_place_value;
  }
  flow_.queue(information);
  owed_ = true;
  if (!awaiting_final_) {
    tries_ = 0;
    pump(now);
  }
  return boost::system::in_place_value;
}

void ClientStation::send_unnumbered(BytesView message, const Address& to) {
  out_.push_back({to, config_.client, unnumbered_control(FrameKind::unnumbered_information, false),
                  false, with_llc(message)});
}

void ClientStation::hear(harness::WallTime now) {
  if (awaiting_final_) timer_ = now + config_.response_timeout;
}

void ClientStation::poll(harness::WallTime now) {
  if (config_.connectionless) return;
  owed_ = true;
  if (state_ == State::connected && !awaiting_final_ && !timer_) pump(now);
}

// Gives the right to speak to the peer: with the next window of I-frames, or with RR.
void ClientStation::pump(harness::WallTime now) {
  auto window = flow_.take_window();
  for (std::size_t i = 0; i < window.size(); ++i) {
    auto& segment = window[i];
    if (segment.again) ++retransmissions_;
    const bool last = i + 1 == window.size();
    emit(information_control(segment.number, flow_.receive_number(), last),
         std::move(segment.information), segment.more);
  }
  if (window.empty()) emit(receive_ready_control(flow_.receive_number(), true));
  await(now);
}

void ClientStation::receive(const Frame& frame, harness::WallTime now) {
  if (frame.destination != config_.client || frame.source != config_.server) return;
  const FrameKind kind = frame.kind();
  if (kind == FrameKind::unnumbered_information) {
    if (config_.connectionless) {
      awaiting_final_ = false;
      timer_.reset();
    }
    deliver(frame.information);
    return;
  }
  if (state_ == State::disconnected) return;
  if (kind == FrameKind::frame_reject) return fail(HdlcError::rejected);
  if (kind == FrameKind::disconnected_mode) {
    // To DISC it says that there was nothing to disconnect.
    return state_ == State::disconnecting ? fail({}) : fail(HdlcError::disconnected);
  }
  if (kind == FrameKind::unnumbered_acknowledge) {
    if (state_ == State::disconnecting) return fail({});
    if (state_ != State::connecting) return;
    const auto peer = decode_parameters(frame.information);
    if (!peer) return fail(peer.error());
    negotiated_ = agree(config_.parameters, *peer);
    Parameters flow = negotiated_;
    flow.receive_octets = k_largest_information;
    flow_.start(flow, config_.largest_message);
    state_ = State::connected;
    awaiting_final_ = false;
    timer_.reset();
    return;
  }
  if (state_ == State::connected) on_numbered(frame, now);
}

void ClientStation::on_numbered(const Frame& frame, harness::WallTime now) {
  const FrameKind kind = frame.kind();
  const bool information = kind == FrameKind::information;
  // REJ says what RR says: everything before N(R) came, the rest is wanted again.
  if (!information && kind != FrameKind::receive_ready && kind != FrameKind::receive_not_ready &&
      kind != FrameKind::reject) {
    return;
  }
  const std::uint8_t before = flow_.acknowledged();
  if (!acknowledge(frame)) return fail(HdlcError::bad_sequence);
  // Without news it may be the late answer to a poll that was repeated. Taken for the answer to the
  // present poll it would cause one more exchange, for ever; the timer decides instead.
  const bool news = flow_.acknowledged() != before;
  if (information) {
    const auto taken = flow_.take(frame);
    if (taken == InformationFlow::Taken::out_of_sequence && !news) return;
    if (taken == InformationFlow::Taken::too_long) return fail(HdlcError::too_long);
    if (taken == InformationFlow::Taken::message) {
      owed_ = false;
      deliver(flow_.take_message());
      if (failure_) return;
    }
  }
  if (!information && !news && flow_.has_unacknowledged()) return;
  if (!frame.poll_final()) {
    if (awaiting_final_) timer_ = now + config_.response_timeout;
    return;
  }
  if (awaiting_final_) on_final(now);
}

bool ClientStation::acknowledge(const Frame& frame) {
  std::uint8_t number = frame.receive_number();
  if (config_.tolerate_frozen_receive_number && number == 0 && flow_.send_number() != 0 &&
      (frame.kind() != FrameKind::information || frame.send_number() == flow_.receive_number())) {
    number = flow_.send_number();
    ++frozen_receive_numbers_;
  }
  return flow_.acknowledge(number);
}

void ClientStation::on_final(harness::WallTime now) {
  awaiting_final_ = false;
  timer_.reset();
  tries_ = 0;
  flow_.rewind();
  if (flow_.has_unsent() || flow_.in_message()) {
    pump(now);
  } else if (owed_) {
    timer_ = now + config_.poll_pause;  // the peer is still working
  }
}

void ClientStation::tick(harness::WallTime now) {
  if (!timer_ || now < *timer_) return;
  timer_.reset();
  if (!awaiting_final_) {
    if (state_ == State::connected && owed_) pump(now);
    return;
  }
  if (tries_ >= config_.retries) return fail(link::make_error_code(link::LinkError::timeout));
  ++tries_;
  if (config_.connectionless) return fail(link::make_error_code(link::LinkError::timeout));
  if (state_ == State::connected) {
    flow_.rewind();
    pump(now);
    return;
  }
  ++retransmissions_;
  if (state_ == State::connecting) {
    emit_snrm();
  } else {
    emit(unnumbered_control(FrameKind::disconnect));
  }
  await(now);
}

void ClientStation::deliver(Bytes message) {
  const auto begins = [&](const auto& header) {
    return message.size() >= header.size() &&
           std::equal(header.begin(), header.end(), message.begin());
  };
  if (begins(k_llc_command)) {
    ++llc_deviations_;
  } else if (!begins(k_llc_response)) {
    return fail(HdlcError::bad_llc);
  }
  message.erase(message.begin(), message.begin() + k_llc_command.size());
  messages_.push_back(std::move(message));
}

std::optional<Frame> ClientStation::take_frame() {
  if (out_.empty()) return std::nullopt;
  Frame frame = std::move(out_.front());
  out_.pop_front();
  return frame;
}

std::optional<Bytes> ClientStation::take_message() {
  if (messages_.empty()) return std::nullopt;
  Bytes message = std::move(messages_.front());
  messages_.pop_front();
  return message;
}

}  // namespace meterproof::hdlc
