#include "runs/run_folder.hpp"

#include "base/error.hpp"
#include "base/file_bytes.hpp"
#include "base/files.hpp"
#include "base/json.hpp"
#include "checkpoint/formats/checkpoint.hpp"
#include "runs/run_files.hpp"
#include "runs/run_history.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <tuple>

namespace facemorph {
namespace {

namespace fs = std::filesystem;

constexpr const char* kLock = ".lock";  // config.json is replaced by renaming, which loses its lock
constexpr std::size_t kNewestKept = 3;
constexpr std::size_t kMostGenerators = 60;
constexpr const char* kSaves = "training.saves";
constexpr std::string_view kColumns =
    "step,epoch,loss_d,loss_g,d_real,d_fake,d_fake_after,r1,images_per_second,share_real,"
    "share_fake,share_generator,share_other,scored_step,swd,ms_ssim\n";
static_assert(kColumns.starts_with(kLogBeginning));

std::string read_text(const fs::path& path) {
  const FileBytes file(path);
  return {reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()};
}

void write_config(const fs::path& run, const TrainConfig& config) {
  write_file_atomically(run / "config.json", json_text(to_json(config), 2) + "\n");
}

void write_beginning(const fs::path& run, const TrainConfig& config) {
  write_config(run, config);
  write_file_atomically(run / kLogName, kColumns);
}

/// How many checkpoints a run had saved when this one was written; 0 when that cannot be read.
std::int64_t saves_of(const fs::path& path) {
  try {
    const Checkpoint checkpoint = read_checkpoint(path);
    const auto found = checkpoint.metadata.find(kSaves);
    return found == checkpoint.metadata.end() ? 0 : std::stoll(found->second);
  } catch (const std::exception&) {
    return 0;
  }
}

std::string csv_row(const TrainReport& r, const std::optional<StepScores>& scored) {
  std::array<char, 512> text{};
  std::snprintf(text.data(), text.size(),
                "%llu,%.4f,%.6g,%.6g,%.6g,%.6g,%.6g,%.6g,%.2f,%.4f,%.4f,%.4f,%.4f",
                static_cast<unsigned long long>(r.step), r.epoch, r.loss_d, r.loss_g, r.d_real,
                r.d_fake, r.d_fake_after, r.r1, r.images_per_second, r.share_real, r.share_fake,
                r.share_generator, r.share_other);
  std::string row = text.data();
  if (!scored) return row + ",,,\n";
  std::snprintf(text.data(), text.size(), ",%llu,%.4f,%.5f\n",
                static_cast<unsigned long long>(scored->step), scored->scores.swd_mean,
                scored->scores.ms_ssim);
  return row + text.data();
}

}  // namespace

std::vector<std::uint64_t> saved_steps(const fs::path& run) {
  return steps_in(run / "checkpoints", ".safetensors");
}

RunFolder::RunFolder(fs::path path, TrainConfig config)
    : path_(std::move(path)),
      config_(std::move(config)),
      lock_(path_ / kLock, path_.string() + " is being trained in by another Facemorph.") {
  for (const char* folder : {"checkpoints", "samples", "history"})
    remove_unfinished_files(path_ / folder);
}

bool RunFolder::holds_run(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path / "config.json", ignored);
}

void RunFolder::check_free(const fs::path& path) {
  std::error_code error;
  if (holds_run(path))
    throw UsageError(path.string() +
                     " holds a training run already. Add --resume to go on with it, or choose "
                     "another folder.");
  if (fs::exists(path, error) && !fs::is_directory(path, error))
    throw UsageError(path.string() + " is a file; give a folder for the run.");
  if (fs::is_directory(path, error) && !fs::is_empty(path, error))
    throw UsageError(path.string() + " is not empty; give a new folder for the run.");
}

RunFolder RunFolder::create(const fs::path& path, const TrainConfig& config) {
  check_free(path);
  write_beginning(path, config);
  return {path, config};
}

bool RunFolder::restore() const {
  if (holds_run(path_)) return false;
  write_beginning(path_, config_);
  return true;
}

void RunFolder::change(const TrainConfig& config) {
  check_config(config);
  const auto shape = [](const TrainConfig& c) {
    return std::tuple(c.nz, c.ngf, c.ndf, c.channels, c.image_size, c.discriminator_norm);
  };
  if (shape(config) != shape(config_))
    throw UsageError(
        "The shape of the networks (nz, ngf, ndf, channels, image_size, discriminator_norm) cannot "
        "change in a run that has begun. Start a new one.");
  write_config(path_, config);
  config_ = config;
}

RunFolder RunFolder::open(const fs::path& path) {
  return {path, read_config(path)};
}

TrainConfig read_config(const fs::path& run) {
  if (!RunFolder::holds_run(run))
    throw Error(run.string() + " holds no training run (no config.json).");
  try {
    const std::string text = read_text(run / "config.json");
    TrainConfig config = config_from_json(parse_ordered_json(text));
    check_config(config);
    return config;
  } catch (const std::exception& error) {
    throw Error((run / "config.json").string() + " is damaged: " + error.what());
  }
}

fs::path RunFolder::checkpoint_path(std::uint64_t step) const {
  return checkpoint_file(path_, step);
}

