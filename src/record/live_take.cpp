#include "record/live_take.hpp"

#include "base/files.hpp"

#include <algorithm>
#include <chrono>
#include <exception>

namespace facemorph {
namespace {

constexpr auto kPause = std::chrono::milliseconds(100);
constexpr double kMargin = 0.2;          // seconds that a picture may take to get here
constexpr double kBetweenHurries = 1.0;  // seconds
constexpr std::size_t kTooFarBehind = LiveTake::kMostWaiting / 4;

}  // namespace

LiveTake::LiveTake(const std::filesystem::path& path, VideoSettings settings, Filter filter,
                   Seconds clock)
    : path_(path), settings_(std::move(settings)), filter_(filter), clock_(std::move(clock)) {
  settings_.live = true;
  thread_ = std::jthread([this] { loop(); });
}

LiveTake::~LiveTake() {
  stop();
}

void LiveTake::show(std::shared_ptr<const Image> picture) {
  const std::lock_guard lock(mutex_);
  if (end_) return;
  if (waiting_.size() >= kMostWaiting) {
    waiting_.pop_back();
    ++status_.repeated;
  }
  waiting_.push_back({std::move(picture), clock_()});
  changed_.notify_one();
}

void LiveTake::stop() {
  const std::lock_guard lock(mutex_);
  if (end_) return;
  end_ = clock_();
  status_.completing = true;
  changed_.notify_one();
}

TakeStatus LiveTake::status() const {
  const std::lock_guard lock(mutex_);
  TakeStatus status = status_;
  status.seconds = end_ ? *end_ : clock_();
  status.behind = static_cast<double>(waiting_.size()) / static_cast<double>(kMostWaiting);
  return status;
}

void LiveTake::loop() {
  std::string problem;
  std::filesystem::path path;
  try {
    writer_ = open_video(unused_path(path_), settings_);
    record();
  } catch (const std::exception& error) {
    problem = error.what();
  }
  if (writer_) try {
      path = writer_->finish({});
    } catch (const std::exception& error) {
      if (problem.empty()) problem = error.what();
    }
  const std::lock_guard lock(mutex_);
  if (!end_) end_ = clock_();
  waiting_.clear();
  status_.done = true;
  status_.problem = problem;
  status_.path = path;
}

void LiveTake::record() {
  for (;;) {
    std::optional<Shown> next;
    double until = 0;
    bool last = false;
    std::size_t waiting = 0;
    {
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, kPause, [this] { return end_ || !waiting_.empty(); });
      waiting = waiting_.size();
      if (!waiting_.empty()) {
        next = std::move(waiting_.front());
        waiting_.pop_front();
        until = next->since;
      } else {
        last = end_.has_value();
        until = last ? *end_ : clock_() - kMargin;  // nothing changes: the same picture goes on
      }
    }
    hurry_if_behind(waiting);
    write_until(until);
    if (last) return;
    if (next) {
      current_ = std::move(next->picture);
      frame_.rgba.clear();
    }
  }
}

/// Frames before the first picture show that one.
void LiveTake::write_until(double seconds) {
  if (!current_) return;
  while (static_cast<double>(next_) < seconds * settings_.fps.per_second()) {
    if (frame_.rgba.empty()) frame_ = enlarged(*current_);
    writer_->write(frame_);
    ++next_;
    const std::lock_guard lock(mutex_);
    status_.frames = next_;
  }
}

void LiveTake::hurry_if_behind(std::size_t waiting) {
  const double now = clock_();
  if (waiting < kTooFarBehind || now - last_hurry_ < kBetweenHurries) return;
  last_hurry_ = now;
  if (!writer_->hurry()) return;
  const std::lock_guard lock(mutex_);
  ++status_.hurried;
}

Image LiveTake::enlarged(const Image& picture) {
  if (!enlarge_ || !enlarge_->takes(picture))
    enlarge_.emplace(picture.width, picture.height, settings_.width, settings_.height, filter_);
  return (*enlarge_)(picture);
}

}  // namespace facemorph
