#pragma once

#include "base/lanes.hpp"
#include "engine/model.hpp"
#include "record/export.hpp"
#include "record/live_take.hpp"
#include "viewer/notices.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace facemorph {

/// Writes videos beside the window: one export and one live take at a time. Belongs to the UI
/// thread; nothing here waits.
class Recorder {
 public:
  Recorder(Backstage& backstage, Notices& notices);
  ~Recorder();  ///< stops the export, completes the take

  /// Every frame: tells what came of a take.
  void update();
  bool busy() const { return exporting() || recording(); }

  // --- formats
  // ------------------------------------------------------------------------------------
  /// Finds out in the background what this FFmpeg can write.
  void probe();
  /// Why a format cannot be written; empty if it can, or while that is not known.
  std::string why_unavailable(VideoFormat format) const;

  // --- exports
  // ------------------------------------------------------------------------------------
  void start_export(std::shared_ptr<const Model> model, Device device, MorphState state,
                    ExportSettings settings, std::filesystem::path path);
  bool exporting() const { return export_ != nullptr; }
  ExportProgress progress() const;
  const std::filesystem::path& target() const { return target_; }
  void cancel_export();

  // --- live
  // ---------------------------------------------------------------------------------------
  void start_take(const std::filesystem::path& path, const VideoSettings& settings, Filter filter);
  bool recording() const { return take_ != nullptr; }
  TakeStatus take() const { return take_ ? take_->status() : TakeStatus(); }
  void show(const std::shared_ptr<const Image>& picture);
  void stop_take();

 private:
  struct Export {
    mutable std::mutex mutex;
    ExportProgress progress;
    std::stop_source stop;
  };
  void finish_export(const ExportResult& result);

  Notices& notices_;
  bool probed_ = false;
  std::vector<std::pair<VideoFormat, std::string>> unavailable_;
  std::shared_ptr<Export> export_;
  std::filesystem::path target_;
  std::unique_ptr<LiveTake> take_;
  Lane prober_;
  Lane exporter_;
};

}  // namespace facemorph
