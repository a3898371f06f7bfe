#include "base/hash.hpp"

#include <xxhash.h>

namespace facemorph {

std::uint64_t quick_hash(std::span<const std::byte> bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

}  // namespace facemorph
