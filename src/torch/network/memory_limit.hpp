#pragma once

#include <cstddef>

namespace facemorph {

/// While it lives, LibTorch's CPU allocations on this thread may add up to `bytes`; beyond that
/// they throw. For programs by strangers, who might ask for all memory there is. Does not nest.
class MemoryLimit {
 public:
  explicit MemoryLimit(std::size_t bytes);
  MemoryLimit(const MemoryLimit&) = delete;
  MemoryLimit& operator=(const MemoryLimit&) = delete;
  ~MemoryLimit();
};

}  // namespace facemorph
