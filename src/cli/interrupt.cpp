#include "cli/interrupt.hpp"

#include <csignal>
#include <ctime>

namespace facemorph {
namespace {

sigset_t interrupts() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

}  // namespace

InterruptGuard::InterruptGuard() {
  const sigset_t set = interrupts();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  waiter_ = std::jthread([this, set](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      const timespec patience{0, 100'000'000};
      if (sigtimedwait(&set, nullptr, &patience) <= 0) continue;
      source_.request_stop();
      pthread_sigmask(SIG_UNBLOCK, &set, nullptr);  // the next one ends the program
      return;
    }
  });
}

InterruptGuard::~InterruptGuard() {
  waiter_.request_stop();
  waiter_.join();
  const sigset_t set = interrupts();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

}  // namespace facemorph
