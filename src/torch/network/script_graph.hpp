#pragma once

#include <torch/csrc/jit/api/module.h>

namespace facemorph {

/// Throws Error unless `forward`, with all that it calls, consists of operations that image
/// generators need. Others (files, loops, threads …) are refused by name. Requires eval mode.
void check_script_graph(const torch::jit::Module& module);

}  // namespace facemorph
