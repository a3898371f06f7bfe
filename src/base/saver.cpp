#include "base/saver.hpp"

#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

namespace facemorph {
namespace {

struct Task {
  std::filesystem::path file;
  std::function<void()> write;
  Saver::Outcome outcome;
};

}  // namespace

/// The thread keeps it alive, so that a disk that hangs harms nobody.
struct Saver::State {
  explicit State(UiQueue::Sender to) : sender(std::move(to)) {}
  const UiQueue::Sender sender;
  std::mutex mutex;
  std::condition_variable changed;
  std::condition_variable drained;
  std::deque<Task> waiting;
  std::optional<std::filesystem::path> writing;
  bool closing = false;
  bool given_up = false;

  static void work(const std::shared_ptr<State>& state);
  static void finish(const std::shared_ptr<State>& state, const Task& task);
};

void Saver::State::finish(const std::shared_ptr<State>& state, const Task& task) {
  const Outcome& outcome = task.outcome;
  try {
    task.write();
    if (outcome.done) state->sender.post(state, outcome.done);
  } catch (const std::exception& error) {
    if (outcome.failed)
      state->sender.post(
          state, [failed = outcome.failed, text = std::string(error.what())] { failed(text); });
  }
}

void Saver::State::work(const std::shared_ptr<State>& state) {
  std::unique_lock lock(state->mutex);
  while (true) {
    state->changed.wait(lock, [&] { return state->closing || !state->waiting.empty(); });
    if (state->waiting.empty()) return;
    {
      const Task task = std::move(state->waiting.front());
      state->waiting.pop_front();
      state->writing = task.file;
      lock.unlock();
      finish(state, task);
    }
    lock.lock();
    state->writing.reset();
    if (state->waiting.empty()) {
      state->drained.notify_all();
      state->sender.wake();  // who waits for the end learns of it
    }
  }
}

Saver::Saver(const UiQueue& queue) : state_(std::make_shared<State>(queue.sender())) {
  std::thread([state = state_] { State::work(state); }).detach();
}

Saver::~Saver() {
  std::unique_lock lock(state_->mutex);
  state_->closing = true;
  state_->changed.notify_all();
  state_->drained.wait_for(lock, kPatience, [this] {
    return state_->given_up || (state_->waiting.empty() && !state_->writing);
  });
}

void Saver::save(const std::filesystem::path& file, std::function<void()> write, Outcome outcome) {
  const std::lock_guard lock(state_->mutex);
  std::erase_if(state_->waiting, [&](const Task& task) { return task.file == file; });
  state_->waiting.push_back({file, std::move(write), std::move(outcome)});
  state_->changed.notify_all();
}

void Saver::give_up() {
  const std::lock_guard lock(state_->mutex);
  state_->given_up = true;
}

std::optional<Saver::Status> Saver::status() const {
  const std::lock_guard lock(state_->mutex);
  if (!state_->writing && state_->waiting.empty()) return std::nullopt;
  if (!state_->writing) return Status{state_->waiting.front().file, state_->waiting.size() - 1};
  return Status{*state_->writing, state_->waiting.size()};
}

}  // namespace facemorph
