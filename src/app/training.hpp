#pragma once

#include "train/training_run.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace facemorph {

/// A training run beside the window. Belongs to the UI thread; nothing here waits but the end.
class Training {
 public:
  enum class State {
    Idle,
    Preparing,  ///< reading pictures
    Running,
    Pausing,  ///< after the step under way
    Paused,
    Stopping,
  };

  /// `wake` is called on the training thread when there is something new.
  explicit Training(std::function<void()> wake);
  ~Training();  ///< stops the run, which saves itself
  Training(const Training&) = delete;
  Training& operator=(const Training&) = delete;

  /// Starts or, with its `resume`, continues a run in that folder. `request` is called on the
  /// training thread; it may throw Error, and should end early when a stop is asked for. Requires
  /// that none is under way.
  void start(std::filesystem::path run_folder,
             std::function<RunRequest(const std::stop_token&)> request);
  void pause();
  void go_on();
  void stop();

  /// What the run has to say to a person since the last call.
  struct Message {
    enum class Kind { Done, Trouble, Failed };
    Kind kind;
    std::string title;
    std::string text;
  };
  std::vector<Message> update();
  /// The newest generator since the last call, if any.
  std::shared_ptr<const GeneratorSnapshot> take_snapshot() { return std::move(snapshot_); }

  State state() const { return state_; }
  bool active() const { return state_ != State::Idle; }
  const std::filesystem::path& run_folder() const { return run_folder_; }
  /// Of the run under way, or the last one.
  const std::vector<TrainReport>& reports() const { return reports_; }
  const Progress& progress() const { return progress_; }
  const std::optional<PicturesRead>& pictures() const { return pictures_; }

 private:
  struct Failure {
    std::string text;
  };
  using News = std::variant<TrainEvent, Failure>;
  void run(const std::function<RunRequest(const std::stop_token&)>& request);
  void post(News news);
  void take(const TrainEvent& event, std::vector<Message>& messages);

  std::function<void()> wake_;
  std::filesystem::path run_folder_;
  State state_ = State::Idle;
  std::vector<TrainReport> reports_;
  Progress progress_;
  std::optional<PicturesRead> pictures_;
  std::shared_ptr<const GeneratorSnapshot> snapshot_;
  std::unique_ptr<RunControl> control_;
  std::mutex mutex_;
  std::vector<News> inbox_;
  std::jthread thread_;
};

}  // namespace facemorph
