#pragma once

#include "base/ui_queue.hpp"

#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace facemorph {

/// For a thread that works long: the window goes first, this thread and those that it starts get
/// what it leaves (a quarter of a core that the window wants all of).
void give_way();

/// Threads that lanes share: one is started when a job is ready and no other is free, so that there
/// are never more than lanes with work. They sleep when there is nothing to do.
class Workers {
 public:
  enum class Manner {
    Prompt,   ///< a person waits for it
    GivesWay  ///< works long: see give_way()
  };
  explicit Workers(Manner manner);
  /// Jobs that wait are dropped, those under way are waited for; but a disk that does not answer
  /// keeps nobody: after `kPatience` they are left to themselves.
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  static constexpr std::chrono::seconds kPatience{10};

 private:
  friend class Lane;
  struct Crew;
  std::shared_ptr<Crew> crew_;
};

/// Where what is not the window's is done: the queue to the UI thread, and the threads that all
/// lanes share.
struct Backstage {
  explicit Backstage(std::function<void()> wake) : queue(std::move(wake)) {}
  UiQueue queue;
  Workers prompt{Workers::Manner::Prompt};
  Workers patient{Workers::Manner::GivesWay};
};

/// Keeps slow work off the UI thread: jobs of a lane run one after another, and what they bring
/// back comes through the queue. Errors come back as texts. Jobs must own what they use, as they
/// may outlive the lane.
class Lane {
 public:
  Lane(Backstage& backstage, Workers::Manner manner);
  ~Lane();  ///< drops the waiting jobs, and what the one under way brings back
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  /// Runs `work` in the background; later calls `done` with its result, or `failed` with the text
  /// of the exception it threw, on the UI thread.
  template <typename T>
  void run(std::function<T()> work, std::function<void(T)> done,
           std::function<void(const std::string&)> failed) {
    push([owner = std::weak_ptr<const void>(owner_), sender = sender_, work = std::move(work),
          done = std::move(done), failed = std::move(failed)] {
      try {
        auto result = std::make_shared<T>(work());
        sender.post(owner, [done, result] { done(std::move(*result)); });
      } catch (const std::exception& error) {
        sender.post(owner, [failed, text = std::string(error.what())] { failed(text); });
      }
    });
  }

 private:
  friend class Workers;
  struct Jobs;
  void push(std::function<void()> job);

  UiQueue::Sender sender_;
  std::shared_ptr<const bool> owner_ = std::make_shared<const bool>(true);
  std::shared_ptr<Workers::Crew> crew_;
  std::shared_ptr<Jobs> jobs_;
};

}  // namespace facemorph
