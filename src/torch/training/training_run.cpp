#include "torch/training/training_run.hpp"

#include "base/error.hpp"
#include "base/hardware.hpp"
#include "checkpoint/formats/checkpoint.hpp"
#include "runs/run_history.hpp"
#include "torch/network/torch_errors.hpp"
#include "torch/training/background_score.hpp"
#include "torch/training/sample_sheet.hpp"
#include "torch/training/trainer.hpp"

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
  if (request.out.empty()) throw UsageError("Say where the run is to be kept: --out FOLDER.");
}

/// The run to go on with; none for a new one, which has no folder before all else is ready.
std::optional<RunFolder> resumed_folder(const RunRequest& request) {
  check_config(request.config);
  if (!request.resume) {
    RunFolder::check_free(request.out);
    return std::nullopt;
  }
  RunFolder folder = RunFolder::open(request.out);
  if (request.config != folder.config()) folder.change(request.config);
  return folder;
}

class Run {
 public:
  Run(const RunRequest& request, RunControl& control,
      const std::function<void(const TrainEvent&)>& tell)
      : request_(request),
        control_(control),
        tell_(tell),
        resumed_(resumed_folder(request)),
        pictures_(read_pictures()),
        trainer_(request.config, pictures_),
        folder_(begin()),
        score_(pictures_, config().score_pictures, config().seed) {}

  void run() {
    const std::uint64_t last = last_step();
    if (const std::string warning = backend_warning(); !warning.empty()) tell_(Trouble{warning});
    started_ = saved_at_ = Clock::now();
    first_step_ = trainer_.steps();
    if (first_step_ == 0 || lacks_sheet()) sample();
    if (request_.publish_seconds > 0) publish();
    while (!train(last))
      roll_back();
    if (request_.publish_seconds > 0) publish();
    const bool stopped = control_.stop_requested();
    take_last_score();  // that of an earlier step, so that the last faces get theirs
    if (trainer_.steps() != sampled_step_) sample(/*last=*/true);
    take_last_score();
    std::filesystem::path strip;
    attempt([&] { strip = folder_.write_strip().value_or(""); });
    tell_(Finished{trainer_.steps(), stopped, saved_path_, strip});
    if (trainer_.steps() != saved_step_)
      throw Error("The last steps could not be saved; " + folder_.path().string() +
                  " keeps what was saved before. Make room and continue the run.");
  }

 private:
  std::shared_ptr<const DataSet> read_pictures();
  void tell_about(const DataSet& pictures);
  RunFolder begin();
  const TrainConfig& config() const { return folder_.config(); }
  /// A kill between a checkpoint and its sheet leaves the one without the other.
  bool lacks_sheet() const;
  std::uint64_t last_step() const;
  bool time_is_up() const {
    return request_.minutes && seconds_since(started_) >= *request_.minutes * 60;
  }
  /// Until a limit is reached or a stop is asked for, and saves. False when it broke down.
  bool train(std::uint64_t last);
  void advance(std::uint64_t last, StepParts parts = StepParts::Both);
  /// Saves and waits, but for single steps; the clock stands still meanwhile.
  void hold(std::uint64_t last);
  /// To the last good checkpoint, with half the learning rates: the same steps at the same rates
  /// would end the same way. Throws when that is not possible, or has not helped before.
  void roll_back();
  void forget_after(std::uint64_t step);
  Progress progress(std::uint64_t last) const;
  void report();
  void save();
  void sample(bool last = false);
  bool score_is_due(std::uint64_t step) const;
  void publish();
  /// `started`: when its making began.
  void tell_published(std::shared_ptr<const GeneratorSnapshot> snapshot, Image sheet,
                      Clock::time_point started);
  void advise(const std::optional<Advice>& advice) {
    if (advice) tell_(*advice);
  }
  /// Takes a score when one is ready.
  void take_score();
  /// Waits for the score under way, unless a stop is asked for, and logs it beside the last report.
  void take_last_score();
  /// Files can fail while training goes on.
  template <typename Work>
  void attempt(Work work) {
    try {
      work();
    } catch (const std::exception& error) {
      tell_(Trouble{plain_text(error)});
    }
  }

