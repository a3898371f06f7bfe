#include "cpu/worker_pool.hpp"

namespace facemorph {
namespace {

constexpr std::uint64_t kNothingLeft = 0x7FFF'FFFF;  // a claim after every piece
constexpr int kSpins = 4000;  // some 50 µs: longer than between two layers of a network

void breathe() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#endif
}

/// Returns once the value is no longer `old`.
template <typename T>
void wait_for_change(const std::atomic<T>& value, T old) {
  for (int spin = 0; spin < kSpins; ++spin) {
    if (value.load(std::memory_order_acquire) != old) return;
    breathe();
  }
  value.wait(old, std::memory_order_acquire);
}

}  // namespace

WorkerPool::WorkerPool(int threads) {
  for (int i = 1; i < threads; ++i)
    workers_.emplace_back([this] { loop(); });
}

WorkerPool::~WorkerPool() {
  ending_ = true;
  ++number_;
  number_.notify_all();
}

void WorkerPool::loop() {
  std::uint32_t seen = 0;
  while (true) {
    wait_for_change(number_, seen);
    seen = number_.load(std::memory_order_acquire);
    if (ending_) return;
    take_part(seen);
  }
}

void WorkerPool::take_part(std::uint32_t number) {
  while (true) {
    std::uint64_t claim = claim_.load(std::memory_order_acquire);
    if (claim >> 32U != number) return;
    const auto piece = static_cast<int>(claim & 0xFFFFFFFFU);
    const int pieces = pieces_.load(std::memory_order_acquire);
    const Call call = call_.load(std::memory_order_relaxed);
    const void* work = work_.load(std::memory_order_relaxed);
    if (piece >= pieces) return;
    if (!claim_.compare_exchange_weak(claim, claim + 1, std::memory_order_acq_rel)) continue;
    call(work, piece);
    if (done_.fetch_add(1, std::memory_order_acq_rel) + 1 == pieces) done_.notify_all();
  }
}

void WorkerPool::share(int pieces, Call call, const void* work) {
  if (workers_.empty() || pieces <= 1) {
    for (int piece = 0; piece < pieces; ++piece)
      call(work, piece);
    return;
  }
  const std::uint32_t number = number_.load(std::memory_order_relaxed) + 1;
  // First of all no claim can succeed any more: who reads what follows must not take it for the
  // work before.
  claim_.store(kNothingLeft, std::memory_order_relaxed);
  pieces_.store(pieces, std::memory_order_release);
  call_.store(call, std::memory_order_relaxed);
  work_.store(work, std::memory_order_relaxed);
  done_.store(0, std::memory_order_relaxed);
  claim_.store(static_cast<std::uint64_t>(number) << 32U, std::memory_order_release);
  number_.store(number, std::memory_order_release);
  number_.notify_all();
  take_part(number);
  for (int done = done_; done != pieces; done = done_)
    wait_for_change(done_, done);
}

}  // namespace facemorph
