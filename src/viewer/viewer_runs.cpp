#include "viewer/viewer.hpp"

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

fs::path Viewer::runs_folder() {
  return home_folder() / "facemorph-runs";
}

void Viewer::list_runs_again() {
  disk_.run<std::vector<RunSummary>>(
      [others = settings.runs] { return find_runs(runs_folder(), others); },
      [this](std::vector<RunSummary> runs) {
        runs_ = std::move(runs);
        // With nothing under way, the newest one is what there is to look at.
        if (past_.run().empty() && !runs_.empty()) look_at_run(runs_.front().path);
      },
      [](const std::string&) {});
}

void Viewer::look_at_run(const fs::path& run) {
  past_.look_at(run);
}

void Viewer::continue_run(const fs::path& run) {
  if (training_.active()) return;
  training_plan.out = run.string();
  start_training();
}

void Viewer::go_back_to(std::uint64_t step) {
  going_back_ = {past_.run(), step};
  if (past_.run() == training_.run_folder()) training_.keep(step);
  training_.stop();  // update_training() goes on when it has ended
}

/// Copying is the training thread's work.
void Viewer::start_branch(const fs::path& run, std::uint64_t step) {
  const fs::path out = unused_path(run.string() + "-from-" + std::to_string(step));
  preview_.clear();
  settings.remember_run(out);
  look_at_run(out);
  training_.start(out, [run, step, out, minutes = training_plan.minutes](const std::stop_token&) {
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

void Viewer::open_moment(const RunMoment& moment) {
  if (training_.active()) follow_training = false;
  open_model(moment.weights);
}

void Viewer::save_strip() {
  disk_.run<fs::path>(
      [moments = past_.moments(), run = past_.run()] {
        constexpr std::size_t kRows = 8;
        const fs::path path =
            unused_path(folder_at_home("Pictures") / (run.filename().string() + "-strip.png"));
        write_png(path, strip_of(moments, read_config(run).image_size, kRows));
        return path;
      },
      [this](const fs::path& path) { notify(Notice::Kind::Info, "Strip saved", path.string()); },
      [this](const std::string& reason) {
        notify(Notice::Kind::Error, "The strip could not be saved", reason);
      });
}

void Viewer::save_time_lapse() {
  if (lapsing_) return;
  lapsing_ = true;
  lapser_.run<fs::path>(
      [moments = past_.moments(), run = past_.run(), stop = stop_lapsing_.get_token()] {
        give_way();
        std::string name = run.filename().string() + "-time-lapse";
        name += lapse_extension();
        return write_time_lapse(moments, folder_at_home("Videos") / name, stop);
      },
      [this](const fs::path& path) {
        lapsing_ = false;
        notify(Notice::Kind::Info, "Time-lapse saved", path.string());
      },
      [this](const std::string& reason) {
        lapsing_ = false;
        notify(Notice::Kind::Error, "The time-lapse could not be saved", reason);
      });
}

void Viewer::continue_next_time() {
  if (training_.progress().step == 0) return;
  settings.unfinished = {training_.run_folder().string(), training_.progress().seconds_left / 60};
}

void Viewer::continue_unfinished() {
  const Settings::Unfinished unfinished = std::exchange(settings.unfinished, {});
  if (unfinished.run.empty()) return;
  disk_.run<bool>(  // once, whatever happens to this window
      [path = options_.settings_path, kept = settings] {
        save_settings(path, kept);
        return true;
      },
      [](bool) {}, [](const std::string&) {});
  constexpr double kLeastMinutes = 1;
  training_plan.minutes = std::max(kLeastMinutes, unfinished.minutes);
  wants_training_shown = true;
  continue_run(unfinished.run);
  notify(Notice::Kind::Info, "Training goes on",
         "As you asked when the window was closed: " + unfinished.run);
}

}  // namespace facemorph
