#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

// Where the files of a run's steps are: <folder>/step-00001000.png and the like.

namespace facemorph {

std::filesystem::path step_file(const std::filesystem::path& folder, std::uint64_t step,
                                std::string_view extension);

/// Steps of the files step-N<extension> in a folder, ascending; none when it is not there. Throws
/// Error when it cannot be listed.
std::vector<std::uint64_t> steps_in(const std::filesystem::path& folder,
                                    std::string_view extension);

/// The files of a run beside config.json and metrics.csv.
std::filesystem::path checkpoint_file(const std::filesystem::path& run, std::uint64_t step);
std::filesystem::path sheet_file(const std::filesystem::path& run, std::uint64_t step);
std::filesystem::path weights_file(const std::filesystem::path& run, std::uint64_t step);

/// One row a report, and how its first row begins: that tells a run's folder.
inline constexpr const char* kLogName = "metrics.csv";
inline constexpr std::string_view kLogBeginning = "step,epoch,loss_d,";

/// Pixels between the faces of a sheet.
inline constexpr int kSheetGap = 2;

}  // namespace facemorph
