#include "base/error.hpp"
#include "base/files.hpp"
#include "cli/commands.hpp"
#include "cli/print_json.hpp"
#include "runs/drawn_set.hpp"

#include <nlohmann/json.hpp>

#include <iostream>

namespace facemorph {
namespace {

namespace fs = std::filesystem;

struct MakeFacesOptions {
  std::uint64_t count = 2000;
  std::uint64_t seed = 0;
  int size = 64;
  std::string output;
  bool json = false;
};

void make_faces(const MakeFacesOptions& options) {
  const fs::path folder = options.output;
  if (is_there(folder) && !(fs::is_directory(folder) && fs::is_empty(folder)))
    throw UsageError(options.output + " is there already; give a new folder.");
  write_drawn_set(folder, options.count, options.seed, options.size);
  if (options.json)
    print_json(nlohmann::ordered_json{{"faces", options.count},
                                      {"images", (folder / "images").string()},
                                      {"labels", (folder / "labels.csv").string()}});
  else
    std::cout << options.count << " faces in " << (folder / "images").string() << ", labels in "
              << (folder / "labels.csv").string() << "\n";
}

}  // namespace

void add_make_faces_command(CLI::App& app) {
  auto options = std::make_shared<MakeFacesOptions>();
  CLI::App* command = app.add_subcommand(
      "make-faces", "Draws simple faces with labels, to try training without pictures");
  command->add_option("--count", options->count, "How many (default 2000)")
      ->check(CLI::Range(1, 1'000'000))
      ->option_text("N");
  command->add_option("--seed", options->seed, "Of the first face; the next has the next seed")
      ->option_text("N");
  command->add_option("--size", options->size, "Width in pixels (default 64)")
      ->check(CLI::Range(16, 1024))
      ->option_text("PX");
  command->add_option("-o,--out", options->output, "A new folder for images/ and labels.csv")
      ->required()
      ->option_text("DIR");
  command->add_flag("--json", options->json, "Print one JSON object: what was written");
  command->callback([options] { make_faces(*options); });
}

}  // namespace facemorph
