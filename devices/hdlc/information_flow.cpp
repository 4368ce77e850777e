#include "devices/hdlc/information_flow.hpp"

#include <algorithm>

namespace meterproof::hdlc {

void InformationFlow::start(const Parameters& negotiated, std::size_t largest_message) {
  *this = InformationFlow{};
  parameters_ = negotiated;
  largest_message_ = largest_message;
}

void InformationFlow::queue(BytesView message) {
  const std::size_t most = std::max<std::size_t>(parameters_.transmit_octets, 1);
  do {
    const BytesView part = message.first(std::min(most, message.size()));
    message = message.subspan(part.size());
    segments_.push_back({{part.begin(), part.end()}, !message.empty(), false});
  } while (!message.empty());
}

bool InformationFlow::acknowledge(std::uint8_t receive_number) {
  const auto newly = static_cast<std::size_t>((receive_number - acknowledged_) & 7);
  if (newly > segments_.size()) return false;
  for (std::size_t i = 0; i < newly; ++i) {
    if (!segments_[i].sent) return false;
  }
  segments_.erase(segments_.begin(), segments_.begin() + static_cast<std::ptrdiff_t>(newly));
  acknowledged_ = receive_number & 7;
  next_ -= std::min(next_, newly);
  return true;
}

std::vector<InformationFlow::Segment> InformationFlow::take_window() {
  std::vector<Segment> window;
  const std::size_t end = std::min<std::size_t>(segments_.size(), parameters_.transmit_window);
  for (; next_ < end; ++next_) {
    Queued& queued = segments_[next_];
    window.push_back({static_cast<std::uint8_t>((acknowledged_ + next_) & 7), queued.more,
                      queued.sent, queued.information});
    queued.sent = true;
  }
  return window;
}

InformationFlow::Taken InformationFlow::take(const Frame& frame) {
  if (frame.send_number() != receive_number_) return Taken::out_of_sequence;
  if (frame.information.size() > parameters_.receive_octets ||
      assembly_.size() + frame.information.size() > largest_message_) {
    return Taken::too_long;
  }
  receive_number_ = (receive_number_ + 1) & 7;
  assembly_.insert(assembly_.end(), frame.information.begin(), frame.information.end());
  in_message_ = frame.segmented;
  return frame.segmented ? Taken::segment : Taken::message;
}

}  // namespace meterproof::hdlc
