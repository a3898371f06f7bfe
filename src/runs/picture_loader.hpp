#pragma once

#include "runs/data_set.hpp"
#include "runs/picture_files.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace facemorph {

struct LoadedPicture {
  std::string name;
  std::size_t place = 0;             ///< for PictureFiles::read_again()
  std::vector<std::uint8_t> planes;  ///< empty: skipped, or more than fits into the memory
  std::string problem;               ///< why it was skipped
};

struct LoadedPictures {
  std::vector<LoadedPicture> pictures;
  std::size_t other_files = 0;
};

/// Reads all files, one after the other, and prepares the pictures on several threads, keeping the
/// order; as many as fit into options.memory are kept. Throws Error when reading fails or is
/// stopped, or when those of a .tar do not fit.
LoadedPictures load_pictures(PictureFiles& files, const DataSetOptions& options);

}  // namespace facemorph