  const RunRequest& request_;
  RunControl& control_;
  const std::function<void(const TrainEvent&)>& tell_;
  RunWatch watch_;
  std::optional<RunFolder> resumed_;  ///< until folder_ takes it over
  std::shared_ptr<const DataSet> pictures_;
  Trainer trainer_;
  int rollbacks_ = 0;
  std::optional<std::uint64_t> rolled_back_to_;
  std::optional<StepScores> unlogged_;
  TrainReport report_;
  Clock::time_point started_;
  Clock::time_point saved_at_;
  Clock::time_point published_at_;
  Clock::time_point scored_at_;
  double score_seconds_ = 0;     ///< that the last one took
  bool drop_score_ = false;      ///< the one under way is of steps that were given up
  std::string breakdown_;        ///< why train() returned false
  double until_publishing_ = 0;  ///< seconds
  std::optional<std::pair<std::uint64_t, GeneratorWeights>> published_;
  std::uint64_t first_step_ = 0;
  std::uint64_t saved_step_ = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t sampled_step_ = std::numeric_limits<std::uint64_t>::max();
  std::filesystem::path saved_path_;
  std::optional<std::uint64_t> judged_;  ///< the newest checkpoint when scoring began
  std::optional<std::uint64_t> good_;    ///< the newest checkpoint that a good score vouches for
  RunFolder folder_;                     ///< begin(), which makes it, sets what is above
  BackgroundScore score_;
};

std::shared_ptr<const DataSet> Run::read_pictures() {
  const TrainConfig& config = request_.config;
  if (const auto& given = request_.pictures) {
    tell_about(*given);
    return given;
  }
  DataSetOptions options;
  options.image_size = config.image_size;
  options.channels = config.channels;
  options.crop = config.crop;
  options.memory = request_.memory;
  options.stop = control_.token();
  options.progress = [this](const ReadingProgress& progress) { tell_(progress); };
  auto pictures = std::make_shared<DataSet>(config.data, options);
  tell_about(*pictures);
  return pictures;
}

void Run::tell_about(const DataSet& pictures) {
  tell_(PicturesRead{pictures.size(), pictures.kept(), pictures.bytes(), pictures.other_files(),
                     pictures.skipped(), pictures.left_out()});
  advise(watch_.see_pictures(pictures.size(), !request_.config.init.empty()));
}

/// Brings the trainer to where it begins; only then a new run gets its folder.
RunFolder Run::begin() {
  auto saved = resumed_ ? resumed_->newest() : std::nullopt;
  if (!saved && !request_.config.init.empty())
    trainer_.start_from(open_generator(read_checkpoint(request_.config.init)));
  if (!resumed_) return RunFolder::create(request_.out, request_.config);
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
  resumed_->rewind(resumed.step);
  tell_(resumed);
  return std::move(*resumed_);
}

bool Run::lacks_sheet() const {
  const std::uint64_t step = trainer_.steps();
  return is_moment(step, config(), pictures_->size()) && !folder_.has_samples(step);
}

std::uint64_t Run::last_step() const {
  std::uint64_t last = request_.steps.value_or(std::numeric_limits<std::uint64_t>::max());
  if (request_.epochs) {
    const double a_step =
        static_cast<double>(config().batch) / static_cast<double>(pictures_->size());
    last = std::min(last, static_cast<std::uint64_t>(std::ceil(*request_.epochs / a_step)));
  }
  return last;
}

