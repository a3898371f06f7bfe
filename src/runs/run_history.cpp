#include "runs/run_history.hpp"

#include "base/error.hpp"
#include "base/file_bytes.hpp"
#include "base/files.hpp"
#include "runs/run_files.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fstream>
#include <limits>
#include <optional>

namespace facemorph {
namespace {

namespace fs = std::filesystem;

/// 1, 2, … 10, 20, … 100, 200, …
bool is_round(std::uint64_t number) {
  while (number >= 10 && number % 10 == 0)
    number /= 10;
  return number > 0 && number < 10;
}

/// The fields of a row; empty ones, and what is no number, are NaN.
std::vector<double> numbers_of(const std::string& row) {
  std::vector<double> numbers;
  const char* at = row.data();
  const char* end = at + row.size();
  while (true) {
    double value = std::numeric_limits<double>::quiet_NaN();
    const char* comma = std::find(at, end, ',');
    std::from_chars(at, comma, value);
    numbers.push_back(value);
    if (comma == end) return numbers;
    at = comma + 1;
  }
}

TrainReport report_of(const std::vector<double>& row) {
  TrainReport report;
  report.step = static_cast<std::uint64_t>(row[0]);
  const std::array<double*, 12> fields = {&report.epoch,
                                          &report.loss_d,
                                          &report.loss_g,
                                          &report.d_real,
                                          &report.d_fake,
                                          &report.d_fake_after,
                                          &report.r1,
                                          &report.images_per_second,
                                          &report.share_real,
                                          &report.share_fake,
                                          &report.share_generator,
                                          &report.share_other};
  for (std::size_t i = 0; i < fields.size(); ++i)
    *fields[i] = row[i + 1];
  return report;
}

void copy_whole(const fs::path& from, const fs::path& to) {
  const FileBytes file(from);
  write_file_atomically(to, file.bytes());
}

}  // namespace

bool is_moment(std::uint64_t step, const TrainConfig& config, std::size_t pictures) {
  constexpr std::array<std::uint64_t, 5> kEarly = {0, 25, 50, 100, 200};
  constexpr std::uint64_t kLeastSteps = 10;  // a pass over a few pictures is no event
  if (std::ranges::find(kEarly, step) != kEarly.end()) return true;
  if (step % static_cast<std::uint64_t>(config.samples_every) == 0) return true;
  if (step < kLeastSteps) return false;
  const auto passes = [&](std::uint64_t steps) {
    return steps * static_cast<std::uint64_t>(config.batch) / pictures;
  };
  return passes(step) != passes(step - 1) && is_round(passes(step));
}

std::vector<std::uint64_t> surplus_moments(std::vector<std::uint64_t> steps, std::size_t most) {
  std::vector<std::uint64_t> surplus;
  while (steps.size() > std::max<std::size_t>(most, 2)) {
    std::size_t densest = 1;
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t i = 1; i + 1 < steps.size(); ++i) {
      const double gap =
          static_cast<double>(steps[i + 1] + 1) / static_cast<double>(steps[i - 1] + 1);
      if (gap >= least) continue;
      least = gap;
      densest = i;
    }
    surplus.push_back(steps[densest]);
    steps.erase(steps.begin() + static_cast<std::ptrdiff_t>(densest));
  }
  return surplus;
}

std::vector<RunMoment> moments_of(const fs::path& run) {
  std::vector<RunMoment> moments;
  const std::vector<std::uint64_t> kept = steps_in(run / "history", ".safetensors");
  for (const std::uint64_t step : steps_in(run / "samples", ".png"))
    moments.push_back(
        {step, sheet_file(run, step),
         std::ranges::binary_search(kept, step) ? weights_file(run, step) : fs::path()});
  return moments;
}

RunLog read_log(const fs::path& run) {
  constexpr std::size_t kReport = 13;  // columns
  RunLog log;
  std::ifstream file(run / kLogName);
  std::string line;
  std::getline(file, line);                          // the column names
  while (std::getline(file, line) && !file.eof()) {  // a line without its end is torn
    const std::vector<double> row = numbers_of(line);
    if (row.size() < kReport + 3 || !(row[0] >= 0)) continue;
    log.reports.push_back(report_of(row));
    if (std::isfinite(row[kReport]))
      log.scores.push_back(
          {static_cast<std::uint64_t>(row[kReport]), row[kReport + 1], row[kReport + 2]});
  }
  return log;
}

Image strip_of(std::span<const RunMoment> moments, int image_size, std::size_t rows) {
  Image strip;
  const std::size_t count = std::min(rows, moments.size());
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t place = count == 1 ? 0 : i * (moments.size() - 1) / (count - 1);
    const fs::path& file = moments[place].sheet;
    const Image sheet = read_png(file);
    const auto height = static_cast<std::size_t>(image_size + kSheetGap);
    if (sheet.height < static_cast<int>(height) || (i > 0 && sheet.width != strip.width))
      throw Error(file.string() + " is not a sample sheet of this run.");
    const std::size_t row_bytes = static_cast<std::size_t>(sheet.width) * 4;
    strip.width = sheet.width;
    strip.height += static_cast<int>(height);
    strip.rgba.insert(strip.rgba.end(), sheet.rgba.begin(),
                      sheet.rgba.begin() + static_cast<std::ptrdiff_t>(height * row_bytes));
  }
  return strip;
}

void branch_run(const fs::path& run, std::uint64_t step, const fs::path& out) {
  const TrainConfig config = read_config(run);
  RunFolder::check_free(out);
  const fs::path checkpoint = checkpoint_file(run, step);
  if (!fs::exists(checkpoint))
    throw Error(run.string() + " keeps no checkpoint of step " + std::to_string(step) +
                " any more. Choose another.");
  copy_whole(checkpoint, checkpoint_file(out, step));
  for (const RunMoment& moment : moments_of(run)) {
    if (moment.step > step) break;
    copy_whole(moment.sheet, sheet_file(out, moment.step));
    if (!moment.weights.empty()) copy_whole(moment.weights, weights_file(out, moment.step));
  }
  if (fs::exists(run / kLogName)) copy_whole(run / kLogName, out / kLogName);
  // Last: a folder without it holds no run yet.
  copy_whole(run / "config.json", out / "config.json");
  RunFolder::open(out).rewind(step);
}

std::optional<RunSummary> summary_of(const fs::path& path) {
  if (!RunFolder::holds_run(path)) return std::nullopt;
  try {
    const TrainConfig config = read_config(path);
    RunSummary summary;
    summary.path = path;
    const std::vector<std::uint64_t> steps = saved_steps(path);
    if (!steps.empty()) summary.step = steps.back();
    summary.image_size = config.image_size;
    summary.data = config.data;
    summary.changed = fs::last_write_time(path / kLogName);
    return summary;
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

std::vector<RunSummary> list_runs(const fs::path& folder) {
  std::vector<RunSummary> runs;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error))
    if (auto summary = summary_of(entry.path())) runs.push_back(std::move(*summary));
  std::ranges::sort(runs, std::greater{}, &RunSummary::changed);
  return runs;
}

}  // namespace facemorph
