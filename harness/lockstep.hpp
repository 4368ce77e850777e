// Lockstep: one source feeds all positions, so setting a load is a collective act of all positions
// that take part in a stage.
//
// The last position to arrive acts, all return when the act is done, and an exception of the act
// reaches all of them. Different signatures are an InternalError for everybody: procedures of one
// stage must ask for the same. A position that leaves (its procedure ended, passed or failed) drops
// out, so the others never wait for it. Every wait observes the stop token.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>

namespace meterproof::harness {

class Lockstep {
 public:
  explicit Lockstep(int members);

  // Throws what the act threw, InternalError on different signatures, Cancelled on a stop.
  void collectively(std::string_view signature, const std::function<void()>& act,
                    const std::stop_token& stop);
  void leave();
  int members() const;

 private:
  bool complete() const { return arrived_ > 0 && arrived_ >= members_; }
  void act_now(std::unique_lock<std::mutex>& lock, const std::function<void()>& act);

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  int members_;
  int arrived_ = 0;
  bool acting_ = false;
  bool mismatch_ = false;
  std::uint64_t round_ = 0;
  std::string signature_;
  std::exception_ptr failure_;
};

}  // namespace meterproof::harness
