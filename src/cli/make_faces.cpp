#include "base/error.hpp"
#include "base/files.hpp"
#include "cli/commands.hpp"
#include "train/drawn_face.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <cstdio>
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

std::string file_name(std::uint64_t index) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%06llu.png", static_cast<unsigned long long>(index));
  return text.data();
}

void add_row(std::string& csv, const std::string& name, const DrawnFace& face) {
  if (csv.empty()) {
    csv = "file";
    for (const auto& [label, value] : face_labels(face))
      csv += "," + label;
    csv += "\n";
  }
  csv += "images/" + name;
  for (const auto& [label, value] : face_labels(face)) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), ",%.6g", value);
    csv += text.data();
  }
  csv += "\n";
}

void make_faces(const MakeFacesOptions& options) {
  const fs::path folder = options.output;
  if (fs::exists(folder) && !(fs::is_directory(folder) && fs::is_empty(folder)))
    throw UsageError(options.output + " is there already; give a new folder.");
  std::string csv;
  for (std::uint64_t i = 0; i < options.count; ++i) {
    const DrawnFace face = drawn_face(options.seed + i);
    write_png(folder / "images" / file_name(i), draw_face(face, options.size));
    add_row(csv, file_name(i), face);
  }
  write_file_atomically(folder / "labels.csv", csv);
  if (options.json)
    std::cout << nlohmann::ordered_json{{"faces", options.count},
                                        {"images", (folder / "images").string()},
                                        {"labels", (folder / "labels.csv").string()}}
                     .dump(2)
              << "\n";
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
