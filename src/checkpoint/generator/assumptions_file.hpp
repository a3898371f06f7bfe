#pragma once

#include "checkpoint/generator/draft.hpp"

#include <filesystem>
#include <string>

namespace facemorph {

/// Where a person's choices about a model are kept, so that it opens the same way the next time.
struct AssumptionsPlace {
  std::filesystem::path beside;    ///< NAME.facemorph.json beside the checkpoint
  std::filesystem::path fallback;  ///< in the configuration folder, for read-only folders
};
AssumptionsPlace assumptions_place(const std::filesystem::path& checkpoint,
                                   const std::string& hash);

/// The kept choices; empty when there are none. Throws Error naming a file that is not sound.
Assumptions read_assumptions(const AssumptionsPlace& place);

/// Keeps choices; an empty set removes the file. Returns the file's path. Throws Error when it can
/// be written to neither place.
std::filesystem::path write_assumptions(const AssumptionsPlace& place,
                                        const Assumptions& assumptions);

}  // namespace facemorph
