#include "viewer/training_desk.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/hardware.hpp"
#include "runs/drawn_set.hpp"
#include "videos/video.hpp"

#include <algorithm>

// Plans and runs. See training_desk_runs.cpp for what runs have left behind.

namespace facemorph {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kDrawnFaces = 2000;

/// Drawn once, the first time that somebody asks for them.
fs::path drawn_faces(const fs::path& folder, int size, const std::stop_token& stop) {
  const fs::path set = folder / ("drawn-faces-" + std::to_string(size));
  if (!fs::exists(set / "labels.csv"))
    write_drawn_set(set, kDrawnFaces, 0, size, [&] { return stop.stop_requested(); });
  return set / "images";
}

std::string pictures_of(const TrainingPlan& plan, const fs::path& drawn, int size,
                        const std::stop_token& stop) {
  return plan.drawn ? drawn_faces(drawn, size, stop).string()
                    : fs::absolute(plan.data).lexically_normal().string();
}

/// The settings of a new run, but for where its pictures and its first weights are.
TrainConfig config_of(const TrainingPlan& plan, const Model* open) {
  TrainConfig config = plan.config;
  if (!plan.from_open_model || open == nullptr) return config;
  config.nz = open->arch.nz;
  config.ngf = open->arch.ngf;
  config.channels = open->arch.nc;
  config.image_size = open->arch.image_size;
  return config;
}

/// Tells sets of pictures apart.
std::string name_of_pictures(const TrainingPlan& plan) {
  return plan.drawn ? "drawn faces" : plan.data;
}

/// A name for a run on these pictures, by how they are called alone.
std::string run_name(const fs::path& pictures) {
  std::string name = pictures.has_filename() ? pictures.filename().string()
                                             : pictures.parent_path().filename().string();
  for (const char* ending : {".gz", ".xz", ".zst", ".bz2", ".tar", ".tgz", ".zip"})
    if (name.size() > std::string_view(ending).size() && name.ends_with(ending))
      name.resize(name.size() - std::string_view(ending).size());
  return name;
}

/// Sees to it that the window has a core of its own where there is one.
constexpr int kWindowCores = 1;

}  // namespace

TrainingDesk::TrainingDesk(Backstage& backstage, PictureSaver& saver, Notices& notices,
                           Settings& settings, OpenModel& model, fs::path drawn)
    : picture_saver_(saver),
      notices_(notices),
      settings_(settings),
      model_(model),
      drawn_(std::move(drawn)),
      training_(backstage.queue, notices),
      preview_(backstage),
      past_(backstage),
      lister_(backstage, Workers::Manner::Prompt),
      namer_(backstage, Workers::Manner::Prompt),
      lapser_(backstage, Workers::Manner::GivesWay) {}

TrainingDesk::~TrainingDesk() {
  stop_lapsing_.request_stop();
}

void TrainingDesk::plan_for(const fs::path& pictures) {
  plan.drawn = false;
  plan.data = pictures.string();
  plan.out = unused_run(run_name(pictures)).string();
}

/// Known runs are asked, not the disk: this is called while a path is typed.
fs::path TrainingDesk::unused_run(const std::string& name) const {
  const auto taken = [&](const fs::path& path) {
    return path == training_.run_folder() ||
           std::ranges::find(runs_, path, &RunSummary::path) != runs_.end();
  };
  fs::path free = runs_folder() / name;
  for (int n = 2; taken(free); ++n)
    free = runs_folder() / (name + "-" + std::to_string(n));
  return free;
}

void TrainingDesk::plan_for_drawn_faces() {
  plan.drawn = true;
  plan.out = unused_run("drawn-faces").string();
}

void TrainingDesk::preview_plan() {
  const bool something = plan.drawn || !plan.data.empty();
  const TrainConfig config = config_of(plan, model_.get().get());
  preview_.want({something ? name_of_pictures(plan) : std::string(),
                 [plan = plan, drawn = drawn_, size = config.image_size](
                     const std::stop_token& stop) { return pictures_of(plan, drawn, size, stop); },
                 config});
}

void TrainingDesk::start() {
  if (training_.active()) return;
  const TrainConfig config = config_of(plan, model_.get().get());
  std::shared_ptr<const DataSet> pictures;
  if (preview_.fits(name_of_pictures(plan), config)) pictures = preview_.pictures();
  preview_.clear();
  const fs::path out = fs::absolute(plan.out).lexically_normal();
  settings_.remember_run(out);
  look_at(out);
  const fs::path open = plan.from_open_model && model_.get() ? model_.get()->path : fs::path();
  training_.start(
      out, [plan = plan, out, config, pictures, open, drawn = drawn_](const std::stop_token& stop) {
        RunRequest request;
        request.out = out;
        request.minutes = plan.minutes;
        request.publish_seconds = kPublishSeconds;
        request.resume = RunFolder::holds_run(out);
        if (request.resume) {
          request.config = read_config(out);
          return request;
        }
        request.config = config;
        if (!open.empty()) request.config.init = fs::absolute(checkpoint_of(open)).string();
        request.config.data = pictures_of(plan, drawn, config.image_size, stop);
        request.pictures = pictures;
        return request;
      });
}

void TrainingDesk::attend(const Attention& attention) {
  Pace pace{std::max(1, cores_ - kWindowCores), 1};
  const bool alone = attention.hidden || settings_.priority == Priority::Training;
  if (alone)
    pace.threads = cores_;
  else if (attention.dragging)
    pace.share = settings_.priority == Priority::View ? 0.02 : 0.1;
  else if (settings_.priority == Priority::View && attention.animating)
    pace.share = 0.5;
  training_.set_pace(pace);
}

void TrainingDesk::update() {
  past_.update();
  if (training_.take_news_on_disk()) {
    if (past_.run() == training_.run_folder()) past_.look_at(past_.run());
    if (!training_.active()) list_runs();
  }
  if (going_back_ && !training_.active() && !naming_) name_branch();
  show_newest();
}

void TrainingDesk::show_newest() {
  const auto snapshot = training_.take_snapshot();
  if (snapshot && follow) model_.show_live(snapshot->generator, training_.run_folder());
}

}  // namespace facemorph
