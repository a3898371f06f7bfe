#pragma once

#include <stop_token>
#include <thread>

namespace facemorph {

/// While it lives, the first Ctrl-C (or SIGTERM) asks for a stop instead of ending the program; the
/// second ends it as usual. One at a time.
class InterruptGuard {
 public:
  InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;
  ~InterruptGuard();

  std::stop_token token() const { return source_.get_token(); }

 private:
  std::stop_source source_;
  std::jthread waiter_;
};

}  // namespace facemorph
