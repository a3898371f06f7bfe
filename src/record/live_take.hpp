#pragma once

#include "videos/video.hpp"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace facemorph {

/// How a take stands.
struct TakeStatus {
  double seconds = 0;        ///< recorded so far
  std::size_t frames = 0;    ///< written
  std::size_t repeated = 0;  ///< pictures that came while the encoder was too far behind: the frame
                             ///< before each is repeated instead
  int hurried = 0;           ///< how often the encoder was made faster
  double behind = 0;         ///< 0 … 1: how full the queue is
  bool completing = false;   ///< stop() was called
  bool done = false;
  std::filesystem::path path;  ///< once it is done
  std::string problem;         ///< what went wrong, if something did; `path` is what was kept
};

/// Records what is shown as it happens, at a constant frame rate: frame k is the picture that was
/// on show at k / fps seconds. An encoder that cannot keep up is made faster first; then pictures
/// are left out. Encodes on a thread of its own; no call waits for it.
class LiveTake {
 public:
  using Seconds = std::function<double()>;

  /// Starts at clock() = 0. `settings` gives format, size and rate; pictures of any size are
  /// enlarged to it. Where something is at `path`, the take gets a free name like it. A file that
  /// cannot be started is a problem in the status.
  LiveTake(const std::filesystem::path& path, VideoSettings settings, Filter filter, Seconds clock);
  LiveTake(const LiveTake&) = delete;
  LiveTake& operator=(const LiveTake&) = delete;
  ~LiveTake();  ///< completes the file

  /// What is on show from now on.
  void show(std::shared_ptr<const Image> picture);
  /// The last frame is the one of now; the file is completed in the background.
  void stop();
  TakeStatus status() const;

  /// Pictures that wait at most.
  static constexpr std::size_t kMostWaiting = 240;

 private:
  struct Shown {
    std::shared_ptr<const Image> picture;
    double since = 0;
  };
  void loop();
  void record();
  void write_until(double seconds);
  void hurry_if_behind(std::size_t waiting);
  Image enlarged(const Image& picture);

  std::filesystem::path path_;
  VideoSettings settings_;
  Filter filter_;
  Seconds clock_;
  std::unique_ptr<FrameWriter> writer_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Shown> waiting_;
  std::optional<double> end_;
  TakeStatus status_;

  std::shared_ptr<const Image> current_;  ///< of the thread
  std::optional<Resizer> enlarge_;
  Image frame_;
  std::size_t next_ = 0;
  double last_hurry_ = 0;
  std::jthread thread_;
};

}  // namespace facemorph
