#pragma once

#include <functional>
#include <memory>

namespace facemorph {

/// The one way from other threads to the UI thread: they post jobs, and it runs them once a frame.
class UiQueue {
 public:
  using Job = std::function<void()>;
  /// `wake` is called on the posting thread; never again once the queue is gone.
  explicit UiQueue(std::function<void()> wake);
  ~UiQueue();  ///< what was posted and not run is dropped
  UiQueue(const UiQueue&) = delete;
  UiQueue& operator=(const UiQueue&) = delete;

 private:
  struct State;

 public:
  /// What other threads hold. It may outlive the queue, and does nothing then.
  class Sender {
   public:
    /// The job is dropped when its owner is gone by then.
    void post(std::weak_ptr<const void> owner, Job job) const;
    /// Asks for a frame, without a job.
    void wake() const;

   private:
    friend class UiQueue;
    explicit Sender(std::shared_ptr<State> state) : state_(std::move(state)) {}
    std::shared_ptr<State> state_;
  };
  Sender sender() const { return Sender(state_); }

  /// On the UI thread: runs what was posted before this call. Returns whether there was anything.
  bool run_posted();

 private:
  std::shared_ptr<State> state_;
};

}  // namespace facemorph
