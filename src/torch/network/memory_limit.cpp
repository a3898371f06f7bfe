#include "torch/network/memory_limit.hpp"

#include "base/error.hpp"

#include <c10/core/CPUAllocator.h>

#include <cstring>
#include <limits>
#include <mutex>

namespace facemorph {
namespace {

constexpr std::size_t kUnlimited = std::numeric_limits<std::size_t>::max();
thread_local std::size_t bytes_left = kUnlimited;

/// LibTorch's own allocator behind a counter.
class CountingAllocator : public c10::Allocator {
 public:
  explicit CountingAllocator(c10::Allocator& inner) : inner_(inner) {}

  // LibTorch 2.3 dropped the const and added copy_data(): whichever it declares is overridden.
  c10::DataPtr allocate(std::size_t size) const { return count_and_allocate(size); }
  c10::DataPtr allocate(std::size_t size) { return count_and_allocate(size); }
  void copy_data(void* to, const void* from, std::size_t size) const {
    std::memcpy(to, from, size);
  }
  c10::DeleterFnPtr raw_deleter() const override { return inner_.raw_deleter(); }

 private:
  c10::DataPtr count_and_allocate(std::size_t size) const {
    if (bytes_left != kUnlimited) {
      if (size > bytes_left)
        throw Error("This program asks for more memory than a generator needs.");
      bytes_left -= size;
    }
    return inner_.allocate(size);
  }

  c10::Allocator& inner_;
};

void install() {
  static std::once_flag once;
  std::call_once(once, [] {
    static CountingAllocator allocator(*c10::GetCPUAllocator());
    c10::SetCPUAllocator(&allocator, std::numeric_limits<std::uint8_t>::max());
  });
}

}  // namespace

MemoryLimit::MemoryLimit(std::size_t bytes) {
  install();
  bytes_left = bytes;
}

MemoryLimit::~MemoryLimit() {
  bytes_left = kUnlimited;
}

}  // namespace facemorph
