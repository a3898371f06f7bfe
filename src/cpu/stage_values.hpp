#pragma once

#include "cpu/cpu_network.hpp"
#include "pictures/feature_maps.hpp"

#include <span>
#include <vector>

// What goes on inside a DCGAN generator. In float32.

namespace facemorph {

/// Pictures in train mode: every batch norm uses the statistics of these latents. Requires two
/// latents, and a last stage without a norm.
std::vector<Image> pictures_with_batch_statistics(const DcganStages& stages,
                                                  std::span<const std::vector<float>> latents,
                                                  WorkerPool& pool);

/// What a stage, which is not the last, gives. `network` is of these stages and has float kernels.
FeatureMaps maps_behind(CpuNetwork& network, const DcganStages& stages, std::size_t stage,
                        std::span<const std::vector<float>> latents, WorkerPool& pool);

}  // namespace facemorph
