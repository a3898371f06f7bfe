#include "ui/changed_tiles.hpp"

#include "base/hash.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <span>
#include <utility>

namespace facemorph {
namespace {

constexpr int kTile = 32;  // pixels

/// Tiles of a window, and where its pixels lie among them.
struct Grid {
  explicit Grid(const ImDrawData& data)
      : columns((frame_size(data).width + kTile - 1) / kTile),
        rows((frame_size(data).height + kTile - 1) / kTile),
        origin(data.DisplayPos),
        scale(data.FramebufferScale) {}

  int column(float x) const {
    const float pixel = (x - origin.x) * scale.x;
    return std::clamp(static_cast<int>(std::floor(pixel / kTile)), 0, columns - 1);
  }
  int row(float y) const {
    const float pixel = (y - origin.y) * scale.y;
    return std::clamp(static_cast<int>(std::floor(pixel / kTile)), 0, rows - 1);
  }

  int columns;
  int rows;
  ImVec2 origin;
  ImVec2 scale;
};

/// All that decides about the pixels of a triangle, without gaps.
struct Triangle {
  std::uint64_t texture = 0;
  ImVec4 clip;
  ImDrawVert corners[3];
  std::uint32_t filling = 0;
};
static_assert(sizeof(Triangle) == sizeof(std::uint64_t) + sizeof(ImVec4) + 3 * sizeof(ImDrawVert) +
                                      sizeof(std::uint32_t));

class Hashes {
 public:
  explicit Hashes(const Grid& grid)
      : grid_(grid), values_(static_cast<std::size_t>(grid.columns * grid.rows), 0) {}

  void add(const Triangle& triangle) {
    const auto [a, b, c] = triangle.corners;
    const float left = std::max(std::min({a.pos.x, b.pos.x, c.pos.x}), triangle.clip.x);
    const float top = std::max(std::min({a.pos.y, b.pos.y, c.pos.y}), triangle.clip.y);
    const float right = std::min(std::max({a.pos.x, b.pos.x, c.pos.x}), triangle.clip.z);
    const float bottom = std::min(std::max({a.pos.y, b.pos.y, c.pos.y}), triangle.clip.w);
    if (!(left <= right && top <= bottom)) return;
    const std::uint64_t hash = quick_hash(std::as_bytes(std::span(&triangle, 1)));
    for (int row = grid_.row(top); row <= grid_.row(bottom); ++row)
      for (int column = grid_.column(left); column <= grid_.column(right); ++column) {
        std::uint64_t& value = values_[static_cast<std::size_t>(row * grid_.columns + column)];
        value = (value ^ hash) * 0x9E3779B97F4A7C15U + 1;  // the order counts, too
      }
  }
  std::vector<std::uint64_t> take() { return std::move(values_); }

 private:
  Grid grid_;
  std::vector<std::uint64_t> values_;
};

std::vector<std::uint64_t> hashes_of(const ImDrawData& data, const Grid& grid) {
  Hashes hashes(grid);
  Triangle triangle;
  for (int i = 0; i < data.CmdListsCount; ++i) {
    const ImDrawList& list = *data.CmdLists[i];
    for (const ImDrawCmd& command : list.CmdBuffer) {
      triangle.clip = command.ClipRect;
      triangle.texture = compat::texture_key(command);
      const ImDrawIdx* index = list.IdxBuffer.Data + command.IdxOffset;
      const ImDrawVert* vertices = list.VtxBuffer.Data + command.VtxOffset;
      for (unsigned at = 0; at + 2 < command.ElemCount; at += 3) {
        for (unsigned corner = 0; corner < 3; ++corner)
          triangle.corners[corner] = vertices[index[at + corner]];
        hashes.add(triangle);
      }
    }
  }
  return hashes.take();
}

/// Runs of tiles in a row, joined with equal runs in the row above.
std::vector<PixelRect> joined(const std::vector<bool>& changed, const Grid& grid) {
  std::vector<PixelRect> rects;
  for (int row = 0; row < grid.rows; ++row)
    for (int column = 0; column < grid.columns; ++column) {
      const auto is_changed = [&](int at) {
        return at < grid.columns && changed[static_cast<std::size_t>(row * grid.columns + at)];
      };
      if (!is_changed(column)) continue;
      int end = column;
      while (is_changed(end))
        ++end;
      const PixelRect run{column * kTile, row * kTile, end * kTile, (row + 1) * kTile};
      const auto above = std::ranges::find_if(rects, [&](const PixelRect& rect) {
        return rect.bottom == run.top && rect.left == run.left && rect.right == run.right;
      });
      if (above != rects.end())
        above->bottom = run.bottom;
      else
        rects.push_back(run);
      column = end;
    }
  return rects;
}

/// Every rectangle repeats the commands that it touches: scattered changes are drawn as one.
std::vector<PixelRect> few(std::vector<PixelRect> rects) {
  constexpr std::size_t kMost = 48;
  if (rects.size() <= kMost) return rects;
  PixelRect around = rects.front();
  for (const PixelRect& rect : rects)
    around = {std::min(around.left, rect.left), std::min(around.top, rect.top),
              std::max(around.right, rect.right), std::max(around.bottom, rect.bottom)};
  return {around};
}

/// How ImGui's back end rounds a command's clip rectangle to pixels: where it begins and how large
/// it is are cut off, counted from the lower left corner.
class BackEndClip {
 public:
  explicit BackEndClip(const ImDrawData& data)
      : origin_(data.DisplayPos), scale_(data.FramebufferScale), height_(frame_size(data).height) {}

