#pragma once

#include "pictures/image.hpp"
#include "runs/report.hpp"

#include <cstdint>
#include <vector>

namespace facemorph {

/// The 64 faces of a run's fixed latents, as this snapshot makes them.
std::vector<Image> sample_faces(const GeneratorSnapshot& snapshot, std::uint64_t seed);

/// The same as one picture, eight in a row with gaps around them.
Image sample_sheet(const GeneratorSnapshot& snapshot, std::uint64_t seed);

}  // namespace facemorph
