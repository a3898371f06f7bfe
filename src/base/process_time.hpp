#pragma once

namespace facemorph {

/// Seconds since the system started this process: dynamic linking counts, unlike with a clock that
/// main() starts. Exact to a hundredth.
double seconds_since_process_start();

}  // namespace facemorph
