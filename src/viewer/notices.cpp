#include "viewer/notices.hpp"

#include <utility>

namespace facemorph {
namespace {

constexpr double kSeconds = 6.0;
constexpr std::size_t kMost = 4;

}  // namespace

void Notices::notify(Notice::Kind kind, std::string title, std::string text) {
  std::erase_if(list_, [&](const Notice& n) { return n.title == title; });
  const double seconds = kind == Notice::Kind::Warning ? 2 * kSeconds : kSeconds;
  list_.push_back({kind, std::move(title), std::move(text), seconds});
  if (list_.size() > kMost) list_.erase(list_.begin());
}

void Notices::info(std::string title, std::string text) {
  notify(Notice::Kind::Info, std::move(title), std::move(text));
}

void Notices::warn(std::string title, std::string text) {
  notify(Notice::Kind::Warning, std::move(title), std::move(text));
}

void Notices::error(std::string title, std::string text) {
  notify(Notice::Kind::Error, std::move(title), std::move(text));
}

void Notices::age(double seconds) {
  for (Notice& notice : list_)
    if (notice.kind != Notice::Kind::Error) notice.seconds_left -= seconds;
  std::erase_if(list_, [](const Notice& notice) {
    return notice.kind != Notice::Kind::Error && notice.seconds_left <= 0;
  });
}

void Notices::dismiss(std::size_t index) {
  list_.erase(list_.begin() + static_cast<std::ptrdiff_t>(index));
}

void Notices::withdraw(const std::string& title) {
  std::erase_if(list_, [&](const Notice& notice) { return notice.title.starts_with(title); });
}

void Notices::dismiss_newest() {
  if (!list_.empty()) list_.pop_back();
}

}  // namespace facemorph