void Run::advance(std::uint64_t last, StepParts parts) {
  const int threads = config().threads > 0 ? config().threads : control_.pace().threads;
  trainer_.step({parts, threads, [this](double worked) { control_.rest_after(worked); }});
  const std::uint64_t step = trainer_.steps();
  const bool fresh = step % static_cast<std::uint64_t>(config().log_every) == 0 || step == last ||
                     control_.pause_requested();
  if (fresh) report();
  take_score();
  Progress now = progress(last);
  now.fresh = fresh;
  tell_(now);
  if (fresh) advise(watch_.see_report(report_));
  if (is_moment(step, config(), pictures_->size())) sample();
  if (seconds_since(saved_at_) >= config().save_minutes * 60) save();
  if (request_.publish_seconds <= 0) return;
  const bool viewer_first = control_.pace().share < 0.5;  // the face stays under the hand
  const bool due = !viewer_first && seconds_since(published_at_) >= until_publishing_;
  if (control_.take_wish_to_publish() || due) publish();
}

void Run::report() {
  report_ = trainer_.report();
  for (const SkippedPicture& lost : report_.lost)
    tell_(Trouble{lost.name +
                  " can no longer be read, another picture stands in for it: " + lost.reason});
  attempt([&] { folder_.log(report_, std::exchange(unlogged_, std::nullopt)); });
}

/// Estimating batch norm anew takes many batches: on a slow machine that must not be all it does.
void Run::publish() {
  const std::pair now{trainer_.steps(), control_.published_weights()};
  if (published_ == now) return;
  const auto start = Clock::now();
  trainer_.check();
  const auto snapshot = trainer_.snapshot(now.second);
  tell_published(snapshot, sample_sheet(*snapshot, config().seed), start);
}

void Run::tell_published(std::shared_ptr<const GeneratorSnapshot> snapshot, Image sheet,
                         Clock::time_point started) {
  constexpr double kLeastTraining = 8;  // times as long as publishing takes
  until_publishing_ = request_.publish_seconds;
  if (published_ && published_->first > 0)  // the first two come soon: there is something to see
    until_publishing_ = std::max(until_publishing_, kLeastTraining * seconds_since(started));
  published_ = {snapshot->step, snapshot->weights};
  tell_(Published{std::move(snapshot), std::make_shared<const Image>(std::move(sheet))});
  published_at_ = Clock::now();
}

bool Run::train(std::uint64_t last) {
  try {
    if (!breakdown_.empty() && control_.pause_requested()) hold(last);
    while (trainer_.steps() < last && !time_is_up() && !control_.stop_requested()) {
      advance(last);
      if (control_.pause_requested()) hold(last);
    }
    if (trainer_.steps() != saved_step_) save();
    return true;
  } catch (const TrainingBrokeDown& error) {
    breakdown_ = error.what();
    return false;
  }
}

void Run::hold(std::uint64_t last) {
  auto since = Clock::now();
  if (trainer_.steps() != saved_step_) save();
  tell_(Paused{trainer_.steps()});
  while (control_.pause_requested()) {
    const std::optional<StepParts> parts = control_.wait_while_paused();
    started_ += Clock::now() - since;
    since = Clock::now();
    if (parts) advance(last, *parts);
    if ((control_.take_wish_to_publish() || parts) && request_.publish_seconds > 0) publish();
  }
  tell_(Continued{trainer_.steps()});
}

void Run::roll_back() {
  constexpr int kMostRollbacks = 3;
  if (++rollbacks_ > kMostRollbacks) throw TrainingBrokeDown(breakdown_);
  // From the same one a second time: it was about to break down already.
  auto saved = folder_.newest();
  if (saved && rolled_back_to_ == saved->step && saved_steps(folder_.path()).size() > 1) {
    folder_.set_aside(saved->step);
    saved = folder_.newest();
  }
  if (!saved) throw TrainingBrokeDown(breakdown_);
  rolled_back_to_ = saved->step;
  const std::uint64_t from = trainer_.steps();
  TrainConfig slower = config();
  slower.generator.learning_rate /= 2;
  slower.discriminator.learning_rate /= 2;
  trainer_.restore(saved->tensors);
  trainer_.set_learning_rates(slower.generator.learning_rate, slower.discriminator.learning_rate);
  attempt([&] { folder_.change(slower); });
  attempt([&] { folder_.rewind(saved->step); });
  first_step_ = std::min(first_step_, saved->step);
  saved_step_ = sampled_step_ = saved->step;
  saved_path_ = saved->path;
  forget_after(saved->step);
  tell_(RolledBack{from, saved->step, slower.generator.learning_rate,
                   slower.discriminator.learning_rate});
}

