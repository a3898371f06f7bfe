#include "videos/video.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "videos/encoders.hpp"
#include "videos/frame_writers.hpp"

namespace facemorph {
namespace {

void check_size(const VideoSettings& settings) {
  const VideoFormatInfo& info = info_of(settings.format);
  if (settings.width < 1 || settings.height < 1 || settings.width > 16384 ||
      settings.height > 16384)
    throw UsageError("A video of " + std::to_string(settings.width) + "x" +
                     std::to_string(settings.height) + " pixels cannot be made.");
  if (info.even_sides && (settings.width % 2 != 0 || settings.height % 2 != 0))
    throw UsageError(std::string(info.title) + " needs an even width and height.");
  if (settings.fps.per_second() < 1 || settings.fps.per_second() > info.most_fps)
    throw UsageError(std::string(info.title) + " takes 1 to " + std::to_string(info.most_fps) +
                     " frames a second, not " + settings.fps.text() + ".");
  if (settings.alpha && !info.alpha)
    throw UsageError(std::string(info.title) +
                     " cannot be transparent. Use WebM, WebP, ProRes or PNG files.");
}

}  // namespace

std::unique_ptr<FrameWriter> open_video(const std::filesystem::path& path,
                                        const VideoSettings& settings) {
  check_size(settings);
  if (settings.format == VideoFormat::PngFolder) return open_frame_folder(path, settings);
  std::error_code error;
  if (std::filesystem::is_directory(path, error))
    throw Error(path.string() + " is a folder; give the name of a file.");
  if (error == std::errc::filename_too_long)
    throw Error(path.string() + " could not be written: " + error.message() + ".");
  if (!settings.replace && is_there(path))
    throw Error(path.string() +
                " exists already. Choose another name, or add --force to replace it.");
  if (settings.format == VideoFormat::PngZip) return open_frame_archive(path, settings);
  if (needs_spool(settings.format)) return open_animation_file(path, settings);
  return open_video_file(path, settings);
}

}  // namespace facemorph
