#pragma once

#include "base/ui_queue.hpp"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace facemorph {

/// The one thread that writes what a person made: sessions, settings, pictures. In the order asked
/// for; of a file that waits twice only the newest version is written, so that an older one never
/// wins. Nothing else is done there, so that no folder that hangs keeps a file from being written.
class Saver {
 public:
  explicit Saver(const UiQueue& queue);
  /// Writes what waits, for at most `kPatience`.
  ~Saver();
  Saver(const Saver&) = delete;
  Saver& operator=(const Saver&) = delete;
  static constexpr std::chrono::seconds kPatience{10};

  /// What comes of a file, told on the UI thread. Of versions that were replaced while they waited
  /// nothing is told: the newer one speaks for them.
  struct Outcome {
    std::function<void()> done;
    std::function<void(const std::string& reason)> failed;
  };
  /// Calls `write` on the saver's thread; it must own what it uses. `file` tells versions of one
  /// file from other files, also where the last name is found by `write`.
  void save(const std::filesystem::path& file, std::function<void()> write, Outcome outcome = {});

  /// Nobody waits for what is not written by now.
  void give_up();

  /// What is being written.
  struct Status {
    std::filesystem::path file;
    std::size_t waiting = 0;  ///< files behind it
  };
  /// Nothing when everything is on the disk, and all outcomes are with the queue.
  std::optional<Status> status() const;
  bool idle() const { return !status(); }

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace facemorph
