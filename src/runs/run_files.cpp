#include "runs/run_files.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

namespace facemorph {
namespace {

namespace fs = std::filesystem;

std::optional<std::uint64_t> step_of(const fs::path& file) {
  const std::string stem = file.stem().string();
  if (!stem.starts_with("step-")) return std::nullopt;
  std::uint64_t step = 0;
  const char* end = stem.data() + stem.size();
  const auto [rest, error] = std::from_chars(stem.data() + 5, end, step);
  return error == std::errc() && rest == end ? std::optional(step) : std::nullopt;
}

}  // namespace

fs::path step_file(const fs::path& folder, std::uint64_t step, std::string_view extension) {
  const std::string digits = std::to_string(step);
  std::string name = "step-" + std::string(8 - std::min<std::size_t>(8, digits.size()), '0');
  return folder / (name + digits).append(extension);
}

std::vector<std::uint64_t> steps_in(const fs::path& folder, std::string_view extension) {
  std::vector<std::uint64_t> steps;
  std::error_code error;
  fs::directory_iterator entries(folder, error);
  if (error == std::errc::no_such_file_or_directory) return steps;
  if (error) throw Error(folder.string() + " could not be listed: " + error.message() + ".");
  for (const auto& entry : entries)
    if (const auto step = step_of(entry.path()); step && entry.path().extension() == extension)
      steps.push_back(*step);
  std::ranges::sort(steps);
  return steps;
}

fs::path checkpoint_file(const fs::path& run, std::uint64_t step) {
  return step_file(run / "checkpoints", step, ".safetensors");
}

fs::path sheet_file(const fs::path& run, std::uint64_t step) {
  return step_file(run / "samples", step, ".png");
}

fs::path weights_file(const fs::path& run, std::uint64_t step) {
  return step_file(run / "history", step, ".safetensors");
}

}  // namespace facemorph
