#include "devices/iec62056_21/mode_e.hpp"

#include <algorithm>

#include "harness/link/link.hpp"

namespace meterproof::iec62056_21 {

void ModeEReader::start(harness::WallTime now) {
  reader_.clear();
  agreed_.reset();
  result_.reset();
  tries_ = 0;
  ask(now);
}

void ModeEReader::ask(harness::WallTime now) {
  const Bytes request = encode(Request{options_.address});
  out_.insert(out_.end(), request.begin(), request.end());
  timer_ = now + options_.answer_time;
}

void ModeEReader::receive(BytesView characters, harness::WallTime now) {
  if (finished()) return;
  reader_.push(characters);
  while (!finished()) {
    const auto message = reader_.next();
    if (!message) return;
    on_message(*message, now);
  }
}

void ModeEReader::on_message(BytesView message, harness::WallTime now) {
  if (agreed_) {
    // The optical head may return our own acknowledgement first; it is the same message.
    const auto confirmation = parse_acknowledgement(message);
    timer_.reset();
    if (!confirmation || baud_of(confirmation->rate) != agreed_->baud ||
        confirmation->protocol != '2' || confirmation->mode != '2') {
      result_ = Result<HandedOver>(SignOnError::refused);
    } else {
      result_ = Result<HandedOver>(*agreed_);
    }
    return;
  }
  auto identification = parse_identification(message);
  if (!identification) {
    // What we said ourselves, or a damaged answer: the timer asks again.
    if (identification.error() == SignOnError::not_this_message) return;
    timer_.reset();
    result_ = Result<HandedOver>(identification.error());
    return;
  }
  const auto offered = baud_of(identification->rate);
  timer_.reset();
  if (!identification->offers_mode_e()) {
    result_ = Result<HandedOver>(SignOnError::mode_not_offered);
    return;
  }
  const auto rate =
      offered ? character_of(std::min(*offered, options_.highest_baud)) : std::nullopt;
  if (!rate) {
    result_ = Result<HandedOver>(SignOnError::unknown_rate);
    return;
  }
  const Bytes acknowledgement = encode(Acknowledgement{'2', *rate, '2'});
  out_.insert(out_.end(), acknowledgement.begin(), acknowledgement.end());
  agreed_ = HandedOver{*std::move(identification), *baud_of(*rate), true};
  timer_ = now + options_.answer_time;
}

void ModeEReader::tick(harness::WallTime now) {
  if (!timer_ || now < *timer_ || finished()) return;
  timer_.reset();
  if (agreed_) {
    agreed_->confirmed = false;
    result_ = Result<HandedOver>(*agreed_);
  } else if (tries_ < options_.retries) {
    ++tries_;
    reader_.clear();
    ask(now);
  } else {
    result_ = Result<HandedOver>(link::make_error_code(link::LinkError::timeout));
  }
}

void ModeEMeter::reset() {
  reader_.clear();
  next_.clear();
  next_baud_.reset();
  identified_ = false;
  out_.clear();
  timer_.reset();
  handed_over_.reset();
}

void ModeEMeter::receive(BytesView characters, harness::WallTime now) {
  if (handed_over_) return;
  reader_.push(characters);
  while (const auto message = reader_.next()) {
    if (const auto request = parse_request(*message)) {
      if (!request->address.empty() && request->address != address_) continue;
      next_ = encode(identification_);
      next_baud_.reset();
      identified_ = true;
      timer_ = now + identification_.reaction_time();
    } else if (const auto chosen = parse_acknowledgement(*message); chosen && identified_) {
      const auto baud = baud_of(chosen->rate);
      const auto offered = baud_of(identification_.rate);
      identified_ = false;
      // Readout and programming are other modes; they get no answer here.
      if (chosen->protocol != '2' || chosen->mode != '2' || !baud || !offered || *baud > *offered) {
        continue;
      }
      next_ = encode(*chosen);
      next_baud_ = baud;
      timer_ = now + identification_.reaction_time();
    }
  }
}

void ModeEMeter::tick(harness::WallTime now) {
  if (!timer_ || now < *timer_) return;
  timer_.reset();
  out_.insert(out_.end(), next_.begin(), next_.end());
  next_.clear();
  handed_over_ = std::exchange(next_baud_, std::nullopt);
}

}  // namespace meterproof::iec62056_21
