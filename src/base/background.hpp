#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace facemorph {

/// For a thread that works long: the window goes first, this thread and those that it starts get
/// what it leaves (a quarter of a core that the window wants all of).
void give_way();

/// Keeps slow work off the UI thread: jobs run one after another on a thread of their own, and
/// what they bring back is delivered on the UI thread. Errors come back as texts.
class Background {
 public:
  /// `wake` is called on the job's thread when there is something to deliver.
  explicit Background(std::function<void()> wake);
  ~Background();  ///< finishes the job under way, drops the waiting ones
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

  /// Runs `work` in the background; later calls `done` with its result, or `failed` with the text
  /// of the exception it threw, inside deliver().
  template <typename T>
  void run(std::function<T()> work, std::function<void(T)> done,
           std::function<void(const std::string&)> failed) {
    push([this, work = std::move(work), done = std::move(done), failed = std::move(failed)] {
      try {
        auto result = std::make_shared<T>(work());
        post([done, result] { done(std::move(*result)); });
      } catch (const std::exception& error) {
        post([failed, text = std::string(error.what())] { failed(text); });
      }
    });
  }

  /// On the UI thread: hands finished results over. Returns whether there were any.
  bool deliver();
  bool busy() const;

 private:
  using Job = std::function<void()>;
  void push(Job job);
  void post(Job delivery);
  void loop(const std::stop_token& stop);

  std::function<void()> wake_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Job> waiting_;
  std::vector<Job> deliveries_;
  bool working_ = false;
  std::jthread thread_;
};

}  // namespace facemorph
