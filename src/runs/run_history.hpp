#pragma once

#include "pictures/image.hpp"
#include "runs/run_folder.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

// What a run has left behind: how it went, and its faces from the beginning on.

namespace facemorph {

/// Whether a run keeps its faces after a step: early, when most happens, after 1, 2, … 10, 20, …
/// 100, 200, … passes over the pictures, and every samples_every steps.
bool is_moment(std::uint64_t step, const TrainConfig& config, std::size_t pictures);

/// Which generators to let go so that `most` stay (at least two): the first and the newest stay,
/// the others thin out where they follow closest on each other for their age.
std::vector<std::uint64_t> surplus_moments(std::vector<std::uint64_t> steps, std::size_t most);

/// The faces of a moment, and the generator (averaged) that made them.
struct RunMoment {
  std::uint64_t step = 0;
  std::filesystem::path sheet;    ///< 64 faces of the same latents every time
  std::filesystem::path weights;  ///< opens as a checkpoint; empty: no longer kept
  bool operator==(const RunMoment&) const = default;
};
/// Ascending. Throws Error when the folders cannot be listed.
std::vector<RunMoment> moments_of(const std::filesystem::path& run);

/// The rows of metrics.csv; those that cannot be read are passed over.
struct RunLog {
  struct Score {
    std::uint64_t step = 0;
    double swd = 0;
    double ms_ssim = 0;
  };
  std::vector<TrainReport> reports;
  std::vector<Score> scores;
};
RunLog read_log(const std::filesystem::path& run);

/// The first eight faces of up to `rows` moments at equal distances, the first and the last among
/// them, one row each. Throws Error for sheets that are none of this run's.
Image strip_of(std::span<const RunMoment> moments, int image_size, std::size_t rows);

/// Shows the sheets of a run one after the other, each melting into the next, with its step below.
/// The format follows the extension. Returns the path, which differs when that is taken. Throws
/// UsageError for fewer than two moments or another extension, Error when it cannot be written.
std::filesystem::path write_time_lapse(std::span<const RunMoment> moments,
                                       const std::filesystem::path& path,
                                       const std::stop_token& stop = {});

/// Begins a new run that goes on from a checkpoint of another: settings, that checkpoint, and the
/// log and faces up to it are copied; the old run stays as it is. Throws as
/// RunFolder::check_free(), and Error when there is no such checkpoint or it cannot be copied.
void branch_run(const std::filesystem::path& run, std::uint64_t step,
                const std::filesystem::path& out);

/// What a list of runs says about one.
struct RunSummary {
  std::filesystem::path path;
  std::uint64_t step = 0;  ///< of the newest checkpoint
  int image_size = 0;
  std::string data;
  std::filesystem::file_time_type changed;
};
/// Nothing for folders that hold none, and damaged runs.
std::optional<RunSummary> summary_of(const std::filesystem::path& run);
/// The runs directly in a folder, the newest first.
std::vector<RunSummary> list_runs(const std::filesystem::path& folder);

}  // namespace facemorph
