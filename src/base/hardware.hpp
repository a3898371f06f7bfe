#pragma once

#include <string>

namespace facemorph {

/// Cores that this process may use, at least one: those of the machine, less what taskset and
/// containers take away (the processor affinity, and the quota of its control groups, rounded up).
/// Read anew at every call.
int cores();

/// Threads for the network: `asked`, or when that is 0 as many as there are cores() but those that
/// are spared for something else; one to four.
int choose_threads(int asked, int spared = 0);

/// "NVIDIA H200", or "CUDA GPU" when the driver does not say.
std::string gpu_name();

/// One line that explains a slow set-up (LibTorch, once it is loaded, linked to the reference
/// BLAS), else empty.
std::string backend_warning();

}  // namespace facemorph
