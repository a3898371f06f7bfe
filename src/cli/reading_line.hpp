#pragma once

#include "runs/data_set.hpp"

#include <chrono>

namespace facemorph {

/// Tells on standard error how far reading pictures is: on a terminal in a line that is written
/// over, else in a line of its own every ten seconds, so that nobody wonders.
class ReadingLine {
 public:
  ReadingLine();
  ~ReadingLine() { clear(); }
  ReadingLine(const ReadingLine&) = delete;
  ReadingLine& operator=(const ReadingLine&) = delete;
  void show(const ReadingProgress& progress);
  /// Makes room for what else there is to say.
  void clear();

 private:
  using Clock = std::chrono::steady_clock;
  bool terminal_;
  bool open_ = false;
  Clock::time_point told_ = Clock::now();
};

}  // namespace facemorph
