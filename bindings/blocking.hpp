// Blocking calls from Python. The work runs on a thread of ours with the interpreter's lock (the
// GIL) released, so other Python threads go on. The calling thread looks every 50 ms whether Python
// has a signal to handle, because only Python's main thread can do so: Ctrl-C asks the work to
// stop, waits until it has returned, and becomes KeyboardInterrupt. No signal handler is installed.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace meterproof::bindings {

using Work = std::function<void()>;

// Runs `work` on a thread of its own and returns when it has. Rethrows what it throws; when a
// signal handler of Python raised meanwhile, `interrupted` is called (it must not block) and that
// exception is thrown instead. The caller holds the GIL; `work` must not touch Python.
void run_blocking(const Work& work, const Work& interrupted);

// One thread for all work that belongs together: what is opened, used and closed in order, and
// whose child processes belong to the thread that started them.
class WorkThread {
 public:
  WorkThread();
  // Finishes the work that was given.
  ~WorkThread();
  WorkThread(const WorkThread&) = delete;
  WorkThread& operator=(const WorkThread&) = delete;

  // As run_blocking(), after the work given before.
  void run(const Work& work, const Work& interrupted);

 private:
  void work_through(const std::stop_token& stop);

  std::mutex mutex_;
  std::condition_variable_any given_;
  std::deque<Work> queue_;
  std::jthread thread_;  // last: it uses what is above
};

}  // namespace meterproof::bindings
