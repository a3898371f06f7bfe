#pragma once

#include "checkpoint/layer_stack.hpp"
#include "media/image.hpp"
#include "train/data_set.hpp"

#include <cstdint>
#include <optional>
#include <stop_token>
#include <vector>

namespace facemorph {

/// How good pictures are, without any network that would have to be downloaded.
struct Scores {
  std::size_t count = 0;    ///< pictures on each side
  std::vector<int> sizes;   ///< of the pyramid's levels: 64, 32, 16
  std::vector<double> swd;  ///< sliced Wasserstein distance at each, times 1000; less is better
  double swd_mean = 0;
  double ms_ssim = 0;  ///< likeness of random pairs: near that of the data is best
};

/// Compares `count` generated pictures with as many real ones (fewer when there are not so many).
/// Deterministic. Throws Error when the sizes or channels differ, there are fewer than two
/// pictures, or soon after a stop is asked for.
Scores score_generator(const LayerStack& stack, const DataSet& pictures, std::size_t count,
                       std::uint64_t seed, const std::stop_token& stop = {});

/// The floor: one half of the pictures against the other, as a generator cannot do better;
/// `count` in each half. Throws Error for fewer than four pictures, or when asked to stop.
Scores score_halves(const DataSet& pictures, std::size_t count, std::uint64_t seed,
                    const std::stop_token& stop = {});

/// Whether the generator makes one picture over and over: its faces are more than half way from
/// the likeness of real ones to being the same. Of a handful of pictures nobody can tell.
bool has_collapsed(const Scores& generator, const Scores& real);

/// Whether the generator remembers instead of inventing.
struct NearestPictures {
  Image sheet;          ///< 16 of its faces, and below each the training picture nearest to it
  double distance = 0;  ///< between them: root of the mean squared difference of bytes, on average
  double usual = 0;     ///< the same between training pictures and the nearest others
};
/// To be judged by eye, and by the distances: far below the usual one, faces are learnt by heart.
/// Pixel by pixel, and only pictures that are kept in memory are compared. `usual` is measured
/// unless it is given. Throws Error when asked to stop.
NearestPictures nearest_pictures(const LayerStack& stack, const DataSet& pictures,
                                 std::uint64_t seed, const std::stop_token& stop = {},
                                 std::optional<double> usual = std::nullopt);

}  // namespace facemorph
