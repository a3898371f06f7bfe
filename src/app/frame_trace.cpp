#include "app/frame_trace.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdio>

namespace facemorph {

void FrameTrace::add(const Frame& frame) {
  if (frames_.size() < kCapacity)
    frames_.push_back(frame);
  else
    frames_[added_ % kCapacity] = frame;
  ++added_;
}

const FrameTrace::Frame& FrameTrace::operator[](std::size_t index) const {
  assert(index < size());
  return frames_[(added_ - size() + index) % kCapacity];
}

double FrameTrace::percentile(double share, std::size_t last) const {
  const std::size_t count = std::min(last, size());
  if (count == 0) return 0;
  std::vector<float> works(count);
  for (std::size_t i = 0; i < count; ++i)
    works[i] = (*this)[size() - count + i].work;
  const auto place =
      works.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(count - 1));
  std::ranges::nth_element(works, place);
  return static_cast<double>(*place);
}

std::string FrameTrace::to_csv() const {
  std::string text = "time_s,work_ms,since_last_ms,network_ms,training,dragging\n";
  text.reserve(text.size() + size() * 40);
  std::array<char, 128> line{};
  for (std::size_t i = 0; i < size(); ++i) {
    const Frame& frame = (*this)[i];
    const int length = std::snprintf(
        line.data(), line.size(), "%.4f,%.3f,%.3f,%.3f,%d,%d\n", frame.at,
        static_cast<double>(frame.work), static_cast<double>(frame.since_last),
        static_cast<double>(frame.network), frame.training ? 1 : 0, frame.dragging ? 1 : 0);
    text.append(line.data(), static_cast<std::size_t>(length));
  }
  return text;
}

}  // namespace facemorph
