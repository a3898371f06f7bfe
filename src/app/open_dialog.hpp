#pragma once

#include "app/panels.hpp"

#include <array>
#include <filesystem>
#include <string>
#include <vector>

namespace facemorph {

/// Browses folders for a checkpoint or a session. Folders are read in the background.
class OpenDialog {
 public:
  void draw(Ui& ui, Viewer& viewer, WindowState& window);

 private:
  struct Entry {
    std::filesystem::path path;
    std::string name;
    std::string size;  ///< empty for folders
    bool folder = false;
    bool likely = false;  ///< named like one of these
  };
  static std::vector<Entry> list(const std::filesystem::path& folder);
  void go(Viewer& viewer, const std::filesystem::path& folder);
  void draw_entries(Ui& ui, Viewer& viewer, WindowState& window, float height);
  void open(Viewer& viewer, WindowState& window, const std::filesystem::path& path);

  std::filesystem::path folder_;
  std::vector<Entry> entries_;
  std::string problem_;
  std::array<char, 4096> typed_{};
  std::filesystem::path selected_;
  bool listed_ = false;
};

}  // namespace facemorph
