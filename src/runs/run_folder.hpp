#pragma once

#include "base/file_lock.hpp"
#include "checkpoint/formats/tensor.hpp"
#include "pictures/image.hpp"
#include "runs/report.hpp"
#include "runs/scores.hpp"
#include "runs/train_config.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace facemorph {

/// A training state read back from a run.
struct SavedState {
  std::filesystem::path path;
  std::uint64_t step = 0;
  TensorTable tensors;
  std::vector<std::string> torn;  ///< newer files that were passed over, and why
};

/// Scores of the generator as it was after a step.
struct StepScores {
  std::uint64_t step = 0;
  Scores scores;
};

/// A training run on disk:
///   config.json                          every setting
///   checkpoints/step-00001000.safetensors  everything needed to go on; opens as a generator (EMA)
///   samples/step-00001000.png            the same 64 latents every time
///   history/step-00001000.safetensors    the generator that made them
///   metrics.csv                          one row a report
/// Every file is written whole or not at all, but for metrics.csv, which grows by rows. No two
/// processes have one run open at a time. Throws Error naming the path and the reason.
class RunFolder {
 public:
  /// Throws UsageError when a run cannot begin in a folder: when it holds anything.
  static void check_free(const std::filesystem::path& path);
  /// Starts a run in a folder that is new or empty. Throws as check_free().
  static RunFolder create(const std::filesystem::path& path, const TrainConfig& config);
  /// Opens a run. Throws Error when there is none, or its config.json is damaged.
  static RunFolder open(const std::filesystem::path& path);
  static bool holds_run(const std::filesystem::path& path);

  const std::filesystem::path& path() const { return path_; }
  const TrainConfig& config() const { return config_; }

  /// Changes settings of the run: its config.json is rewritten. Throws UsageError when they would
  /// change the shape of the networks.
  void change(const TrainConfig& config);

  /// Where somebody has deleted the run, writes its beginning again, so that training can go on
  /// from what is saved next. Returns whether that was needed.
  bool restore() const;

  /// Writes a checkpoint, then removes older ones: the newest three stay, every
  /// config().keep_every-th, and that of step `good`. Returns its path.
  std::filesystem::path save(const TensorTable& state, std::uint64_t step,
                             std::optional<std::uint64_t> good = std::nullopt);
  /// That checkpoint stays for good.
  void keep(std::uint64_t step) { kept_.insert(step); }
  std::filesystem::path checkpoint_path(std::uint64_t step) const;
  /// The newest checkpoint that is whole; none for a run that never saved. Throws Error when there
  /// are checkpoints, but none that is whole.
  std::optional<SavedState> newest() const;
  /// Takes a checkpoint that training broke down from out of the run; the file stays beside the
  /// others, under another ending.
  void set_aside(std::uint64_t step) const;

  bool has_samples(std::uint64_t step) const;
  /// A moment of the run: its sheet, and its generator in half precision. Of the generators, 60
  /// stay, see surplus_moments(); all sheets do.
  std::filesystem::path write_samples(const GeneratorSnapshot& snapshot, const Image& sheet) const;

  /// strip.png: the first eight faces at up to six moments of the run, the first and the last among
  /// them, one row each. None without sheets.
  std::optional<std::filesystem::path> write_strip() const;

  /// nearest.png; see nearest_pictures().
  std::filesystem::path write_nearest(const Image& image) const;

  /// Adds a row to metrics.csv; with the scores of an earlier step where there are new ones.
  void log(const TrainReport& report, const std::optional<StepScores>& scores) const;
  /// Drops what is of later steps, and a torn last row: training goes on from there. Checkpoints
  /// stay.
  void rewind(std::uint64_t step) const;

 private:
  RunFolder(std::filesystem::path path, TrainConfig config);
  std::map<std::string, std::string> metadata(std::uint64_t step) const;
  void prune(std::uint64_t newest, std::optional<std::uint64_t> good);

  std::filesystem::path path_;
  TrainConfig config_;
  FileLock lock_;
  std::set<std::uint64_t> kept_;  ///< steps of checkpoints that were found to stay for good
};

/// The settings of a run. Throws Error as RunFolder::open() does; does not mind another process.
TrainConfig read_config(const std::filesystem::path& run);

/// Steps of the checkpoints in a run, ascending.
std::vector<std::uint64_t> saved_steps(const std::filesystem::path& run);

}  // namespace facemorph
