#pragma once

#include "torch/assumptions/reading.hpp"
#include "torch/network/device.hpp"
#include "torch/network/stack_script.hpp"
#include "torch/network/torch_network.hpp"
#include "torch/training/preview.hpp"
#include "torch/training/score.hpp"
#include "torch/training/training_run.hpp"
#include "torch/training/training_speed.hpp"

#include <cstddef>

// LibTorch takes 0.35 s and 160 MB before main(), and most people who make faces never need
// it. So the rooms that use it (model, reading, trainer) are a module of their own, and the program
// calls their functions through a door that loads it at the first call.

namespace facemorph {

/// The functions behind the door. Both sides are built from the same sources at the same time.
struct TorchServices {
  std::size_t size;     ///< of this table: another one is of another build
  const char* version;  ///< of Facemorph
  decltype(&facemorph::cuda_available) cuda_available;
  decltype(&facemorph::libtorch_version) libtorch_version;
  decltype(&facemorph::open_stack) open_stack;
  decltype(&facemorph::open_script) open_script;
  decltype(&facemorph::script_facts) script_facts;
  decltype(&facemorph::torch_batch_pictures) torch_batch_pictures;
  decltype(&facemorph::reestimated) reestimated;
  decltype(&facemorph::to_torchscript) to_torchscript;
  decltype(&facemorph::choose_reading) choose_reading;
  decltype(&facemorph::run_training) run_training;
  decltype(&facemorph::training_speed) training_speed;
  decltype(&facemorph::preview_pictures) preview_pictures;
  decltype(&facemorph::score_generator) score_generator;
  decltype(&facemorph::score_halves) score_halves;
};

/// What the module exports: a TorchServices of this name.
inline constexpr const char* kTorchServicesName = "facemorph_torch_services";
/// Its file, in the program's run path.
inline constexpr const char* kTorchModuleFile = "libfacemorph_torch.so";

}  // namespace facemorph
