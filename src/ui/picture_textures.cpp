#include "ui/picture_textures.hpp"

#include <utility>

namespace facemorph {
namespace {

constexpr std::uint64_t kFramesUnseen = 3;
constexpr std::size_t kMostSpare = 64;

}  // namespace

const ImageTexture* PictureTextures::of(const std::shared_ptr<const Image>& picture) {
  if (!picture || picture->rgba.empty()) return nullptr;
  Entry& entry = entries_[picture.get()];
  entry.asked_at = frame_;
  if (entry.texture) return entry.texture.get();
  entry.picture = picture;
  if (spare_.empty()) {
    entry.texture = std::make_unique<ImageTexture>(ImageTexture::Sampling::Linear);
  } else {
    entry.texture = std::move(spare_.back());
    spare_.pop_back();
  }
  entry.texture->upload(*picture);
  return entry.texture.get();
}

void PictureTextures::begin_frame() {
  ++frame_;
  for (auto item = entries_.begin(); item != entries_.end();) {
    Entry& entry = item->second;
    const bool unseen = entry.asked_at + kFramesUnseen < frame_;
    if (unseen && spare_.size() < kMostSpare) spare_.push_back(std::move(entry.texture));
    item = unseen ? entries_.erase(item) : std::next(item);
  }
}

}  // namespace facemorph
