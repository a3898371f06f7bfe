#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <utility>

namespace facemorph {

/// Hands the newest value from one writer thread to one reader thread; neither ever waits. Of three
/// slots the writer owns one, the reader one, and the third is exchanged atomically.
template <typename T>
class TripleBuffer {
 public:
  /// Writer: publishes a value; an older one that nobody took is lost.
  void publish(T value) {
    slots_[writer_] = std::move(value);
    writer_ = shared_.exchange(writer_ | kFresh, std::memory_order_acq_rel) & kIndex;
  }

  /// Reader: the newest value if there is one it has not seen, else nullptr. Valid until the next
  /// call; the reader may move from it.
  T* take() {
    if ((shared_.load(std::memory_order_acquire) & kFresh) == 0) return nullptr;
    reader_ = shared_.exchange(reader_, std::memory_order_acq_rel) & kIndex;
    return &slots_[reader_];
  }

 private:
  static constexpr std::uint32_t kIndex = 3;
  static constexpr std::uint32_t kFresh = 4;
  std::array<T, 3> slots_{};
  std::uint32_t writer_ = 0;
  std::uint32_t reader_ = 1;
  std::atomic<std::uint32_t> shared_ = 2;
};

}  // namespace facemorph
