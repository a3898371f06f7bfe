#pragma once

#include "engine/engine.hpp"
#include "record/export_settings.hpp"

#include <filesystem>
#include <functional>
#include <stop_token>

namespace facemorph {

struct ExportProgress {
  std::size_t frames = 0;
  std::size_t of = 0;
  double seconds_left = 0;  ///< by the pace so far; < 0 while that is not known
  double finishing = -1;    ///< 0 … 1 while the file is being completed
};

/// Milliseconds a frame that each step took by itself; they run side by side.
struct ExportTimings {
  double generate = 0;
  double scale = 0;
  double encode = 0;
};

struct ExportResult {
  std::filesystem::path path;     ///< of the video
  std::filesystem::path session;  ///< the side file that reopens what made it; may be empty
  std::size_t frames = 0;
  std::size_t resumed = 0;  ///< of them were there from before
  double seconds = 0;       ///< of the video
  double took = 0;          ///< seconds
  int width = 0;
  int height = 0;
  ExportTimings timings;
  bool cancelled = false;
};

struct ExportWatch {
  std::function<void(const ExportProgress&)> progress;  ///< called on the exporting thread
  std::stop_token stop;                                 ///< cancels: what was written is removed
  bool keep = false;  ///< instead, what was written is kept, and an Error says where
};

/// An engine as exports use it, the same everywhere, so that two exports give the same pixels: on
/// one thread, if no other number is asked for, for the other steps want the rest.
std::unique_ptr<Engine> make_export_engine(std::shared_ptr<const Model> model,
                                           EngineOptions options);

/// Renders the session's walk into a file: generating, enlarging and encoding run side by side.
/// Throws UsageError for settings that cannot be met, Error for everything else; a video that could
/// not be written to its end is kept up to there, and the Error says where.
ExportResult export_morph(Engine& engine, const MorphState& state, const ExportSettings& settings,
                          const std::filesystem::path& path, const ExportWatch& watch = {});

/// The same into any writer; `settings.format` only says which sizes it takes.
ExportResult export_frames(
    Engine& engine, const MorphState& state, const ExportSettings& settings,
    const std::function<std::unique_ptr<FrameWriter>(const VideoSettings&)>& open,
    const ExportWatch& watch = {});

/// The keys of the walk as one picture, row by row. Throws UsageError when there are none.
Image key_sheet(Engine& engine, const MorphState& state, const ExportSettings& settings);

}  // namespace facemorph
