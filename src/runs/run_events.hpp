#pragma once

#include "runs/advice.hpp"
#include "runs/report.hpp"
#include "runs/run_folder.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace facemorph {

/// What to train, where, and for how long. The run ends at the first limit that is reached.
struct RunRequest {
  std::filesystem::path out;
  bool resume = false;
  TrainConfig config;  ///< with `resume`: read_config(), with changes if need be
  std::shared_ptr<const DataSet> pictures;  ///< those of config.data, if they are read already
  std::uint64_t memory = 0;  ///< bytes that the pictures may take; 0: half of what is free
  std::optional<std::uint64_t> steps;  ///< in all, also with `resume`
  std::optional<double> epochs;        ///< in all
  std::optional<double> minutes;       ///< from now on
  double publish_seconds = 0;          ///< at least, between Published events; 0: none
};

/// What a run has to say, in the order in which it happens; first, while it reads the pictures,
/// ReadingProgress.
struct PicturesRead {
  std::size_t count = 0;
  std::size_t kept = 0;     ///< in memory; the others are read while training
  std::uint64_t bytes = 0;  ///< of memory
  std::size_t other_files = 0;
  std::vector<SkippedPicture> skipped;
  std::vector<LeftOutFolder> left_out;
};
struct Resumed {
  std::filesystem::path checkpoint;  ///< empty: there was none, the run starts anew
  std::uint64_t step = 0;
  std::vector<std::string> torn;
};
struct Progress {
  std::uint64_t step = 0;
  double fraction = 0;  ///< of the work, by the nearest limit
  double seconds_left = 0;
  bool fresh = false;  ///< the report is of this step
  TrainReport report;  ///< the newest
};
/// Training holds, or goes on after that. What was done is saved by then.
struct Paused {
  std::uint64_t step = 0;
};
struct Continued {
  std::uint64_t step = 0;
};
struct Saved {
  std::filesystem::path path;
  std::uint64_t step = 0;
};
struct SamplesWritten {
  std::filesystem::path path;
  std::uint64_t step = 0;
};
/// The generator of an earlier step was measured in the background.
struct Scored {
  StepScores generator;
  Scores real;  ///< one half of the pictures against the other
  NearestPictures nearest;
  double seconds = 0;  ///< that measuring took
};
/// The generator of this moment, to be looked at while training goes on, and the sheet of its
/// faces. Immutable.
struct Published {
  std::shared_ptr<const GeneratorSnapshot> snapshot;
  std::shared_ptr<const Image> sheet;
};
/// Training broke down (see TrainingBrokeDown) and goes on from an earlier step, at half the rates.
struct RolledBack {
  std::uint64_t from = 0;
  std::uint64_t to = 0;
  double generator_rate = 0;
  double discriminator_rate = 0;
};
std::string text_of(const RolledBack& event);  ///< for people
/// Something went wrong that training can go on from: a full disk, a missing folder.
struct Trouble {
  std::string text;
};
struct Finished {
  std::uint64_t step = 0;
  bool stopped = false;              ///< asked to, before its limit
  std::filesystem::path checkpoint;  ///< the last that was saved; may be empty
  std::filesystem::path strip;       ///< the faces from the beginning to the end; may be empty
};
using TrainEvent =
    std::variant<ReadingProgress, PicturesRead, Resumed, Progress, Paused, Continued, Saved,
                 SamplesWritten, Scored, Published, RolledBack, Advice, Trouble, Finished>;

}  // namespace facemorph
