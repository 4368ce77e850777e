// Session: one instrument at the end of one link, spoken to in lines. Opens the link when it is
// first needed, and again after a failure, so that one lost answer never shifts all that follow.
// What goes wrong is the bench's fault: BenchError, naming instrument and link.
//
// Thread safe: one exchange at a time.
#pragma once

#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

#include "harness/link/link.hpp"

namespace meterproof::scpi {

class Session {
 public:
  // name: "source", for messages. errors: the error query asked at the end of each exchange; may be
  // empty.
  Session(std::string name, std::string url, std::string terminator, std::string errors,
          std::shared_ptr<link::Transcript> transcript);

  // Sends the lines in order, then asks for errors. Throws BenchError when there are any or the
  // instrument is silent (deadline), Cancelled on a stop.
  void command(const std::vector<std::string>& lines, harness::Deadline deadline,
               std::stop_token stop);
  // One line and its answer, without line end; errors are asked for only when `check`.
  std::string query(const std::string& line, harness::Deadline deadline, std::stop_token stop,
                    bool check = true);

  const std::string& name() const { return name_; }
  const std::string& url() const { return url_; }
  // "source (tcp://127.0.0.1:5025): message"
  [[noreturn]] void fault(const std::string& message) const;

 private:
  void send(const std::string& line, harness::Deadline deadline, const std::stop_token& stop);
  std::string receive(harness::Deadline deadline, const std::stop_token& stop);
  void raise_queued_errors(const std::string& after, harness::Deadline deadline,
                           const std::stop_token& stop);
  // Gives the link up and throws.
  [[noreturn]] void lost(const harness::Error& error, const std::string& doing);

  std::string name_, url_, terminator_, errors_;
  std::shared_ptr<link::Transcript> transcript_;
  std::mutex mutex_;
  std::unique_ptr<link::Link> link_;
};

}  // namespace meterproof::scpi
