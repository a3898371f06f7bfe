#include "videos/frame_rate.hpp"

#include <charconv>
#include <cmath>
#include <numeric>

namespace facemorph {
namespace {

template <typename Number>
std::optional<Number> number_in(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool is_possible(double per_second) {
  return per_second >= 1 && per_second <= kMostFramesPerSecond;  // no NaN
}

}  // namespace

FrameRate::FrameRate(int frames, int seconds)
    : frames_(frames / std::gcd(frames, seconds)), seconds_(seconds / std::gcd(frames, seconds)) {}

std::string FrameRate::text() const {
  return std::to_string(frames_) + (seconds_ == 1 ? "" : "/" + std::to_string(seconds_));
}

std::optional<FrameRate> frame_rate_of(double per_second) {
  constexpr int kThousand = 1000;
  constexpr double kRounded = 0.006;  // 29.97 is said of 29.97003, 23.98 of 23.976
  if (!is_possible(per_second)) return std::nullopt;
  for (const int frames : {24, 30, 60, 120}) {
    const FrameRate television(frames * kThousand, kThousand + 1);
    if (std::abs(per_second - television.per_second()) < kRounded) return television;
  }
  return FrameRate(static_cast<int>(std::lround(per_second * kThousand)), kThousand);
}

std::optional<FrameRate> parse_frame_rate(std::string_view text) {
  const std::size_t stroke = text.find('/');
  if (stroke == std::string_view::npos) {
    const auto number = number_in<double>(text);
    return number ? frame_rate_of(*number) : std::nullopt;
  }
  const auto frames = number_in<int>(text.substr(0, stroke));
  const auto seconds = number_in<int>(text.substr(stroke + 1));
  if (!frames || !seconds || *frames < 1 || *seconds < 1) return std::nullopt;
  const FrameRate rate(*frames, *seconds);
  return is_possible(rate.per_second()) ? std::optional(rate) : std::nullopt;
}

}  // namespace facemorph
