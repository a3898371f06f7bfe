#pragma once

#include "base/lanes.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>

namespace facemorph {

/// What a person is asked for.
enum class SystemChoice { Folder, File };

/// Whether zenity or kdialog is in PATH: the desktop's own file dialog.
bool has_system_dialog();

/// Shows it, beginning in the folder `start`, and waits. Nothing when it was cancelled, or when
/// `stop` was asked for, which closes it. Throws Error when it cannot be shown.
std::optional<std::filesystem::path> ask_system_for(SystemChoice what,
                                                    const std::filesystem::path& start,
                                                    const std::string& title,
                                                    const std::stop_token& stop = {});

/// The same beside the UI thread, which takes the answer. One dialog at a time.
class SystemDialog {
 public:
  explicit SystemDialog(Backstage& backstage);
  ~SystemDialog();  ///< closes the dialog
  SystemDialog(const SystemDialog&) = delete;
  SystemDialog& operator=(const SystemDialog&) = delete;

  /// Closes the one that is open.
  void ask(SystemChoice what, const std::filesystem::path& start, const std::string& title);
  void close();
  bool open() const { return open_; }

  struct Answer {
    std::filesystem::path path;  ///< empty: cancelled, or there is a problem
    std::string problem;
  };
  /// The answer since the last call, if any.
  std::optional<Answer> take_answer();

 private:
  void answer(const std::stop_token& asked, Answer answer);

  bool open_ = false;
  std::optional<Answer> answer_;
  std::stop_source stop_;
  Lane waiter_;
};

}  // namespace facemorph
