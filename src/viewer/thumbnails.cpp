#include "viewer/thumbnails.hpp"

#include <algorithm>
#include <functional>
#include <string_view>

namespace facemorph {
namespace {

constexpr std::size_t kMaxEntries = 256;

std::uint64_t key_of(const Latent& latent) {
  return std::hash<std::string_view>{}(
      {reinterpret_cast<const char*>(latent.data()), latent.size() * sizeof(float)});
}

}  // namespace

std::shared_ptr<const Image> Thumbnails::get(const Latent& latent) {
  Entry& entry = entries_[key_of(latent)];
  if (entry.latent.empty()) entry.latent = latent;
  entry.asked_at = frame_;
  return entry.picture;
}

void Thumbnails::update() {
  auto arrived = engine_.take_gallery();
  if (!arrived || arrived->request != request_) return;
  const std::size_t count = std::min(arrived->images.size(), pending_.size());
  for (; received_ < count; ++received_) {
    const auto found = entries_.find(pending_[received_].key);
    if (found == entries_.end()) continue;
    found->second.picture = std::make_shared<const Image>(std::move(arrived->images[received_]));
    found->second.truncation = pending_[received_].truncation;
    found->second.drawn_at = frame_;
  }
  if (received_ == pending_.size()) pending_.clear();
}

void Thumbnails::request_missing(float truncation) {
  std::vector<std::pair<std::uint64_t, const Entry*>> wanted;
  for (const auto& [key, entry] : entries_)
    if (entry.asked_at == frame_ && entry.truncation != truncation)
      wanted.emplace_back(key, &entry);
  // Whoever waited longest comes first, so that a steady stream of changes starves nobody.
  std::ranges::sort(wanted, {},
                    [](const auto& item) { return std::pair(item.second->drawn_at, item.first); });
  ++frame_;

  const bool all_under_way = std::ranges::all_of(wanted, [&](const auto& item) {
    return std::ranges::find(pending_, Pending{item.first, truncation}) != pending_.end();
  });
  if (all_under_way) return;
  pending_.clear();
  std::vector<Latent> latents;
  for (const auto& [key, entry] : wanted) {
    pending_.push_back({key, truncation});
    latents.push_back(truncate(entry->latent, truncation));
  }
  received_ = 0;
  request_ = engine_.request_gallery(std::move(latents));
  forget_unused();
}

void Thumbnails::outdate() {
  for (auto& [key, entry] : entries_)
    entry.truncation = -1.0F;
  pending_.clear();
  received_ = 0;
}

void Thumbnails::clear() {
  entries_.clear();
  pending_.clear();
  request_ = 0;
}

void Thumbnails::forget_unused() {
  while (entries_.size() > kMaxEntries) {
    const auto oldest = std::ranges::min_element(
        entries_, {}, [](const auto& item) { return item.second.asked_at; });
    if (oldest->second.asked_at + 1 >= frame_) return;
    entries_.erase(oldest);
  }
}

}  // namespace facemorph
