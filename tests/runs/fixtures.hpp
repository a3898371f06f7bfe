#pragma once

#include "runs/data_set.hpp"
#include "runs/train_config.hpp"

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>

namespace facemorph::testing {

/// What tests/python/make_training.py wrote; ctest makes it and sets the variable.
inline std::filesystem::path training_folder() {
  const char* folder = std::getenv("FACEMORPH_FIXTURES");
  if (folder == nullptr)
    throw std::runtime_error(
        "Set FACEMORPH_FIXTURES to a folder filled by tests/python/make_training.py.");
  return std::filesystem::path(folder) / "training";
}

/// Networks small enough to train twenty steps in a second.
inline TrainConfig small_config(const std::string& preset) {
  TrainConfig config = preset_config(preset);
  config.data = (training_folder() / "pictures").string();
  config.image_size = 32;
  config.nz = 20;
  config.ngf = config.ndf = 8;
  config.batch = 8;
  config.seed = 7;
  config.threads = 1;  // many tests run at a time
  config.ema_batches = 2;
  return config;
}

inline std::shared_ptr<const DataSet> read_pictures(const TrainConfig& config) {
  DataSetOptions options;
  options.image_size = config.image_size;
  options.channels = config.channels;
  options.crop = config.crop;
  return std::make_shared<DataSet>(config.data, options);
}

}  // namespace facemorph::testing
