#pragma once

#include "base/lanes.hpp"
#include "runs/run_history.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace facemorph {

/// A run's faces from its beginning on, to be looked through. Sheets are read in the background
/// when they are looked at, and the last few stay.
class RunPast {
 public:
  explicit RunPast(Backstage& backstage);

  /// Looks at a run, or looks again at the same one.
  void look_at(const std::filesystem::path& run);
  /// Every frame: reads what was looked at.
  void update() { read_wanted(); }

  const std::filesystem::path& run() const { return run_; }
  const std::vector<RunMoment>& moments() const { return moments_; }  ///< ascending
  const std::vector<std::uint64_t>& checkpoints() const { return checkpoints_; }
  /// Pictures of one pass over the data; 0 when it is not known.
  double steps_a_pass() const { return steps_a_pass_; }
  /// The sheet of a moment; null until it has been read. The newest one asked for is read first.
  std::shared_ptr<const Image> sheet(const RunMoment& moment);
  const std::string& problem() const { return problem_; }

 private:
  struct Found {
    std::vector<RunMoment> moments;
    std::vector<std::uint64_t> checkpoints;
    double steps_a_pass = 0;
  };
  static Found find(const std::filesystem::path& run);
  void read_wanted();

  std::filesystem::path run_;
  std::vector<RunMoment> moments_;
  std::vector<std::uint64_t> checkpoints_;
  double steps_a_pass_ = 0;
  std::string problem_;
  bool looking_ = false;
  bool look_again_ = false;
  std::optional<std::filesystem::path> wanted_;
  bool reading_ = false;
  struct Sheet {
    std::filesystem::path path;
    std::shared_ptr<const Image> picture;  ///< null where it could not be read
  };
  std::list<Sheet> sheets_;  ///< the one looked at last in front
  Lane reader_;
};

}  // namespace facemorph
