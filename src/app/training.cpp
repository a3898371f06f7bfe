#include "app/training.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <cassert>

namespace facemorph {
namespace {

/// The window goes first: this thread and those that it starts get what it leaves.
void give_way() {
  constexpr int kNice = 5;  // a quarter of a core that the window wants all of
  setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), kNice);
}

}  // namespace

Training::Training(std::function<void()> wake) : wake_(std::move(wake)) {}

Training::~Training() {
  if (control_) control_->stop();
}

void Training::start(std::filesystem::path run_folder,
                     std::function<RunRequest(const std::stop_token&)> request) {
  assert(!active());
  run_folder_ = std::move(run_folder);
  reports_.clear();
  progress_ = {};
  pictures_.reset();
  snapshot_.reset();
  state_ = State::Preparing;
  thread_ = {};
  control_ = std::make_unique<RunControl>();
  thread_ = std::jthread([this, make = std::move(request)] { run(make); });
}

void Training::run(const std::function<RunRequest(const std::stop_token&)>& request) {
  give_way();
  try {
    const RunRequest made = request(control_->token());
    if (!control_->stop_requested())
      run_training(made, *control_, [this](const TrainEvent& event) { post(event); });
    post(Failure{});
  } catch (const std::exception& error) {
    post(Failure{error.what()});
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
  if (state_ != State::Paused && state_ != State::Pausing) return;
  state_ = State::Running;
  control_->go_on();
}

void Training::stop() {
  if (!active()) return;
  state_ = State::Stopping;
  control_->stop();
}

std::vector<Training::Message> Training::update() {
  std::vector<News> news;
  {
    const std::lock_guard lock(mutex_);
    news.swap(inbox_);
  }
  std::vector<Message> messages;
  for (const News& item : news) {
    if (const auto* event = std::get_if<TrainEvent>(&item)) {
      take(*event, messages);
      continue;
    }
    state_ = State::Idle;
    const std::string& problem = std::get<Failure>(item).text;
    if (!problem.empty())
      messages.push_back({Message::Kind::Failed, "Training has ended", problem});
  }
  return messages;
}

void Training::take(const TrainEvent& event, std::vector<Message>& messages) {
  if (const auto* read = std::get_if<PicturesRead>(&event)) {
    pictures_ = *read;
  } else if (const auto* now = std::get_if<Progress>(&event)) {
    if (state_ == State::Preparing) state_ = State::Running;
    progress_ = *now;
    if (now->fresh) reports_.push_back(now->report);
  } else if (std::holds_alternative<Paused>(event)) {
    if (state_ == State::Pausing) state_ = State::Paused;
  } else if (const auto* published = std::get_if<Published>(&event)) {
    if (state_ == State::Preparing) state_ = State::Running;
    snapshot_ = published->snapshot;
  } else if (const auto* trouble = std::get_if<Trouble>(&event)) {
    messages.push_back({Message::Kind::Trouble, "Training goes on, but", trouble->text});
  } else if (const auto* finished = std::get_if<Finished>(&event)) {
    messages.push_back({Message::Kind::Done, finished->stopped ? "Training stopped" : "Trained",
                        "Step " + std::to_string(finished->step) + ", kept in " +
                            run_folder_.string() + ". It can be continued at any time."});
  }
}

}  // namespace facemorph
