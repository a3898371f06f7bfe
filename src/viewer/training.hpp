#pragma once

#include "base/ui_queue.hpp"
#include "runs/run_control.hpp"
#include "runs/run_events.hpp"
#include "viewer/notices.hpp"
#include "viewer/run_curves.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
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
    Failed,  ///< ended by an error: failure() says why
  };

  /// What the run has to say to a person becomes a notice.
  Training(const UiQueue& queue, Notices& notices);
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
  /// While it is paused.
  void step_once(StepParts parts);
  /// Of this run and the next ones.
  void set_pace(const Pace& pace);
  const Pace& pace() const { return pace_; }
  void publish(GeneratorWeights weights);
  /// That checkpoint of the run under way stays.
  void keep(std::uint64_t step);

  /// The newest generator since the last call, if any.
  std::shared_ptr<const GeneratorSnapshot> take_snapshot() { return std::move(snapshot_); }
  /// Whether faces, a checkpoint or scores were written since the last call.
  bool take_news_on_disk() { return std::exchange(news_on_disk_, false); }

  State state() const { return state_; }
  bool active() const { return state_ != State::Idle && state_ != State::Failed; }
  bool paused() const { return state_ == State::Paused || state_ == State::Pausing; }
  const std::string& failure() const { return failure_; }

  // --- of the run under way, or the last one
  // ------------------------------------------------------
  const std::filesystem::path& run_folder() const { return run_folder_; }
  const RunCurves& curves() const { return curves_; }
  const Progress& progress() const { return progress_; }
  const ReadingProgress& reading() const { return reading_; }  ///< the pictures, at the beginning
  const std::optional<PicturesRead>& pictures() const { return pictures_; }
  /// 64 faces of the newest generator; null until there are some.
  const std::shared_ptr<const Image>& sheet() const { return sheet_; }
  /// The newest comparison with the training pictures; null until there is one.
  const std::shared_ptr<const Image>& nearest() const { return nearest_; }
  /// What is wrong at the moment, by Worry; empty texts where nothing is.
  const std::array<std::string, kWorries>& worries() const { return worries_; }
  GeneratorWeights weights() const { return weights_; }

 private:
  void run(const std::function<RunRequest(const std::stop_token&)>& request);
  void post(std::function<void()> news);
  void take(const TrainEvent& event);
  void end(const std::string& problem);

  UiQueue::Sender sender_;
  std::shared_ptr<const bool> owner_ = std::make_shared<const bool>(true);
  Notices& notices_;
  std::filesystem::path run_folder_;
  State state_ = State::Idle;
  std::string failure_;
  RunCurves curves_;
  Progress progress_;
  ReadingProgress reading_;
  std::optional<PicturesRead> pictures_;
  std::shared_ptr<const GeneratorSnapshot> snapshot_;
  std::shared_ptr<const Image> sheet_;
  std::shared_ptr<const Image> nearest_;
  std::array<std::string, kWorries> worries_;
  bool news_on_disk_ = false;
  Pace pace_;
  GeneratorWeights weights_ = GeneratorWeights::Averaged;
  std::unique_ptr<RunControl> control_;
  std::jthread thread_;
};

}  // namespace facemorph
