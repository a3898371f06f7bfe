#include "viewer/viewer.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "runs/drawn_set.hpp"
#include "videos/video.hpp"

#include <algorithm>
#include <thread>

// A net in training: its newest generator is the open model. See viewer_runs.cpp for what runs have
// left behind.

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

int cores() {
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

}  // namespace

void Viewer::plan_training(const fs::path& pictures) {
  training_plan.drawn = false;
  training_plan.data = pictures.string();
  training_plan.out = unused_run(run_name(pictures)).string();
}

/// Known runs are asked, not the disk: this is called while a path is typed.
fs::path Viewer::unused_run(const std::string& name) const {
  const auto taken = [&](const fs::path& path) {
    return path == training_.run_folder() ||
           std::ranges::find(runs_, path, &RunSummary::path) != runs_.end();
  };
  fs::path free = runs_folder() / name;
  for (int n = 2; taken(free); ++n)
    free = runs_folder() / (name + "-" + std::to_string(n));
  return free;
}

void Viewer::plan_training_on_drawn_faces() {
  training_plan.drawn = true;
  training_plan.out = unused_run("drawn-faces").string();
}

void Viewer::preview_training() {
  const TrainingPlan& plan = training_plan;
  const bool something = plan.drawn || !plan.data.empty();
  const TrainConfig config = config_of(plan, model_.get());
  preview_.want({something ? name_of_pictures(plan) : std::string(),
                 [plan, drawn = options_.settings_path.parent_path(), size = config.image_size](
                     const std::stop_token& stop) { return pictures_of(plan, drawn, size, stop); },
                 config});
}

void Viewer::start_training() {
  if (training_.active()) return;
  const TrainConfig config = config_of(training_plan, model_.get());
  std::shared_ptr<const DataSet> pictures;
  if (preview_.fits(name_of_pictures(training_plan), config)) pictures = preview_.pictures();
  preview_.clear();
  const fs::path out = fs::absolute(training_plan.out).lexically_normal();
  settings.remember_run(out);
  look_at_run(out);
  const fs::path open = training_plan.from_open_model && model_ ? model_->path : fs::path();
  training_.start(out, [plan = training_plan, out, config, pictures, open,
                        drawn = options_.settings_path.parent_path()](const std::stop_token& stop) {
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

void Viewer::attend(const Attention& attention) {
  // The window needs a core of its own where there is one.
  Pace pace{std::max(1, cores() - 1), 1};
  const bool alone = attention.hidden || settings.priority == Priority::Training;
  if (alone)
    pace.threads = cores();
  else if (attention.dragging)
    pace.share = settings.priority == Priority::View ? 0.02 : 0.1;
  else if (settings.priority == Priority::View && (animating() || recorder_.busy()))
    pace.share = 0.5;
  training_.set_pace(pace);
}

void Viewer::update_training() {
  preview_.update();
  past_.update();
  lapser_.deliver();
  for (Training::Message& message : training_.update()) {
    const bool failed = message.kind == Training::Message::Kind::Failed;
    const bool trouble = message.kind == Training::Message::Kind::Trouble;
    notify(failed    ? Notice::Kind::Error
           : trouble ? Notice::Kind::Warning
                     : Notice::Kind::Info,
           std::move(message.title), std::move(message.text));
  }
  if (training_.take_news_on_disk()) {
    if (past_.run() == training_.run_folder()) past_.look_at(past_.run());
    if (!training_.active()) list_runs_again();
  }
  if (going_back_ && !training_.active()) {
    const auto [run, step] = *std::exchange(going_back_, std::nullopt);
    start_branch(run, step);
  }
  show_newest();
}

void Viewer::show_newest() {
  const auto snapshot = training_.take_snapshot();
  if (!snapshot || !follow_training) return;
  loader_.run<std::shared_ptr<OpenedModel>>(
      [snapshot, out = training_.run_folder(), engine_options = options_.engine] {
        auto opened = std::make_shared<OpenedModel>();
        opened->model = unsaved_model(snapshot->generator, out);
        opened->engine = make_engine(*opened->model, engine_options);
        return opened;
      },
      [this](const std::shared_ptr<OpenedModel>& opened) {
        if (!loading_ && follow_training) adopt_live(std::move(*opened));
      },
      [this](const std::string& reason) {
        notify(Notice::Kind::Error, "The newest faces cannot be shown", reason);
      });
}

/// The faces stay where they are: only the network behind them has learnt something.
void Viewer::adopt_live(OpenedModel opened) {
  if (!model_ || model_->hash != opened.model->hash) {
    adopt(std::move(opened));
    return;
  }
  model_ = std::move(opened.model);
  forget_examination();
  engine_.set_engine(std::move(opened.engine));
  thumbnails_.outdate();
  requested_.reset();
}

}  // namespace facemorph
