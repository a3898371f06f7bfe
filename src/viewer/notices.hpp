#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace facemorph {

/// A message for the person at the window.
struct Notice {
  enum class Kind { Info, Warning, Error };
  Kind kind = Kind::Info;
  std::string title;
  std::string text;
  double seconds_left = 0;  ///< errors stay until dismissed
};

/// The messages on show, the newest last.
class Notices {
 public:
  /// Takes the place of one with the same title.
  void notify(Notice::Kind kind, std::string title, std::string text);
  void info(std::string title, std::string text);
  void warn(std::string title, std::string text);
  void error(std::string title, std::string text);
  /// They fade by themselves, but for errors.
  void age(double seconds);
  void dismiss(std::size_t index);
  void dismiss_newest();
  /// Of a title, or of titles that begin like this, when what they say is no longer so.
  void withdraw(const std::string& title);
  void clear() { list_.clear(); }

  bool empty() const { return list_.empty(); }
  std::size_t size() const { return list_.size(); }
  const Notice& operator[](std::size_t index) const { return list_[index]; }
  const Notice& back() const { return list_.back(); }
  auto begin() const { return list_.begin(); }
  auto end() const { return list_.end(); }

 private:
  std::vector<Notice> list_;
};

}  // namespace facemorph
