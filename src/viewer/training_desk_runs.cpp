#include "viewer/training_desk.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "videos/video.hpp"

#include <algorithm>

// What training runs have left behind: their list, their history, and the ways back into them.

namespace facemorph {
namespace {

namespace fs = std::filesystem;

/// The first moving format that this FFmpeg can write.
std::string_view lapse_extension() {
  for (const VideoFormat format : {VideoFormat::Mp4, VideoFormat::WebM, VideoFormat::Gif})
    if (why_unavailable(format).empty()) return info_of(format).extension;
  throw Error("FFmpeg here can write neither MP4 nor WebM nor GIF.");
}

std::vector<RunSummary> find_runs(const fs::path& folder, const std::vector<std::string>& others) {
  std::vector<RunSummary> runs = list_runs(folder);
  for (const fs::path other : others)
    if (other.parent_path() != folder)
      if (auto summary = summary_of(other)) runs.push_back(std::move(*summary));
  std::ranges::sort(runs, std::greater{}, &RunSummary::changed);
  return runs;
}

}  // namespace

fs::path TrainingDesk::runs_folder() {
  return home_folder() / "facemorph-runs";
}

void TrainingDesk::list_runs() {
  lister_.run<std::vector<RunSummary>>(
      [others = settings_.runs] { return find_runs(runs_folder(), others); },
      [this](std::vector<RunSummary> runs) {
        runs_ = std::move(runs);
        // With nothing under way, the newest one is what there is to look at.
        if (past_.run().empty() && !runs_.empty()) look_at(runs_.front().path);
      },
      [](const std::string&) {});
}

void TrainingDesk::continue_run(const fs::path& run) {
  if (training_.active()) return;
  plan.out = run.string();
  start();
}

void TrainingDesk::go_back_to(std::uint64_t step) {
  going_back_ = {past_.run(), step};
  if (past_.run() == training_.run_folder()) training_.keep(step);
  training_.stop();  // update() goes on when it has ended
}

void TrainingDesk::name_branch() {
  naming_ = true;
  const fs::path like =
      going_back_->first.string() + "-from-" + std::to_string(going_back_->second);
  namer_.run<fs::path>([like] { return unused_path(like); },
                       [this](const fs::path& out) {
                         naming_ = false;
                         if (training_.active()) return;  // update() asks again when it has ended
                         const auto [run, step] = *std::exchange(going_back_, std::nullopt);
                         start_branch(run, step, out);
                       },
                       [this](const std::string&) { naming_ = false; });
}

/// Copying is the training thread's work.
void TrainingDesk::start_branch(const fs::path& run, std::uint64_t step, const fs::path& out) {
  preview_.clear();
  settings_.remember_run(out);
  look_at(out);
  training_.start(out, [run, step, out, minutes = plan.minutes](const std::stop_token&) {
    branch_run(run, step, out);
    RunRequest request;
    request.out = out;
    request.resume = true;
    request.config = read_config(out);
    request.minutes = minutes;
    request.publish_seconds = kPublishSeconds;
    return request;
  });
}

void TrainingDesk::let_go() {
  if (training_.active()) follow = false;
}

void TrainingDesk::open_moment(const RunMoment& moment) {
  let_go();
  model_.open({moment.weights, std::nullopt, {}, false});
}

void TrainingDesk::save_strip() {
  picture_saver_.save(
      past_.run().filename().string() + "-strip",
      [moments = past_.moments(), run = past_.run()] {
        constexpr std::size_t kRows = 8;
        return PictureSaver::Picture{strip_of(moments, read_config(run).image_size, kRows), {}};
      },
      "strip");
}

void TrainingDesk::save_time_lapse() {
  if (lapsing_) return;
  lapsing_ = true;
  lapser_.run<fs::path>(
      [moments = past_.moments(), run = past_.run(), stop = stop_lapsing_.get_token()] {
        std::string name = run.filename().string() + "-time-lapse";
        name += lapse_extension();
        return write_time_lapse(moments, folder_at_home("Videos") / name, stop);
      },
      [this](const fs::path& path) {
        lapsing_ = false;
        notices_.info("Time-lapse saved", path.string());
      },
      [this](const std::string& reason) {
        lapsing_ = false;
        notices_.error("The time-lapse could not be saved", reason);
      });
}

void TrainingDesk::continue_next_time() {
  if (training_.progress().step == 0) return;
  settings_.unfinished = {training_.run_folder().string(), training_.progress().seconds_left / 60};
}

bool TrainingDesk::continue_unfinished() {
  const Settings::Unfinished unfinished = std::exchange(settings_.unfinished, {});  // only once
  if (unfinished.run.empty()) return false;
  constexpr double kLeastMinutes = 1;
  plan.minutes = std::max(kLeastMinutes, unfinished.minutes);
  continue_run(unfinished.run);
  notices_.info("Training goes on", "As you asked when the window was closed: " + unfinished.run);
  return true;
}

}  // namespace facemorph
