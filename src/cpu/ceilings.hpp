#pragma once

#include "cpu/kernels.hpp"
#include "cpu/worker_pool.hpp"

namespace facemorph {

// What this machine can do at most, measured: the two sides of a roofline (Williams et al. 2009).

/// Multiplications and additions a second of all threads together, with everything in the nearest
/// cache.
double peak_operations(const Kernels& kernels, WorkerPool& pool);

/// Bytes a second that all threads together read from memory.
double read_bandwidth(WorkerPool& pool);

}  // namespace facemorph