/// What is known of steps that were given up.
void Run::forget_after(std::uint64_t step) {
  drop_score_ = score_.is_running();
  if (unlogged_ && unlogged_->step > step) unlogged_.reset();
  if (judged_ && *judged_ > step) judged_.reset();
  if (good_ && *good_ > step) good_.reset();
  published_.reset();
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
  if (const auto step = control_.step_to_keep()) folder_.keep(*step);
  attempt([&] {
    if (folder_.restore())
      tell_(Trouble{folder_.path().string() +
                    " was deleted while it trained. It is kept there again from now on; what it "
                    "held before is gone."});
    saved_path_ = folder_.save(trainer_.state(), trainer_.steps(), good_);
    saved_step_ = trainer_.steps();
    tell_(Saved{saved_path_, saved_step_});
  });
  saved_at_ = Clock::now();
}

void Run::sample(bool last) {
  const auto start = Clock::now();
  trainer_.check();
  const auto snapshot = trainer_.snapshot();
  Image sheet = sample_sheet(*snapshot, config().seed);
  attempt([&] { tell_(SamplesWritten{folder_.write_samples(*snapshot, sheet), snapshot->step}); });
  sampled_step_ = snapshot->step;
  if (request_.publish_seconds > 0 && control_.published_weights() == GeneratorWeights::Averaged)
    tell_published(snapshot, std::move(sheet), start);
  if (control_.stop_requested() || !(last || score_is_due(snapshot->step))) return;
  if (score_.start(snapshot))
    judged_ = saved_path_.empty() ? std::nullopt : std::optional(saved_step_);
}

/// Scoring takes a core for some seconds. Between the sheets of samples_every it may take a ninth
/// of the time.
bool Run::score_is_due(std::uint64_t step) const {
  constexpr double kLeastRest = 8;  // times as long as scoring took
  return step % static_cast<std::uint64_t>(config().samples_every) == 0 ||
         seconds_since(scored_at_) > kLeastRest * score_seconds_;
}

void Run::take_score() {
  constexpr std::uint64_t kFirstJudged = 1000;  // all generators begin with one picture
  std::optional<Scored> result;
  attempt([&] { result = score_.take(); });
  if (!result) return;
  score_seconds_ = result->seconds;
  scored_at_ = Clock::now();
  if (std::exchange(drop_score_, false)) return;
  attempt([&] { folder_.write_nearest(result->nearest.sheet); });
  unlogged_ = result->generator;
  tell_(*result);
  advise(watch_.see_variety(unlogged_->step, unlogged_->scores, result->real));
  advise(watch_.see_nearest(result->nearest));
  if (unlogged_->step >= kFirstJudged && has_collapsed(unlogged_->scores, result->real))
    throw Error("The generator has collapsed: at step " + std::to_string(unlogged_->step) +
                " its faces are nearly all the same. " + folder_.path().string() +
                " keeps what was saved" +
                (good_ ? "; " + folder_.checkpoint_path(*good_).string() +
                             " was still good: start a new run from it."
                       : ".") +
                " A smaller discriminator_learning_rate or more varied pictures may help.");
  good_ = judged_;
}

void Run::take_last_score() {
  while (score_.is_running() && !control_.stop_requested())
    score_.wait(std::chrono::milliseconds(50));
  if (control_.stop_requested())
    score_.stop();
  else
    take_score();
  if (unlogged_) attempt([&] { folder_.log(report_, std::exchange(unlogged_, std::nullopt)); });
}

}  // namespace

void run_training(const RunRequest& request, RunControl& control,
                  const std::function<void(const TrainEvent&)>& on_event) {
  check_request(request);
  Run(request, control, on_event).run();
}

}  // namespace facemorph
