#include "cli/reading_line.hpp"

#include <unistd.h>

#include <cmath>
#include <iostream>

namespace facemorph {

ReadingLine::ReadingLine() : terminal_(isatty(STDERR_FILENO) != 0) {}

void ReadingLine::show(const ReadingProgress& progress) {
  constexpr auto kRest = std::chrono::seconds(10);
  if (!terminal_ && Clock::now() - told_ < kRest) return;
  told_ = Clock::now();
  const std::string text = "reading the pictures: " + std::to_string(progress.pictures) + ", " +
                           std::to_string(std::lround(100 * progress.fraction)) + " %";
  std::cerr << (terminal_ ? "\r\033[K" + text : text + "\n") << std::flush;
  open_ = terminal_;
}

void ReadingLine::clear() {
  if (open_) std::cerr << "\r\033[K" << std::flush;
  open_ = false;
}

}  // namespace facemorph
