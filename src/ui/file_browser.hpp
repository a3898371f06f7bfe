#pragma once

#include "base/lanes.hpp"
#include "ui/system_dialog.hpp"
#include "ui/ui.hpp"

#include <array>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace facemorph {

/// The part of a dialog that walks through folders. Folders are read in the background.
class FileBrowser {
 public:
  using Test = bool (*)(const std::filesystem::path&);
  struct Options {
    Test likely = nullptr;   ///< files that stand out; the others are dimmed
    Test counted = nullptr;  ///< files to count
    /// What can be chosen, for "NAME is not …" about other files; empty: every file.
    std::string expected;
    SystemChoice wanted = SystemChoice::File;  ///< what the desktop's own dialog is asked for
    std::string title;                         ///< of that dialog
  };
  FileBrowser(Options options, Backstage& backstage);
  ~FileBrowser();

  /// When the dialog appears: goes there, or as far as there are folders.
  void open(const std::filesystem::path& folder);
  /// While it does not show: gives up what is under way. Stays in its folder.
  void close();

  /// The path and the entries; leaves `foot` below them.
  void draw(Ui& ui, float foot);
  /// Hands over to the desktop's own dialog. Nothing where there is none.
  void draw_system_button(Ui& ui, float width);

  const std::filesystem::path& folder() const { return folder_; }  ///< empty before open()
  /// A file that can be chosen, or empty.
  const std::filesystem::path& selected() const { return selected_; }
  /// What was double-clicked, typed or found by the desktop's dialog since the last call.
  std::optional<std::filesystem::path> take_chosen();
  /// What lies directly in the folder, once it is read.
  struct Counts {
    std::size_t folders = 0;
    std::size_t counted = 0;
  };
  const std::optional<Counts>& counts() const { return counts_; }

 private:
  struct Entry {
    std::filesystem::path path;
    std::string name;
    std::string size;  ///< empty for folders
    bool folder = false;
    bool likely = false;
  };
  struct Listing {
    std::filesystem::path folder;
    std::vector<Entry> entries;
    std::size_t left_out = 0;  ///< beyond what anybody can look through
    Counts counts;
  };
  static Listing list(const std::filesystem::path& folder, const Options& options,
                      const std::stop_token& stop);
  void go(const std::filesystem::path& folder);
  void look_up(const std::filesystem::path& path);
  void show_path();
  bool can_be_chosen(const std::filesystem::path& file) const;
  void choose(const std::filesystem::path& file);  ///< says so where it cannot be
  void draw_entries(Ui& ui, float height);
  void draw_entry(Ui& ui, const Entry& entry, std::filesystem::path& enter);

  Options options_;
  std::filesystem::path folder_;
  std::vector<Entry> entries_;
  std::size_t left_out_ = 0;
  std::optional<Counts> counts_;
  std::string problem_;
  std::array<char, 4096> typed_{};
  std::filesystem::path selected_;
  std::optional<std::filesystem::path> chosen_;
  bool has_system_dialog_ = false;
  std::stop_source listing_;
  std::stop_source looking_up_;
  Lane folders_;
  SystemDialog system_dialog_;
};

}  // namespace facemorph
