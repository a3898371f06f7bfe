#pragma once

#include "torch/assumptions/reading.hpp"
#include "torch/network/device.hpp"
#include "torch/network/stack_script.hpp"
#include "torch/network/torch_network.hpp"
#include "torch/training/preview.hpp"
#include "torch/training/score.hpp"
#include "torch/training/training_run.hpp"
#include "torch/training/training_speed.hpp"

// LibTorch takes 0.35 s and 160 MB before main(), and most people who make faces never need
// it. So the rooms that use it are a module of their own, and the program calls their functions
// through a door that loads it at the first call.

/// The functions behind the door: the one list of them, to be gone through with a macro.
#define FACEMORPH_TORCH_SERVICES(service)                                                    \
  service(cuda_available) service(libtorch_version) service(open_stack) service(open_script) \
      service(script_facts) service(torch_batch_pictures) service(reestimated)               \
          service(to_torchscript) service(choose_reading) service(run_training)              \
              service(training_speed) service(preview_pictures) service(score_generator)     \
                  service(score_halves)

namespace facemorph {

/// What the module gives the program. Both sides are built from the same headers.
struct TorchServices {
  const char* build;  ///< kBuildId of the module: with another one nothing else can be believed
#define FACEMORPH_DECLARE(name) decltype(&facemorph::name) name;
  FACEMORPH_TORCH_SERVICES(FACEMORPH_DECLARE)
#undef FACEMORPH_DECLARE
};

/// What the module exports: a TorchServices of this name.
inline constexpr const char* kTorchServicesName = "facemorph_torch_services";
/// Its file, in the program's run path.
inline constexpr const char* kTorchModuleFile = "libfacemorph_torch.so";

}  // namespace facemorph
