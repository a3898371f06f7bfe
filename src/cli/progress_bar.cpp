#include "cli/progress_bar.hpp"

#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <string>

namespace facemorph {
namespace {

constexpr int kWidth = 30;

std::string bar(double share) {
  const auto full = static_cast<std::size_t>(std::lround(share * kWidth));
  return std::string(full, '#') + std::string(kWidth - full, '.');
}

}  // namespace

void show_progress(const ExportProgress& progress) {
  if (isatty(STDERR_FILENO) == 0) return;
  const bool finishing = progress.finishing >= 0;
  const double share =
      finishing ? progress.finishing
                : static_cast<double>(progress.frames) / static_cast<double>(progress.of);
  std::fprintf(stderr, "\r%s ", bar(share).c_str());
  if (finishing)
    std::fprintf(stderr, "completing the file          ");
  else
    std::fprintf(stderr, "frame %zu of %zu", progress.frames, progress.of);
  if (!finishing && progress.seconds_left >= 0)
    std::fprintf(stderr, ", %.0f s left  ", std::ceil(progress.seconds_left));
  if (finishing && progress.finishing >= 1) std::fprintf(stderr, "\n");
  std::fflush(stderr);
}

}  // namespace facemorph
