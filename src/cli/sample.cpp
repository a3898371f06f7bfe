#include "cli/commands.hpp"

#include "base/error.hpp"
#include "cli/print_json.hpp"

#include <algorithm>
#include <cmath>
#include <iostream>

namespace facemorph {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBatch = 16;

struct SampleOptions {
  ModelOptions model;
  std::string seeds = "0-63";
  std::string grid;
  std::string output;
  int size = 0;
  int gap = 2;
  float truncation = 1.0F;
  Filter filter = kDefaultFilter;
  bool json = false;
};

/// A trailing slash, or a folder that is there, asks for single files.
bool wants_folder(const std::string& output) {
  std::error_code ignored;
  return output.ends_with('/') || fs::is_directory(output, ignored);
}

/// Calls `take(index, image)` for every seed's face, in order.
template <typename Take>
void generate_faces(Engine& engine, const std::vector<std::uint64_t>& seeds,
                    const SampleOptions& options, Take take) {
  for (std::size_t start = 0; start < seeds.size(); start += kBatch) {
    std::vector<Latent> latents;
    for (std::size_t i = start; i < std::min(start + kBatch, seeds.size()); ++i)
      latents.push_back(truncate(seed_latent(seeds[i], engine.info().nz), options.truncation));
    std::vector<Image> images = engine.generate(latents);
    for (std::size_t i = 0; i < images.size(); ++i) {
      Image& image = images[i];
      if (options.size > 0)
        image =
            resize(image, options.size, options.size * image.height / image.width, options.filter);
      take(start + i, std::move(image));
    }
  }
}

std::string padded(std::uint64_t seed, std::uint64_t largest) {
  std::string text = std::to_string(seed);
  return std::string(std::to_string(largest).size() - text.size(), '0') + text;
}

std::vector<std::string> write_files(Engine& engine, const std::vector<std::uint64_t>& seeds,
                                     const SampleOptions& options) {
  const std::uint64_t largest = *std::ranges::max_element(seeds);
  std::vector<std::string> files;
  generate_faces(engine, seeds, options, [&](std::size_t index, const Image& image) {
    const fs::path path = fs::path(options.output) / (padded(seeds[index], largest) + ".png");
    write_png(path, image);
    files.push_back(path.string());
  });
  return files;
}

std::vector<std::string> write_sheet(Engine& engine, const std::vector<std::uint64_t>& seeds,
                                     const SampleOptions& options) {
  int columns =
      std::max(1, static_cast<int>(std::ceil(std::sqrt(static_cast<double>(seeds.size())))));
  if (!options.grid.empty()) {
    const auto [wide, high] = parse_grid(options.grid);
    if (static_cast<std::size_t>(wide) * static_cast<std::size_t>(high) < seeds.size())
      throw UsageError("--grid " + options.grid + " has fewer places than the " +
                       std::to_string(seeds.size()) + " seeds asked for.");
    columns = wide;
  }
  const int side = options.size > 0 ? options.size : engine.info().width;
  const double pixels = static_cast<double>(seeds.size()) * side * side;
  if (pixels > 4e8)
    throw UsageError(
        "That picture would have " + std::to_string(static_cast<long>(pixels / 1e6)) +
        " million pixels. Ask for fewer seeds or a smaller --size, or give a folder (-o DIR/).");
  std::vector<Image> images;
  generate_faces(engine, seeds, options,
                 [&](std::size_t, Image image) { images.push_back(std::move(image)); });
  write_png(options.output, contact_sheet(images, columns, options.gap));
  return {options.output};
}

void check_output(const std::string& output) {
  const std::string extension = fs::path(output).extension().string();
  if (wants_folder(output) || extension == ".png" || extension == ".PNG") return;
  throw UsageError("-o " + output +
                   ": give a name that ends in .png, or a folder (-o DIR/) for single files.");
}

void sample(const SampleOptions& options) {
  check_output(options.output);
  const std::vector<std::uint64_t> seeds = parse_seeds(options.seeds);
  const auto engine = make_engine(*load_asked_model(options.model), options.model.engine);
  const auto files = wants_folder(options.output) ? write_files(*engine, seeds, options)
                                                  : write_sheet(*engine, seeds, options);
  if (options.json)
    print_json(nlohmann::ordered_json{{"faces", seeds.size()}, {"seeds", seeds}, {"files", files}});
}

}  // namespace

void add_sample_command(CLI::App& app) {
  auto options = std::make_shared<SampleOptions>();
  CLI::App* command =
      app.add_subcommand("sample", "Writes the faces of seeds as one picture, or as single files");
  add_model_options(*command, options->model, true);
  command
      ->add_option("--seeds", options->seeds,
                   "Which faces, e.g. 0-63 or 1,5,9; seed s is the face of torch.manual_seed(s) "
                   "in Python (default 0-63)")
      ->option_text("LIST");
  command
      ->add_option("--grid", options->grid, "Columns x rows of the picture (default: about square)")
      ->option_text("8x8");
  command
      ->add_option("--size", options->size,
                   "Width of one face in pixels (default: the model's own)")
      ->check(CLI::Range(1, 4096))
      ->option_text("PX");
  command->add_option("--gap", options->gap, "Pixels between faces (default 2)")
      ->check(CLI::Range(0, 256))
      ->option_text("PX");
  command
      ->add_option("--truncation", options->truncation,
                   "Scale latents towards the mean face (default 1)")
      ->check(between(0, 10))
      ->option_text("PSI");
  add_filter_option(*command, options->filter);
  command
      ->add_option("-o,--output", options->output,
                   "grid.png for one picture, DIR/ for one file a seed: DIR/<seed>.png")
      ->required()
      ->option_text("PATH");
  command->add_flag("--json", options->json, "Print one JSON object: what was written");
  command->callback([options] { sample(*options); });
}

}  // namespace facemorph
