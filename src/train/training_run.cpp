#include "train/training_run.hpp"

#include "base/error.hpp"
#include "checkpoint/checkpoint.hpp"
#include "train/background_score.hpp"
#include "train/sample_sheet.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <utility>

namespace facemorph {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

void check_request(const RunRequest& request) {
  if (!request.steps && !request.epochs && !request.minutes)
    throw UsageError("Say how long to train: --steps, --epochs or --minutes.");
  if (request.minutes && !(*request.minutes > 0 && *request.minutes < 1e7))
    throw UsageError("The minutes must be a positive number.");
  if (request.epochs && !(*request.epochs > 0 && *request.epochs < 1e7))
    throw UsageError("The epochs must be a positive number.");
  if (request.log_every < 1 || request.samples_every < 1 || request.keep_every < 1)
    throw UsageError("Intervals are at least 1.");
  if (request.out.empty()) throw UsageError("Say where the run is to be kept: --out FOLDER.");
}

RunFolder open_folder(const RunRequest& request) {
  if (request.resume) {
    RunFolder folder = RunFolder::open(request.out);
    if (request.config != folder.config()) folder.change(request.config);
    return folder;
  }
  check_config(request.config);
  return RunFolder::create(request.out, request.config);
}

class Run {
 public:
  Run(const RunRequest& request, RunControl& control,
      const std::function<void(const TrainEvent&)>& tell)
      : request_(request),
        control_(control),
        tell_(tell),
        pictures_(read_pictures()),
        folder_(open_folder(request)),
        trainer_(folder_.config(), pictures_),
        score_(pictures_, request.score_pictures, folder_.config().seed) {}

  void run() {
    begin();
    const std::uint64_t last = last_step();
    started_ = saved_at_ = Clock::now();
    first_step_ = trainer_.steps();
    if (first_step_ == 0) sample();
    while (trainer_.steps() < last && !time_is_up() && !control_.stop_requested()) {
      advance(last);
      if (control_.pause_requested()) hold();
    }
    if (trainer_.steps() != saved_step_) save();
    const bool stopped = control_.stop_requested();
    if (!stopped) take_score(/*wait=*/true);  // so that the last faces get theirs
    if (trainer_.steps() != sampled_step_) sample();
    if (!stopped) take_score(/*wait=*/true);
    if (unlogged_) attempt([&] { folder_.log(report_, unlogged_); });
    std::filesystem::path strip;
    attempt([&] { strip = folder_.write_strip().value_or(""); });
    tell_(Finished{trainer_.steps(), stopped, saved_path_, strip});
    if (trainer_.steps() != saved_step_)
      throw Error("The last steps could not be saved; " + folder_.path().string() +
                  " keeps what was saved before. Make room and go on with --resume.");
  }

 private:
  std::shared_ptr<const DataSet> read_pictures();
  void begin();
  std::uint64_t last_step() const;
  bool time_is_up() const {
    return request_.minutes && seconds_since(started_) >= *request_.minutes * 60;
  }
  void advance(std::uint64_t last);
  /// Saves and waits; the clock stands still meanwhile.
  void hold();
  Progress progress(std::uint64_t last) const;
  void save();
  void sample();
  /// Takes a score when one is ready, waiting for it if asked to.
  void take_score(bool wait);
  /// Files can fail while training goes on.
  template <typename Work>
  void attempt(Work work) {
    try {
      work();
    } catch (const Error& error) {
      tell_(Trouble{error.what()});
    }
  }

