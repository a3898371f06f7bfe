#include "torch/training/mixed_precision.hpp"

#include <ATen/autocast_mode.h>
#include <torch/version.h>

namespace facemorph {
namespace {

#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
void set_autocast(torch::Device device, bool enabled) {
  at::autocast::set_autocast_dtype(device.type(), at::kBFloat16);
  at::autocast::set_autocast_enabled(device.type(), enabled);
}
#else
void set_autocast(torch::Device device, bool enabled) {
  if (device.is_cpu()) {
    at::autocast::set_autocast_cpu_dtype(at::kBFloat16);
    at::autocast::set_cpu_enabled(enabled);
  } else {
    at::autocast::set_autocast_gpu_dtype(at::kBFloat16);
    at::autocast::set_enabled(enabled);
  }
}
#endif

}  // namespace

MixedPrecision::MixedPrecision(torch::Device device, bool wanted)
    : device_(device), wanted_(wanted) {
  if (wanted_) set_autocast(device_, true);
}

MixedPrecision::~MixedPrecision() {
  if (!wanted_) return;
  at::autocast::clear_cache();  // of weights in bfloat16, which the next step changes
  set_autocast(device_, false);
}

}  // namespace facemorph
