#pragma once

#include "videos/video.hpp"

namespace facemorph {

/// The writers behind open_video(), each in a file of its own. They throw Error.
std::unique_ptr<FrameWriter> open_video_file(const std::filesystem::path& path,
                                             const VideoSettings& settings);
std::unique_ptr<FrameWriter> open_animation_file(const std::filesystem::path& path,
                                                 const VideoSettings& settings);
std::unique_ptr<FrameWriter> open_frame_folder(const std::filesystem::path& path,
                                               const VideoSettings& settings);
std::unique_ptr<FrameWriter> open_frame_archive(const std::filesystem::path& path,
                                                const VideoSettings& settings);

/// "face.mp4" -> "face.part.mp4", or "face.part-2.mp4" if that is there from another time.
std::filesystem::path part_path(const std::filesystem::path& path, const std::string& extension);

/// Where the finished video goes: into its folder, made again if it went away in the meantime, else
/// into the home folder.
std::filesystem::path landing_path(const std::filesystem::path& path);

/// Moves a finished file to `path`, or to an unused name beside it. Returns where it is.
std::filesystem::path land(const std::filesystem::path& finished, std::filesystem::path path,
                           bool replace);

}  // namespace facemorph
