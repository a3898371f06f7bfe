#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace facemorph {

/// How long the last frames took, and what went on meanwhile: what the bar at the foot sums up.
/// Its memory is taken once.
class FrameTrace {
 public:
  struct Frame {
    double at = 0;         ///< seconds since the start
    float work = 0;        ///< ms that the UI thread worked on it
    float since_last = 0;  ///< ms since the frame before; 0 unless that was part of an animation
    float network = 0;     ///< ms that the network takes for the face on the stage
    bool training = false;
    bool dragging = false;
    bool operator==(const Frame&) const = default;
  };
  static constexpr std::size_t kCapacity = 36'000;  ///< ten minutes at 60 a second

  FrameTrace() { frames_.reserve(kCapacity); }
  void add(const Frame& frame);
  std::size_t size() const { return frames_.size(); }  ///< of those that are kept
  std::uint64_t added() const { return added_; }       ///< of those that ever were
  /// 0: the oldest that is kept.
  const Frame& operator[](std::size_t index) const;

  /// What this share of the last frames took less work than, in ms. 0 without frames.
  double percentile(double share, std::size_t last) const;
  /// The most work that one of the last frames took, in ms.
  double longest(std::size_t last) const { return percentile(1, last); }
  /// A line of names, and one for each frame, the oldest first.
  std::string to_csv() const;

 private:
  std::vector<Frame> frames_;  ///< a ring once it is full
  std::uint64_t added_ = 0;
};

}  // namespace facemorph
