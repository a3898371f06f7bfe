#pragma once

#include "pictures/image.hpp"
#include "runs/data_set.hpp"
#include "runs/train_config.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace facemorph {

/// Pictures as the discriminator will see them: cropped, resized, mirrored and changed by the
/// augmentation as the settings say. `round` gives other pictures and other changes. Slow: pictures
/// may have to be decoded. Throws Error when they can no longer be read, UsageError for settings
/// that cannot be.
std::vector<Image> preview_pictures(const std::shared_ptr<const DataSet>& pictures,
                                    const TrainConfig& config, std::uint64_t round, int count);

}  // namespace facemorph