std::map<std::string, std::string> RunFolder::metadata(std::uint64_t step) const {
  auto metadata =
      generator_metadata({config_.nz, config_.ngf, config_.channels, config_.image_size});
  metadata["facemorph.step"] = std::to_string(step);
  metadata["facemorph.data"] = config_.data;
  return metadata;
}

fs::path RunFolder::save(const TensorTable& state, std::uint64_t step,
                         std::optional<std::uint64_t> good) {
  std::vector<std::uint64_t> steps = saved_steps(path_);
  std::erase_if(steps, [&](std::uint64_t other) { return other >= step; });  // torn ones
  const std::int64_t saves = steps.empty() ? 0 : saves_of(checkpoint_path(steps.back()));
  auto facts = metadata(step);
  facts[kSaves] = std::to_string(saves + 1);
  const fs::path path = checkpoint_path(step);
  write_checkpoint(path, state, facts);
  prune(step, good);
  return path;
}

/// Never touches what is newer: torn files, which a resumed run has passed over.
void RunFolder::prune(std::uint64_t newest, std::optional<std::uint64_t> good) {
  std::vector<std::uint64_t> steps = saved_steps(path_);
  std::erase_if(steps, [&](std::uint64_t step) { return step > newest; });
  steps.resize(steps.size() - std::min(steps.size(), kNewestKept));
  for (const std::uint64_t step : steps) {
    if (step == good || kept_.contains(step)) continue;
    const fs::path path = checkpoint_path(step);
    std::error_code ignored;
    if (saves_of(path) % config_.keep_every == 0)
      kept_.insert(step);
    else
      fs::remove(path, ignored);
  }
}

std::optional<SavedState> RunFolder::newest() const {
  std::vector<std::uint64_t> steps = saved_steps(path_);
  SavedState saved;
  for (; !steps.empty(); steps.pop_back()) {
    saved.path = checkpoint_path(steps.back());
    try {
      Checkpoint checkpoint = read_checkpoint(saved.path);
      saved.tensors = std::move(checkpoint.state_dicts.at(0).tensors);
      saved.step = steps.back();
      return saved;
    } catch (const Error& error) {
      saved.torn.emplace_back(error.what());
    }
  }
  if (saved.torn.empty()) return std::nullopt;
  throw Error("No checkpoint of " + path_.string() +
              " is whole. The newest: " + saved.torn.front());
}

void RunFolder::set_aside(std::uint64_t step) const {
  const fs::path path = checkpoint_path(step);
  fs::path aside = path;
  std::error_code error;
  fs::rename(path, aside += ".broken", error);
  if (error) throw Error(path.string() + " could not be renamed: " + error.message() + ".");
}

bool RunFolder::has_samples(std::uint64_t step) const {
  std::error_code ignored;
  return fs::exists(sheet_file(path_, step), ignored);
}

fs::path RunFolder::write_samples(const GeneratorSnapshot& snapshot, const Image& sheet) const {
  // Half the precision is as good for the eye; the statistics may be larger than it can hold.
  TensorTable weights;
  for (const auto& [name, tensor] : snapshot.generator.tensors.entries())
    weights.set(name, tensor.shape.size() == 4 ? convert_floats(tensor, DType::Float16) : tensor);
  write_checkpoint(weights_file(path_, snapshot.step), weights, metadata(snapshot.step));
  const fs::path path = sheet_file(path_, snapshot.step);
  write_png(path, sheet);
  std::error_code ignored;
  for (const std::uint64_t step :
       surplus_moments(steps_in(path_ / "history", ".safetensors"), kMostGenerators))
    fs::remove(weights_file(path_, step), ignored);
  return path;
}

std::optional<fs::path> RunFolder::write_strip() const {
  constexpr std::size_t kMoments = 6;
  const std::vector<RunMoment> moments = moments_of(path_);
  if (moments.empty()) return std::nullopt;
  const fs::path path = path_ / "strip.png";
  write_png(path, strip_of(moments, config_.image_size, kMoments));
  return path;
}

fs::path RunFolder::write_nearest(const Image& image) const {
  const fs::path path = path_ / "nearest.png";
  write_png(path, image);
  return path;
}

void RunFolder::log(const TrainReport& report, const std::optional<StepScores>& scores) const {
  const fs::path path = path_ / kLogName;
  std::ofstream file(path, std::ios::app);
  file << csv_row(report, scores) << std::flush;
  if (!file) throw Error(path.string() + " could not be written.");
}

void RunFolder::rewind(std::uint64_t step) const {
  std::error_code ignored;
  for (const std::uint64_t later : steps_in(path_ / "samples", ".png"))
    if (later > step) fs::remove(sheet_file(path_, later), ignored);
  for (const std::uint64_t later : steps_in(path_ / "history", ".safetensors"))
    if (later > step) fs::remove(weights_file(path_, later), ignored);
  const fs::path path = path_ / kLogName;
  std::string kept(kColumns);
  std::ifstream file(path);
  if (!file && fs::exists(path)) throw Error(path.string() + " could not be read.");
  std::string line;
  std::getline(file, line);                          // the column names
  while (std::getline(file, line) && !file.eof()) {  // a line without its end is torn
    std::uint64_t row_step = 0;
    const auto [rest, error] = std::from_chars(line.data(), line.data() + line.size(), row_step);
    if (error == std::errc() && *rest == ',' && row_step <= step) kept += line + "\n";
  }
  write_file_atomically(path, kept);
}

}  // namespace facemorph
