#include "base/background.hpp"

#include <sys/resource.h>
#include <unistd.h>

namespace facemorph {

void give_way() {
  constexpr int kNice = 5;
  setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), kNice);
}

Background::Background(std::function<void()> wake)
    : wake_(std::move(wake)), thread_([this](const std::stop_token& stop) { loop(stop); }) {}

Background::~Background() = default;  // jthread asks to stop and joins

void Background::push(Job job) {
  const std::lock_guard lock(mutex_);
  waiting_.push_back(std::move(job));
  changed_.notify_one();
}

void Background::post(Job delivery) {
  {
    const std::lock_guard lock(mutex_);
    deliveries_.push_back(std::move(delivery));
  }
  wake_();
}

void Background::loop(const std::stop_token& stop) {
  while (true) {
    Job job;
    {
      std::unique_lock lock(mutex_);
      working_ = false;
      if (!changed_.wait(lock, stop, [this] { return !waiting_.empty(); })) return;
      if (stop.stop_requested()) return;
      job = std::move(waiting_.front());
      waiting_.pop_front();
      working_ = true;
    }
    job();
  }
}

bool Background::deliver() {
  std::vector<Job> ready;
  {
    const std::lock_guard lock(mutex_);
    ready.swap(deliveries_);
  }
  for (const Job& delivery : ready)
    delivery();
  return !ready.empty();
}

bool Background::busy() const {
  const std::lock_guard lock(mutex_);
  return working_ || !waiting_.empty() || !deliveries_.empty();
}

}  // namespace facemorph
