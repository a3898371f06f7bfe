#pragma once

#include "base/lanes.hpp"
#include "ui/ui.hpp"

#include <array>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace facemorph {

/// A field for the name of what is to be written. Whether a name is taken is asked in the
/// background, so that a disk that does not answer is not felt, and every question on a lane of its
/// own, so that one that hangs does not keep the next.
class FileNameField {
 public:
  explicit FileNameField(Backstage& backstage) : backstage_(backstage) {}

  /// Shows this name.
  void show(const std::filesystem::path& path);
  /// Shows this name and, once the disk has answered, one like it that is free, unless something
  /// was typed meanwhile. `ending`: as in unused_path().
  void propose(const std::filesystem::path& path, const std::string& ending);
  /// Shows this name in place of the one that was typed.
  void change(const std::filesystem::path& path);
  /// `target`: what would be written if this were the name.
  using Target = std::function<std::filesystem::path(const std::filesystem::path&)>;
  void draw(Ui& ui, const char* name, const char* tip, const Target& target);

  std::filesystem::path path() const { return text_.data(); }
  bool empty() const { return text_.front() == '\0'; }
  /// Whether the name is a person's own.
  bool typed() const { return typed_; }
  /// Whether something of that name is there already; false until the disk has answered.
  bool taken() const { return taken_.value_or(false); }
  /// Whether the folder that it would be in is not there; false until the disk has answered.
  bool needs_folder() const { return needs_folder_; }
  /// Call it with whether the button was pressed that writes. Returns whether to do so now: a press
  /// from before the disk has answered counts then, but never replaces anything.
  bool confirm(bool pressed);
  /// Whether it was pressed, and the disk has not answered yet.
  bool waiting() const { return waits_; }

 private:
  void look_for(const std::filesystem::path& target);

  Backstage& backstage_;
  std::array<char, 4096> text_{};
  bool set_ = false;  ///< since it was drawn last
  struct Answer {
    bool taken = false;
    bool folder = true;
  };
  bool typed_ = false;
  bool proposing_ = false;
  bool waits_ = false;
  std::optional<std::filesystem::path> looked_for_;
  std::optional<bool> taken_;
  bool needs_folder_ = false;
  std::optional<Lane> lane_;  ///< of the newest question
};

}  // namespace facemorph
