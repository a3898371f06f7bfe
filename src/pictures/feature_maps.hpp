#pragma once

#include <cstddef>
#include <vector>

namespace facemorph {

/// What a layer gives for some inputs: [count, channels, height, width].
struct FeatureMaps {
  std::size_t count = 0;
  int channels = 0;
  int height = 1;
  int width = 1;
  std::vector<float> values;
};

}  // namespace facemorph