  PixelRect pixels(const ImVec4& clip) const {
    const float left = (clip.x - origin_.x) * scale_.x;
    const float top = (clip.y - origin_.y) * scale_.y;
    const float right = (clip.z - origin_.x) * scale_.x;
    const float bottom = (clip.w - origin_.y) * scale_.y;
    const int x = static_cast<int>(left);
    const int y = height_ - static_cast<int>(static_cast<float>(height_) - bottom);
    return {x, y - static_cast<int>(bottom - top), x + static_cast<int>(right - left), y};
  }
  /// What it rounds to just these pixels.
  ImVec4 rect(const PixelRect& pixels) const {
    constexpr float kSpare = 0.01F;
    return {(static_cast<float>(pixels.left) + kSpare) / scale_.x + origin_.x,
            (static_cast<float>(pixels.top) - 2 * kSpare) / scale_.y + origin_.y,
            (static_cast<float>(pixels.right) + 2 * kSpare) / scale_.x + origin_.x,
            (static_cast<float>(pixels.bottom) - kSpare) / scale_.y + origin_.y};
  }

 private:
  ImVec2 origin_;
  ImVec2 scale_;
  int height_;
};

}  // namespace

FrameSize frame_size(const ImDrawData& data) {
  return {static_cast<int>(data.DisplaySize.x * data.FramebufferScale.x),
          static_cast<int>(data.DisplaySize.y * data.FramebufferScale.y)};
}

std::vector<PixelRect> ChangedTiles::update(const ImDrawData& data) {
  const FrameSize size = frame_size(data);
  if (size.width <= 0 || size.height <= 0) return {};
  const Grid grid(data);
  std::vector<std::uint64_t> hashes = hashes_of(data, grid);
  const bool all = size_ != size || hashes_.empty();
  std::vector<bool> changed(hashes.size(), true);
  for (std::size_t i = 0; !all && i < hashes.size(); ++i)
    changed[i] = hashes[i] != hashes_[i];
  size_ = size;
  hashes_ = std::move(hashes);
  return few(joined(changed, grid));
}

void clip_to(ImDrawData& data, const std::vector<PixelRect>& rects) {
  const BackEndClip clip(data);
  for (int i = 0; i < data.CmdListsCount; ++i) {
    ImVector<ImDrawCmd> clipped;
    for (const ImDrawCmd& command : data.CmdLists[i]->CmdBuffer) {
      assert(command.UserCallback == nullptr);
      if (command.ElemCount == 0) continue;
      const PixelRect whole = clip.pixels(command.ClipRect);
      for (const PixelRect& rect : rects) {
        const PixelRect part{std::max(whole.left, rect.left), std::max(whole.top, rect.top),
                             std::min(whole.right, rect.right),
                             std::min(whole.bottom, rect.bottom)};
        if (part.left >= part.right || part.top >= part.bottom) continue;
        clipped.push_back(command);
        clipped.back().ClipRect = clip.rect(part);
      }
    }
    data.CmdLists[i]->CmdBuffer.swap(clipped);
  }
}

}  // namespace facemorph
