#include "base/ui_queue.hpp"

#include <mutex>
#include <utility>
#include <vector>

namespace facemorph {

struct UiQueue::State {
  struct Posted {
    std::weak_ptr<const void> owner;
    Job job;
  };
  std::mutex mutex;
  std::function<void()> wake;  ///< null once the queue is gone
  std::vector<Posted> posted;
};

UiQueue::UiQueue(std::function<void()> wake) : state_(std::make_shared<State>()) {
  state_->wake = std::move(wake);
}

UiQueue::~UiQueue() {
  std::vector<State::Posted> dropped;  // after the lock is open again
  const std::lock_guard lock(state_->mutex);
  state_->wake = nullptr;
  dropped.swap(state_->posted);
}

void UiQueue::Sender::post(std::weak_ptr<const void> owner, Job job) const {
  const std::lock_guard lock(state_->mutex);
  if (!state_->wake) return;
  state_->posted.push_back({std::move(owner), std::move(job)});
  state_->wake();
}

void UiQueue::Sender::wake() const {
  const std::lock_guard lock(state_->mutex);
  if (state_->wake) state_->wake();
}

bool UiQueue::run_posted() {
  std::vector<State::Posted> ready;
  {
    const std::lock_guard lock(state_->mutex);
    ready.swap(state_->posted);
  }
  for (const State::Posted& posted : ready)
    if (!posted.owner.expired()) posted.job();
  return !ready.empty();
}

}  // namespace facemorph
