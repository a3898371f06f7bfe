#include "app/viewer.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "train/drawn_set.hpp"

#include <algorithm>
#include <thread>

// A net in training: its newest generator is the open model.

namespace facemorph {
namespace {

namespace fs = std::filesystem;

constexpr double kPublishSeconds = 5;
constexpr std::uint64_t kDrawnFaces = 2000;

/// Drawn once, the first time that somebody asks for them.
fs::path drawn_faces(const fs::path& folder, int size, const std::stop_token& stop) {
  const fs::path set = folder / ("drawn-faces-" + std::to_string(size));
  if (!fs::exists(set / "labels.csv"))
    write_drawn_set(set, kDrawnFaces, 0, size, [&] { return stop.stop_requested(); });
  return set / "images";
}

/// As the plan says; a run that is there already goes on with its own settings.
RunRequest request_of(const TrainingPlan& plan, const fs::path& drawn, const Model* open,
                      const std::stop_token& stop) {
  RunRequest request;
  request.out = fs::absolute(plan.out).lexically_normal();
  request.minutes = plan.minutes;
  request.publish_seconds = kPublishSeconds;
  request.resume = RunFolder::holds_run(request.out);
  if (request.resume) {
    request.config = read_config(request.out);
    return request;
  }
  request.config = plan.config;
  if (plan.from_open_model && open != nullptr) {
    const GeneratorArch& arch = open->arch;
    request.config.init = fs::absolute(checkpoint_of(open->path)).string();
    request.config.nz = arch.nz;
    request.config.ngf = arch.ngf;
    request.config.channels = arch.nc;
    request.config.image_size = arch.image_size;
  }
  if (request.config.threads == 0) {
    // The window needs a core of its own where there is one.
    const int cores = static_cast<int>(std::thread::hardware_concurrency());
    request.config.threads = std::max(1, cores - 1);
  }
  request.config.data = plan.drawn ? drawn_faces(drawn, request.config.image_size, stop).string()
                                   : fs::absolute(plan.data).lexically_normal().string();
  return request;
}

}  // namespace

void Viewer::plan_training(const fs::path& pictures) {
  training_plan.drawn = false;
  training_plan.data = pictures.string();
  fs::path name = pictures.filename();
  if (name.empty()) name = pictures.parent_path().filename();
  training_plan.out = unused_path(home_folder() / "facemorph-runs" / name.stem()).string();
}

void Viewer::plan_training_on_drawn_faces() {
  training_plan.drawn = true;
  training_plan.out = unused_path(home_folder() / "facemorph-runs" / "drawn-faces").string();
}

void Viewer::start_training() {
  if (training_.active()) return;
  training_.start(
      training_plan.out,
      [plan = training_plan, open = model_, drawn = options_.settings_path.parent_path()](
          const std::stop_token& stop) { return request_of(plan, drawn, open.get(), stop); });
}

void Viewer::update_training() {
  for (Training::Message& message : training_.update()) {
    const bool failed = message.kind == Training::Message::Kind::Failed;
    const bool trouble = message.kind == Training::Message::Kind::Trouble;
    notify(failed    ? Notice::Kind::Error
           : trouble ? Notice::Kind::Warning
                     : Notice::Kind::Info,
           std::move(message.title), std::move(message.text));
  }
  const auto snapshot = training_.take_snapshot();
  if (!snapshot || !follow_training) return;
  loader_.run<std::shared_ptr<Opened>>(
      [snapshot, out = training_.run_folder(), engine_options = options_.engine] {
        auto opened = std::make_shared<Opened>();
        opened->model = unsaved_model(snapshot->generator, out);
        opened->engine = make_engine(opened->model, engine_options);
        opened->cuda = cuda_available();
        return opened;
      },
      [this](const std::shared_ptr<Opened>& opened) {
        if (!loading_) adopt_live(std::move(*opened));
      },
      [this](const std::string& reason) {
        notify(Notice::Kind::Error, "The newest faces cannot be shown", reason);
      });
}

/// The faces stay where they are: only the network behind them has learnt something.
void Viewer::adopt_live(Opened opened) {
  if (!model_ || model_->hash != opened.model->hash) {
    adopt(std::move(opened));
    return;
  }
  model_ = std::move(opened.model);
  engine_.set_engine(std::move(opened.engine));
  thumbnails_.outdate();
  requested_.reset();
}

}  // namespace facemorph
