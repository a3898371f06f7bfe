#pragma once

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

namespace facemorph {

/// Threads that share the pieces of one piece of work. Who comes late finds nothing left to do: the
/// caller waits for pieces that were begun, never for a thread. Between two works that follow each
/// other closely the threads spin, for a moment; then they sleep.
class WorkerPool {
 public:
  /// The caller counts: 1 starts no thread.
  explicit WorkerPool(int threads);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  int threads() const { return static_cast<int>(workers_.size()) + 1; }

  /// Calls work(piece) for every piece in [0, pieces), from any of the threads. One caller at a
  /// time; `work` must not throw.
  template <typename Work>
  void run(int pieces, const Work& work) {
    share(
        pieces, [](const void* of, int piece) { (*static_cast<const Work*>(of))(piece); }, &work);
  }

 private:
  using Call = void (*)(const void* work, int piece);
  void share(int pieces, Call call, const void* work);
  /// Takes pieces of the work with this number until none is left.
  void take_part(std::uint32_t number);
  void loop();

  // Written by run() before the number changes; read with it. A stale reader's claim fails.
  std::atomic<int> pieces_ = 0;
  std::atomic<Call> call_ = nullptr;
  std::atomic<const void*> work_ = nullptr;
  std::atomic<std::uint64_t> claim_ = 0;  ///< number of the work << 32 | next piece
  std::atomic<int> done_ = 0;
  std::atomic<std::uint32_t> number_ = 0;
  std::atomic<bool> ending_ = false;
  std::vector<std::jthread> workers_;
};

}  // namespace facemorph
