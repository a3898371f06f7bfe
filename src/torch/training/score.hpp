#pragma once

#include "checkpoint/stack/layer_stack.hpp"
#include "runs/data_set.hpp"
#include "runs/scores.hpp"

#include <cstdint>
#include <optional>
#include <stop_token>

namespace facemorph {

/// Compares `count` generated pictures with as many real ones (fewer when there are not so many).
/// Deterministic. Throws Error when the sizes or channels differ, there are fewer than two
/// pictures, or soon after a stop is asked for.
Scores score_generator(const LayerStack& stack, const DataSet& pictures, std::size_t count,
                       std::uint64_t seed, const std::stop_token& stop = {});

/// The floor: one half of the pictures against the other, as a generator cannot do better;
/// `count` in each half. Throws Error for fewer than four pictures, or when asked to stop.
Scores score_halves(const DataSet& pictures, std::size_t count, std::uint64_t seed,
                    const std::stop_token& stop = {});

/// 16 of its faces beside the training pictures nearest to them: to be judged by eye, and by the
/// distances: far below the usual one, faces are learnt by heart. Pixel by pixel, and only pictures
/// that are kept in memory are compared. `usual` is measured unless it is given. Throws Error when
/// asked to stop.
NearestPictures nearest_pictures(const LayerStack& stack, const DataSet& pictures,
                                 std::uint64_t seed, const std::stop_token& stop = {},
                                 std::optional<double> usual = std::nullopt);

}  // namespace facemorph