  const RunRequest& request_;
  RunControl& control_;
  const std::function<void(const TrainEvent&)>& tell_;
  std::shared_ptr<const DataSet> pictures_;
  RunFolder folder_;
  Trainer trainer_;
  BackgroundScore score_;
  std::optional<StepScores> unlogged_;
  TrainReport report_;
  Clock::time_point started_;
  Clock::time_point saved_at_;
  std::uint64_t first_step_ = 0;
  std::uint64_t saved_step_ = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t sampled_step_ = std::numeric_limits<std::uint64_t>::max();
  std::filesystem::path saved_path_;
};

std::shared_ptr<const DataSet> Run::read_pictures() {
  const TrainConfig& config = request_.config;
  check_config(config);
  DataSetOptions options;
  options.image_size = config.image_size;
  options.channels = config.channels;
  options.crop = config.crop;
  options.memory = request_.memory;
  options.stop = control_.token();
  auto pictures = std::make_shared<DataSet>(config.data, options);
  tell_(PicturesRead{pictures->size(), pictures->kept(), pictures->bytes(), pictures->other_files(),
                     pictures->skipped()});
  return pictures;
}

void Run::begin() {
  auto saved = request_.resume ? folder_.newest() : std::nullopt;
  if (!saved && !folder_.config().init.empty())
    trainer_.start_from(open_generator(read_checkpoint(folder_.config().init)));
  if (!request_.resume) return;
  Resumed resumed;
  if (saved) {
    try {
      trainer_.restore(saved->tensors);
    } catch (const Error& error) {
      throw Error(saved->path.string() + " cannot be continued: " + error.what());
    }
    resumed = {saved->path, saved->step, std::move(saved->torn)};
    saved_step_ = sampled_step_ = saved->step;
    saved_path_ = saved->path;
  }
  folder_.rewind_log(resumed.step);
  tell_(resumed);
}

std::uint64_t Run::last_step() const {
  std::uint64_t last = request_.steps.value_or(std::numeric_limits<std::uint64_t>::max());
  if (request_.epochs) {
    const double a_step =
        static_cast<double>(folder_.config().batch) / static_cast<double>(pictures_->size());
    last = std::min(last, static_cast<std::uint64_t>(std::ceil(*request_.epochs / a_step)));
  }
  return last;
}

void Run::advance(std::uint64_t last) {
  trainer_.step();
  const std::uint64_t step = trainer_.steps();
  const bool fresh = step % static_cast<std::uint64_t>(request_.log_every) == 0 || step == last;
  if (fresh) {
    report_ = trainer_.report();
    for (const SkippedPicture& lost : report_.lost)
      tell_(Trouble{lost.name +
                    " can no longer be read, another picture stands in for it: " + lost.reason});
    attempt([&] { folder_.log(report_, std::exchange(unlogged_, std::nullopt)); });
  }
  take_score(/*wait=*/false);
  Progress now = progress(last);
  now.fresh = fresh;
  tell_(now);
  if (step % static_cast<std::uint64_t>(request_.samples_every) == 0) sample();
  if (seconds_since(saved_at_) >= request_.save_minutes * 60) save();
}

void Run::hold() {
  const auto since = Clock::now();
  if (trainer_.steps() != saved_step_) save();
  tell_(Paused{trainer_.steps()});
  control_.wait_while_paused();
  tell_(Continued{trainer_.steps()});
  started_ += Clock::now() - since;
}

Progress Run::progress(std::uint64_t last) const {
  const double seconds = seconds_since(started_);
  const auto done = static_cast<double>(trainer_.steps() - first_step_);
  const auto all = static_cast<double>(last - first_step_);
  const double by_steps = done / all;
  const double by_time = request_.minutes ? seconds / (*request_.minutes * 60) : 0;
  Progress progress;
  progress.step = trainer_.steps();
  progress.fraction = std::min(1.0, std::max(by_steps, by_time));
  progress.seconds_left = seconds * (1 / std::max(progress.fraction, 1e-9) - 1);
  progress.report = report_;
  return progress;
}

void Run::save() {
  trainer_.check();
  attempt([&] {
    saved_path_ = folder_.save(trainer_.state(), trainer_.steps(), request_.keep_every);
    saved_step_ = trainer_.steps();
    tell_(Saved{saved_path_, saved_step_});
  });
  saved_at_ = Clock::now();
}

void Run::sample() {
  const auto snapshot = trainer_.snapshot();
  attempt([&] {
    const auto faces = sample_faces(*snapshot, folder_.config().seed);
    tell_(SamplesWritten{folder_.write_samples(snapshot->step, faces), snapshot->step});
  });
  sampled_step_ = snapshot->step;
  score_.start(snapshot);
}

void Run::take_score(bool wait) {
  constexpr std::uint64_t kFirstJudged = 1000;  // all generators begin with one picture
  std::optional<BackgroundScore::Result> result;
  attempt([&] { result = score_.take(wait); });
  if (!result) return;
  attempt([&] { folder_.write_nearest(result->nearest); });
  unlogged_ = result->scored.generator;
  tell_(result->scored);
  if (unlogged_->step >= kFirstJudged && has_collapsed(unlogged_->scores, result->scored.real))
    throw Error("The generator has collapsed: at step " + std::to_string(unlogged_->step) +
                " its faces are nearly all the same. " + folder_.path().string() +
                " keeps what was saved. Go on from there (--resume) with a smaller learning rate "
                "(--set discriminator_learning_rate=1e-4), or with more varied pictures.");
}

}  // namespace

void run_training(const RunRequest& request, RunControl& control,
                  const std::function<void(const TrainEvent&)>& on_event) {
  check_request(request);
  Run(request, control, on_event).run();
}

}  // namespace facemorph
