#pragma once

#include "base/hardware.hpp"
#include "base/lanes.hpp"
#include "viewer/notices.hpp"
#include "viewer/open_model.hpp"
#include "viewer/picture_preview.hpp"
#include "viewer/picture_saver.hpp"
#include "viewer/run_past.hpp"
#include "viewer/settings.hpp"
#include "viewer/training.hpp"
#include "viewer/training_plan.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace facemorph {

/// Training beside the window: the plan, the run under way, and what runs have left behind.
class TrainingDesk {
 public:
  /// `drawn`: the folder for faces that Facemorph draws itself.
  TrainingDesk(Backstage& backstage, PictureSaver& saver, Notices& notices, Settings& settings,
               OpenModel& model, std::filesystem::path drawn);
  ~TrainingDesk();

  TrainingPlan plan;
  bool follow = true;  ///< the newest generator of a run becomes the open model

  /// Something else is opened: the newest faces of a run under way no longer take its place.
  void let_go();

  // --- every frame ------------------------------------------------------------------------------
  /// Takes what the run and the disk have brought.
  void update();
  /// What the person does decides how much of the machine a run may take.
  struct Attention {
    bool dragging = false;
    bool hidden = false;     ///< nobody sees the window
    bool animating = false;  ///< a walk plays, or something is recorded
  };
  void attend(const Attention& attention);

  // --- the plan ---------------------------------------------------------------------------------
  /// Fills the plan in for a folder or an archive of pictures.
  void plan_for(const std::filesystem::path& pictures);
  /// The same for faces that Facemorph draws itself.
  void plan_for_drawn_faces();
  /// Call it while the plan is on show: reads and shows its pictures.
  void preview_plan();
  PicturePreview& preview() { return preview_; }
  const PicturePreview& preview() const { return preview_; }

  // --- the run under way ------------------------------------------------------------------------
  Training& run() { return training_; }
  const Training& run() const { return training_; }
  /// Starts a run as planned, or goes on with the one that is in the folder.
  void start();
  /// Goes on with a run, for the plan's time.
  void continue_run(const std::filesystem::path& run);
  /// A new run that goes on from an earlier checkpoint of the one in past(); ends one under way.
  void go_back_to(std::uint64_t step);
  /// The run under way goes on when the window is opened the next time. Requires that it has begun:
  /// what is still being read has nothing to go on with.
  void continue_next_time();
  /// Goes on with the run that continue_next_time() has noted. Returns whether there is one.
  bool continue_unfinished();

  // --- what runs have left behind ---------------------------------------------------------------
  /// Of the run under way, the last one, or one that was chosen from the list.
  RunPast& past() { return past_; }
  const RunPast& past() const { return past_; }
  void look_at(const std::filesystem::path& run) { past_.look_at(run); }
  /// A moment of past() as the open model; the newest faces no longer take its place.
  void open_moment(const RunMoment& moment);
  /// Writes a strip of past()'s moments into the pictures, or a time-lapse into the videos.
  void save_strip();
  void save_time_lapse();
  bool saving_time_lapse() const { return lapsing_; }
  /// Runs in their usual folder and those that were started elsewhere, the newest first.
  const std::vector<RunSummary>& runs() const { return runs_; }
  void list_runs();

 private:
  void show_newest();
  void name_branch();
  void start_branch(const std::filesystem::path& run, std::uint64_t step,
                    const std::filesystem::path& out);
  static std::filesystem::path runs_folder();
  std::filesystem::path unused_run(const std::string& name) const;
  static constexpr double kPublishSeconds = 5;  ///< between two snapshots of a run, at least

  PictureSaver& picture_saver_;
  Notices& notices_;
  Settings& settings_;
  OpenModel& model_;
  const std::filesystem::path drawn_;
  const int cores_ = cores();
  Training training_;
  PicturePreview preview_;
  RunPast past_;
  std::vector<RunSummary> runs_;
  std::optional<std::pair<std::filesystem::path, std::uint64_t>> going_back_;
  bool naming_ = false;  ///< the run that goes on from there
  bool lapsing_ = false;
  std::stop_source stop_lapsing_;
  Lane lister_;
  Lane namer_;
  Lane lapser_;
};

}  // namespace facemorph
