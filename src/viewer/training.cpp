#include "viewer/training.hpp"

#include "base/lanes.hpp"
#include "torch/training/training_run.hpp"

#include <cassert>

namespace facemorph {
namespace {

template <typename... Calls>
struct Overloaded : Calls... {
  using Calls::operator()...;
};

}  // namespace

Training::Training(const UiQueue& queue, Notices& notices)
    : sender_(queue.sender()), notices_(notices) {}

Training::~Training() {
  if (control_) control_->stop();
}

void Training::start(std::filesystem::path run_folder,
                     std::function<RunRequest(const std::stop_token&)> request) {
  assert(!active());
  run_folder_ = std::move(run_folder);
  curves_ = {};
  progress_ = {};
  reading_ = {};
  pictures_.reset();
  snapshot_.reset();
  sheet_.reset();
  nearest_.reset();
  worries_ = {};
  failure_.clear();
  state_ = State::Preparing;
  thread_ = {};
  control_ = std::make_unique<RunControl>();
  control_->set_pace(pace_);
  control_->publish(weights_);
  thread_ = std::jthread([this, make = std::move(request)] { run(make); });
}

void Training::run(const std::function<RunRequest(const std::stop_token&)>& request) {
  give_way();
  bool begun = false;
  try {
    const RunRequest made = request(control_->token());
    if (made.resume) post([this, log = read_log(made.out)] { curves_.add(log); });
    if (!control_->stop_requested())
      run_training(made, *control_, [&](const TrainEvent& event) {
        begun = begun || !std::holds_alternative<ReadingProgress>(event);
        post([this, event] { take(event); });
      });
    post([this] { end({}); });
  } catch (const std::exception& error) {
    // Reading the pictures ends with an error when it is stopped.
    const bool meant = !begun && control_->stop_requested();
    post([this, problem = meant ? std::string() : std::string(error.what())] { end(problem); });
  }
}

void Training::post(std::function<void()> news) {
  sender_.post(owner_, std::move(news));
}

void Training::pause() {
  if (state_ != State::Running) return;
  state_ = State::Pausing;
  control_->pause();
}

void Training::go_on() {
  if (!paused()) return;
  state_ = State::Running;
  control_->go_on();
}

void Training::stop() {
  if (!active()) return;
  state_ = State::Stopping;
  control_->stop();
}

void Training::step_once(StepParts parts) {
  if (state_ == State::Paused) control_->step_once(parts);
}

void Training::set_pace(const Pace& pace) {
  pace_ = pace;
  if (active()) control_->set_pace(pace);
}

void Training::publish(GeneratorWeights weights) {
  weights_ = weights;
  if (active()) control_->publish(weights);
}

void Training::keep(std::uint64_t step) {
  if (active()) control_->keep(step);
}

void Training::end(const std::string& problem) {
  state_ = problem.empty() ? State::Idle : State::Failed;
  failure_ = problem;
  news_on_disk_ = true;
  if (!problem.empty()) notices_.error("Training has ended", problem);
}

void Training::take(const TrainEvent& event) {
  const auto running = [this] {
    if (state_ == State::Preparing) state_ = State::Running;
  };
  std::visit(
      Overloaded{
          [&](const ReadingProgress& reading) { reading_ = reading; },
          [&](const PicturesRead& read) { pictures_ = read; },
          [&](const Resumed& resumed) { curves_.rewind(resumed.step); },
          [&](const Progress& now) {
            running();
            progress_ = now;
            if (now.fresh) curves_.add(now.report);
          },
          [&](const Paused&) {
            if (state_ == State::Pausing) state_ = State::Paused;
          },
          [&](const Continued&) {}, [&](const Saved&) { news_on_disk_ = true; },
          [&](const SamplesWritten&) { news_on_disk_ = true; },
          [&](const Scored& scored) {
            curves_.add(scored);
            nearest_ = std::make_shared<const Image>(scored.nearest.sheet);
          },
          [&](const Published& published) {
            running();
            snapshot_ = published.snapshot;
            sheet_ = published.sheet;
          },
          [&](const RolledBack& back) {
            curves_.rewind(back.to);
            notices_.warn("Training was rolled back", text_of(back));
          },
          [&](const Advice& advice) {
            worries_[static_cast<std::size_t>(advice.worry)] = advice.text;
          },
          [&](const Trouble& trouble) { notices_.warn("Training goes on, but", trouble.text); },
          [&](const Finished& finished) {
            notices_.info(finished.stopped ? "Training stopped" : "Trained",
                          "Step " + std::to_string(finished.step) + ", kept in " +
                              run_folder_.string() + ". It can be continued at any time.");
          }},
      event);
}

}  // namespace facemorph
