#include "viewer/training.hpp"

#include "base/background.hpp"
#include "torch/training/training_run.hpp"

#include <cassert>

namespace facemorph {
namespace {

template <typename... Calls>
struct Overloaded : Calls... {
  using Calls::operator()...;
};

}  // namespace

Training::Training(std::function<void()> wake) : wake_(std::move(wake)) {}

Training::~Training() {
  if (control_) control_->stop();
}

void Training::start(std::filesystem::path run_folder,
                     std::function<RunRequest(const std::stop_token&)> request) {
  assert(!active());
  run_folder_ = std::move(run_folder);
  curves_ = {};
  progress_ = {};
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
    if (made.resume) post(read_log(made.out));
    if (!control_->stop_requested())
      run_training(made, *control_, [&](const TrainEvent& event) {
        begun = true;
        post(event);
      });
    post(Ended{});
  } catch (const std::exception& error) {
    // Reading the pictures ends with an error when it is stopped.
    const bool meant = !begun && control_->stop_requested();
    post(Ended{meant ? std::string() : error.what()});
  }
}

void Training::post(News news) {
  {
    const std::lock_guard lock(mutex_);
    inbox_.push_back(std::move(news));
  }
  wake_();
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

std::vector<Training::Message> Training::update() {
  std::vector<News> news;
  {
    const std::lock_guard lock(mutex_);
    news.swap(inbox_);
  }
  std::vector<Message> messages;
  for (const News& item : news)
    std::visit(Overloaded{[&](const TrainEvent& event) { take(event, messages); },
                          [&](const RunLog& log) { curves_.add(log); },
                          [&](const Ended& ended) { end(ended.problem, messages); }},
               item);
  return messages;
}

void Training::end(const std::string& problem, std::vector<Message>& messages) {
  state_ = problem.empty() ? State::Idle : State::Failed;
  failure_ = problem;
  news_on_disk_ = true;
  if (!problem.empty()) messages.push_back({Message::Kind::Failed, "Training has ended", problem});
}

void Training::take(const TrainEvent& event, std::vector<Message>& messages) {
  const auto running = [this] {
    if (state_ == State::Preparing) state_ = State::Running;
  };
  std::visit(
      Overloaded{
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
            messages.push_back({Message::Kind::Trouble, "Training was rolled back", text_of(back)});
          },
          [&](const Advice& advice) {
            worries_[static_cast<std::size_t>(advice.worry)] = advice.text;
          },
          [&](const Trouble& trouble) {
            messages.push_back({Message::Kind::Trouble, "Training goes on, but", trouble.text});
          },
          [&](const Finished& finished) {
            messages.push_back({Message::Kind::Done,
                                finished.stopped ? "Training stopped" : "Trained",
                                "Step " + std::to_string(finished.step) + ", kept in " +
                                    run_folder_.string() + ". It can be continued at any time."});
          }},
      event);
}

}  // namespace facemorph
