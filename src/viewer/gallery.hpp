#pragma once

#include <cstdint>

namespace facemorph {

/// Which seeds' faces the gallery shows.
struct Gallery {
  std::uint64_t first = 0;  ///< seed
  std::uint64_t page = 24;  ///< faces on a page

  void turn(int pages) {
    if (pages > 0)
      first += page;
    else
      first = first > page ? first - page : 0;
  }
};

}  // namespace facemorph
