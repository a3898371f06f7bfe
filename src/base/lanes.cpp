#include "base/lanes.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace facemorph {

void give_way() {
  constexpr int kNice = 5;
  setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), kNice);
}

/// Of one lane; guarded by its crew's mutex.
struct Lane::Jobs {
  std::deque<std::function<void()>> waiting;
  bool scheduled = false;  ///< among the crew's ready lanes, or under way
};

/// Threads keep it alive, so that one that hangs harms nobody.
struct Workers::Crew {
  explicit Crew(Manner how) : manner(how) {}
  const Manner manner;
  std::mutex mutex;
  std::condition_variable changed;
  std::condition_variable left;
  std::deque<std::shared_ptr<Lane::Jobs>> ready;
  int threads = 0;
  int free = 0;
  bool closing = false;

  static void work(const std::shared_ptr<Crew>& crew);
};

void Workers::Crew::work(const std::shared_ptr<Crew>& crew) {
  if (crew->manner == Manner::GivesWay) give_way();
  std::unique_lock lock(crew->mutex);
  while (true) {
    ++crew->free;
    crew->changed.wait(lock, [&] { return crew->closing || !crew->ready.empty(); });
    --crew->free;
    if (crew->closing) break;
    const std::shared_ptr<Lane::Jobs> lane = std::move(crew->ready.front());
    crew->ready.pop_front();
    if (!lane->waiting.empty()) {
      std::function<void()> job = std::move(lane->waiting.front());
      lane->waiting.pop_front();
      lock.unlock();
      job();
      job = nullptr;  // what it owns goes outside the lock
      lock.lock();
    }
    lane->scheduled = !lane->waiting.empty();
    if (lane->scheduled) crew->ready.push_back(lane);
  }
  --crew->threads;
  crew->left.notify_all();
}

Workers::Workers(Manner manner) : crew_(std::make_shared<Crew>(manner)) {}

Workers::~Workers() {
  std::unique_lock lock(crew_->mutex);
  crew_->closing = true;
  crew_->ready.clear();
  crew_->changed.notify_all();
  crew_->left.wait_for(lock, kPatience, [this] { return crew_->threads == 0; });
}

Lane::Lane(Backstage& backstage, Workers::Manner manner)
    : sender_(backstage.queue.sender()),
      crew_((manner == Workers::Manner::Prompt ? backstage.prompt : backstage.patient).crew_),
      jobs_(std::make_shared<Jobs>()) {}

Lane::~Lane() {
  std::deque<std::function<void()>> dropped;  // after the lock is open again
  const std::lock_guard lock(crew_->mutex);
  dropped.swap(jobs_->waiting);
}

void Lane::push(std::function<void()> job) {
  const std::lock_guard lock(crew_->mutex);
  if (crew_->closing) return;
  jobs_->waiting.push_back(std::move(job));
  if (jobs_->scheduled) return;
  jobs_->scheduled = true;
  crew_->ready.push_back(jobs_);
  if (crew_->free >= static_cast<int>(crew_->ready.size())) {
    crew_->changed.notify_one();
    return;
  }
  ++crew_->threads;
  std::thread([crew = crew_] { Workers::Crew::work(crew); }).detach();
}

}  // namespace facemorph
