#include "cpu/stage_values.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace facemorph {
namespace {

using StageValues = CpuNetwork::StageValues;

/// Calls visit(pixel) with channel 0 of every pixel of a picture.
template <typename Visit>
void for_pixels(const StageValues& values, std::size_t picture, const Visit& visit) {
  for (int y = 0; y < values.side; ++y)
    for (int x = 0; x < values.side; ++x)
      visit(values.first + picture * values.picture + static_cast<std::size_t>(y) * values.row +
            static_cast<std::size_t>(x) * values.pixel);
}

/// y = x * scale + shift for each channel.
struct Affine {
  std::vector<float> scale;
  std::vector<float> shift;
};

/// The norm by the statistics of these values (the biased variance, as in training). Sums are taken
/// of the distance from a first value, which is exact enough in float.
Affine own_norm(const StageValues& values, const BatchNormLayer& norm) {
  const std::size_t channels = norm.scale.size();
  const std::vector<float> origin(values.first, values.first + channels);
  std::vector<double> sums(channels);
  std::vector<double> squares(channels);
  std::vector<float> part_sums(channels);
  std::vector<float> part_squares(channels);
  for (std::size_t picture = 0; picture < values.pictures; ++picture) {
    part_sums.assign(channels, 0);
    part_squares.assign(channels, 0);
    for_pixels(values, picture, [&](const float* pixel) {
      for (std::size_t c = 0; c < channels; ++c) {
        const float distance = pixel[c] - origin[c];
        part_sums[c] += distance;
        part_squares[c] += distance * distance;
      }
    });
    for (std::size_t c = 0; c < channels; ++c) {
      sums[c] += static_cast<double>(part_sums[c]);
      squares[c] += static_cast<double>(part_squares[c]);
    }
  }
  const double count = static_cast<double>(values.pictures) * values.side * values.side;
  Affine affine{std::vector<float>(channels), std::vector<float>(channels)};
  for (std::size_t c = 0; c < channels; ++c) {
    const double mean = sums[c] / count;
    const double variance = squares[c] / count - mean * mean;
    const double scale = static_cast<double>(norm.scale[c]) /
                         std::sqrt(std::max(variance, 0.0) + static_cast<double>(norm.eps));
    affine.scale[c] = static_cast<float>(scale);
    affine.shift[c] = static_cast<float>(static_cast<double>(norm.shift[c]) -
                                         (mean + static_cast<double>(origin[c])) * scale);
  }
  return affine;
}

void apply(const StageValues& values, const Affine& affine, float slope, WorkerPool& pool) {
  const std::size_t channels = affine.scale.size();
  pool.run(static_cast<int>(values.pictures), [&](int picture) {
    for_pixels(values, static_cast<std::size_t>(picture), [&](float* pixel) {
      for (std::size_t c = 0; c < channels; ++c) {
        const float x = pixel[c] * affine.scale[c] + affine.shift[c];
        pixel[c] = x > 0 ? x : x * slope;
      }
    });
  });
}

/// The stages as convolutions only: what goes into their norms.
DcganStages bare(DcganStages stages) {
  for (DcganStage& stage : stages.stages) {
    if (!stage.norm) continue;
    stage.norm.reset();
    stage.slope = 1;
  }
  return stages;
}

}  // namespace

std::vector<Image> pictures_with_batch_statistics(const DcganStages& stages,
                                                  std::span<const std::vector<float>> latents,
                                                  WorkerPool& pool) {
  assert(latents.size() > 1 && !stages.stages.back().norm);
  const auto normalise = [&](std::size_t index, const StageValues& values) {
    const DcganStage& stage = stages.stages[index];
    if (stage.norm) apply(values, own_norm(values, *stage.norm), stage.slope, pool);
    return true;
  };
  return CpuNetwork::generate_once(bare(stages), *best_kernels(NumberFormat::Float32), latents,
                                   pool, normalise);
}

FeatureMaps maps_behind(CpuNetwork& network, const DcganStages& stages, std::size_t stage,
                        std::span<const std::vector<float>> latents, WorkerPool& pool) {
  FeatureMaps maps;
  network.generate(latents, pool, [&](std::size_t index, const StageValues& values) {
    if (index < stage) return true;
    maps = {latents.size(), stages.stages[stage].out_channels, values.side, values.side, {}};
    const auto pixels = static_cast<std::size_t>(values.side * values.side);
    const auto channels = static_cast<std::size_t>(maps.channels);
    maps.values.resize(latents.size() * channels * pixels);
    for (std::size_t picture = 0; picture < values.pictures; ++picture) {
      float* out = maps.values.data() + picture * channels * pixels;
      for_pixels(values, picture, [&](const float* pixel) {
        for (std::size_t c = 0; c < channels; ++c)
          out[c * pixels] = pixel[c];
        ++out;
      });
    }
    return false;
  });
  return maps;
}

}  // namespace facemorph
