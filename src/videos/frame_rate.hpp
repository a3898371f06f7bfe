#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace facemorph {

/// So many frames in so many seconds: 60 in 1, or 30000 in 1001, which television calls 29.97.
/// Both are above 0 and have no common factor.
class FrameRate {
 public:
  FrameRate(int frames = 60, int seconds = 1);  // NOLINT(google-explicit-constructor): 25 is a rate

  int frames() const { return frames_; }
  int seconds() const { return seconds_; }
  double per_second() const { return static_cast<double>(frames_) / seconds_; }
  /// "60", "30000/1001": parse_frame_rate() gives the same back.
  std::string text() const;

  bool operator==(const FrameRate&) const = default;

 private:
  int frames_;
  int seconds_;
};

inline constexpr double kMostFramesPerSecond = 240;

/// The rate that a number means: one of television's where it is nearest (23.976, 29.97, 59.94,
/// 119.88), else that number to the thousandth. Nothing beyond 1 … 240.
std::optional<FrameRate> frame_rate_of(double per_second);

/// "60", "29.97", "12.5" or "30000/1001". Nothing for other texts, and beyond 1 … 240.
std::optional<FrameRate> parse_frame_rate(std::string_view text);

}  // namespace facemorph
