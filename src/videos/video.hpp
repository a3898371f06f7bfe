#pragma once

#include "pictures/image.hpp"
#include "videos/frame_rate.hpp"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace facemorph {

/// What a morph can be written as.
enum class VideoFormat { Mp4, WebM, ProRes, Gif, WebP, Apng, PngFolder, PngZip };

struct VideoFormatInfo {
  VideoFormat format;
  std::string_view name;       ///< "mp4": as on the command line
  std::string_view title;      ///< "MP4 (H.264)"
  std::string_view extension;  ///< ".mp4"; empty for a folder
  std::string_view about;      ///< what it is good for, in a few words
  int most_fps;                ///< GIF counts in hundredths of a second, and players want two
  bool alpha;                  ///< can be transparent
  bool even_sides;             ///< its colours are stored at half the size
};
std::span<const VideoFormatInfo> video_formats();
const VideoFormatInfo& info_of(VideoFormat format);
std::optional<VideoFormat> video_format_named(std::string_view name);
/// By the path's extension; a path without any is a folder of PNG files. Nothing for others.
std::optional<VideoFormat> video_format_of(const std::filesystem::path& path);

/// Why this FFmpeg cannot write a format, for people; empty when it can. Tries the encoder, which
/// takes some milliseconds. PNG files can always be written.
std::string why_unavailable(VideoFormat format);

enum class VideoQuality { Small, Good, Best };
enum class Dither { None, Ordered, Diffusion };

struct VideoSettings {
  VideoFormat format = VideoFormat::Mp4;
  int width = 0;
  int height = 0;
  FrameRate fps;  ///< 1 … 240 a second, but see most_fps
  VideoQuality quality = VideoQuality::Good;
  Dither dither = Dither::Diffusion;  ///< of GIF
  bool alpha = false;                 ///< keep transparency, where the format can
  bool live = false;                  ///< in real time: no look-ahead, and can be made faster
  bool replace = false;               ///< an existing file
  bool resume = false;                ///< go on with PNG files that were cut short
  std::string title;
  std::string session;  ///< the session file's text, which the video carries
  std::string recipe;   ///< what else has to be the same for PNG files to be resumed
};

/// Writes frames into a video. What was written is safe at once: it is in a file beside the target
/// ("face.part.mp4") that plays up to the last second even after a crash or on a full disk, and
/// takes the target's name in finish(). Not thread-safe.
class FrameWriter {
 public:
  FrameWriter() = default;
  FrameWriter(const FrameWriter&) = delete;
  FrameWriter& operator=(const FrameWriter&) = delete;
  virtual ~FrameWriter() = default;  ///< unfinished: leaves what is there where it is

  /// The next frame, settings.width x settings.height. Throws Error when it cannot be written.
  virtual void write(const Image& frame) = 0;
  /// How many frames there are already from an export that was cut short; they need not come
  /// again, the first write() is the one behind them.
  virtual std::size_t resumed() const { return 0; }
  /// Trades size for speed from the next frame on. False when it is as fast as it gets.
  virtual bool hurry() { return false; }
  /// Completes the video and returns its path, which differs from the one asked for when that was
  /// taken in the meantime or its folder has gone. Also after write() failed: keeps what is there.
  /// `progress` gets 0 … 1 and may be empty.
  virtual std::filesystem::path finish(const std::function<void(double)>& progress) = 0;
  /// Removes what was written; frames in a folder stay, so that they can be resumed.
  virtual void discard() = 0;
};

/// "frame-000042.png": the files in a folder of frames.
std::string frame_name(std::size_t index);

/// Starts a video. Throws Error when the path is taken (unless replace), cannot be written, or the
/// format is not available.
std::unique_ptr<FrameWriter> open_video(const std::filesystem::path& path,
                                        const VideoSettings& settings);

/// The text of the session that a video, GIF, APNG, WebP, folder or archive of frames was made
/// from, if it carries one. Reads no more than a few megabytes. Throws Error for unreadable files.
std::optional<std::string> read_video_session(const std::filesystem::path& path);

/// Reads a video frame by frame.
class VideoReader {
 public:
  /// Throws Error for anything that FFmpeg cannot read as one of our formats.
  explicit VideoReader(const std::filesystem::path& path);
  ~VideoReader();

  int width() const;
  int height() const;
  double fps() const;
  double seconds() const;  ///< as the container says; 0 when it does not
  /// The next frame in display order as RGBA; nothing at the end.
  std::optional<Image> next();
  /// When the last frame is shown, in seconds.
  double time() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace facemorph
