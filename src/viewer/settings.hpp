#pragma once

#include "record/export_settings.hpp"
#include "viewer/training_plan.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace facemorph {

/// Faces that a person has kept, and the model that makes them.
struct KeptFaces {
  std::string model;  ///< its name, for people; empty where an earlier version kept them
  std::string path;   ///< of its file; empty for the bundled model
  std::vector<Face> faces;
  bool operator==(const KeptFaces&) const = default;
};

/// What is kept from run to run, in <config folder>/settings.json.
struct Settings {
  std::vector<std::string> recent;  ///< absolute paths, newest first, at most kMaxRecent
  std::map<std::string, KeptFaces> favourites;  ///< by content hash of the model
  Filter filter = kDefaultFilter;
  float ui_scale = 0.0F;  ///< 0: follow the display
  int window_width = 1280;
  int window_height = 800;
  float gallery_width = 0;  ///< at scale 1; 0: as suits the window
  float side_width = 0;
  int tab = 0;  ///< the open one of the side panel
  Priority priority = Priority::Balanced;
  std::vector<std::string> runs;  ///< folders of training runs, newest first, at most kMaxRecent
  /// A run that goes on by itself at the next start.
  struct Unfinished {
    std::string run;  ///< empty: none
    double minutes = 0;
    bool operator==(const Unfinished&) const = default;
  };
  Unfinished unfinished;
  ExportSettings video;  ///< format, size, rate, quality and layout are kept

  static constexpr std::size_t kMaxRecent = 10;
  /// Moves or adds a path to the front.
  void remember(const std::filesystem::path& path);
  void remember_run(const std::filesystem::path& path);
  bool operator==(const Settings&) const = default;
};

/// Missing or broken files give defaults (a broken field gives that field's default): settings are
/// never a reason not to start. `problem`, when given, learns what could not be read, and would be
/// lost when the file is written again.
Settings load_settings(const std::filesystem::path& path, std::string* problem = nullptr);
/// Atomic. Throws Error.
void save_settings(const std::filesystem::path& path, const Settings& settings);

}  // namespace facemorph
