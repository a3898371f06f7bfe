#pragma once

#include "engine/engine.hpp"

#include <memory>

namespace facemorph {

/// The fast engine for DCGAN generators on the CPU, without LibTorch. Null when the model is
/// another network. Unless a format is asked for, it computes in bfloat16 where the processor does
/// that and the model's faces stay the same for the eye (see agrees()), else in float32.
std::unique_ptr<Engine> make_cpu_engine(const Model& model, const EngineOptions& options);

/// How far pictures are from others, over all bytes of colours.
struct PictureError {
  double mean = 0;
  int most = 0;     ///< 99.9 of 100 bytes differ by no more
  double psnr = 0;  ///< dB; infinite for equal pictures
};
PictureError picture_error(const std::vector<Image>& a, const std::vector<Image>& b);
/// Less than half a level on average, 3 levels, above 45 dB: nobody sees the difference.
bool agrees(const PictureError& error);

}  // namespace facemorph
