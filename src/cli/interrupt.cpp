#include "cli/interrupt.hpp"

#include <atomic>
#include <chrono>
#include <csignal>

namespace facemorph {
namespace {

/// All that a signal handler may touch. Blocking the signals and waiting for them would be neater,
/// but OpenBLAS starts threads that do not block them before main() does.
std::atomic<bool> interrupted = false;
static_assert(std::atomic<bool>::is_always_lock_free);

/// What people, terminals that close and schedulers end programs by. Under nohup a terminal may
/// close.
void handle(void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);  // the second one ends the program
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
    struct sigaction before {};
    sigaction(signal, nullptr, &before);
    if (signal != SIGHUP || before.sa_handler != SIG_IGN) sigaction(signal, &action, nullptr);
  }
}

}  // namespace

InterruptGuard::InterruptGuard() {
  interrupted = false;
  handle([](int) { interrupted = true; });
  waiter_ = std::jthread([this](const std::stop_token& stop) {
    while (!stop.stop_requested() && !interrupted)
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    if (interrupted) source_.request_stop();
  });
}

InterruptGuard::~InterruptGuard() {
  waiter_.request_stop();
  waiter_.join();
  handle(SIG_DFL);
}

}  // namespace facemorph
