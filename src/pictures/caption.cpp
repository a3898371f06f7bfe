#include "pictures/caption.hpp"

#include "base/embedded.hpp"

#define STBTT_STATIC
#define STB_TRUETYPE_IMPLEMENTATION
#include <stb/stb_truetype.h>

#include <algorithm>
#include <cmath>
#include <vector>

DECLARE_EMBEDDED(inter_semibold);

namespace facemorph {
namespace {

constexpr int kEllipsis = 0x2026;

/// Malformed bytes become U+FFFD.
std::vector<int> code_points(const std::string& text) {
  std::vector<int> points;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i++]);
    int more = lead < 0x80 ? 0 : lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : -1;
    int point = more <= 0 ? lead : lead & (0x3F >> more);
    for (; more > 0; --more) {
      if (i >= text.size() || (static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80) break;
      point = point << 6 | (static_cast<unsigned char>(text[i++]) & 0x3F);
    }
    points.push_back(more == 0 && point >= 0x20 ? point : 0xFFFD);
  }
  return points;
}

class Font {
 public:
  explicit Font(float pixels) {
    const auto* data =
        reinterpret_cast<const unsigned char*>(EMBEDDED_BYTES(inter_semibold).data());
    stbtt_InitFont(&info_, data, stbtt_GetFontOffsetForIndex(data, 0));
    scale_ = stbtt_ScaleForMappingEmToPixels(&info_, pixels);
  }

  float advance(int point, int next) const {
    int width = 0;
    int bearing = 0;
    stbtt_GetCodepointHMetrics(&info_, point, &width, &bearing);
    const int kerning = next != 0 ? stbtt_GetCodepointKernAdvance(&info_, point, next) : 0;
    return scale_ * static_cast<float>(width + kerning);
  }

  float width(const std::vector<int>& points) const {
    float sum = 0;
    for (std::size_t i = 0; i < points.size(); ++i)
      sum += advance(points[i], i + 1 < points.size() ? points[i + 1] : 0);
    return sum;
  }

  /// Blends a white letter whose origin is at (x, baseline) over the picture.
  void draw(Image& image, int point, float x, int baseline) const {
    const float whole = std::floor(x);
    int left = 0;
    int top = 0;
    int right = 0;
    int bottom = 0;
    stbtt_GetCodepointBitmapBoxSubpixel(&info_, point, scale_, scale_, x - whole, 0, &left, &top,
                                        &right, &bottom);
    const int width = right - left;
    const int height = bottom - top;
    if (width <= 0 || height <= 0) return;
    std::vector<unsigned char> cover(static_cast<std::size_t>(width) *
                                     static_cast<std::size_t>(height));
    stbtt_MakeCodepointBitmapSubpixel(&info_, cover.data(), width, height, width, scale_, scale_,
                                      x - whole, 0, point);
    for (int row = 0; row < height; ++row)
      for (int column = 0; column < width; ++column)
        whiten(image, static_cast<int>(whole) + left + column, baseline + top + row,
               cover[static_cast<std::size_t>(row * width + column)]);
  }

 private:
  static void whiten(Image& image, int x, int y, int cover) {
    if (x < 0 || y < 0 || x >= image.width || y >= image.height) return;
    std::uint8_t* pixel =
        image.rgba.data() + (static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width) +
                             static_cast<std::size_t>(x)) *
                                4;
    for (int c = 0; c < 4; ++c)
      pixel[c] = static_cast<std::uint8_t>(pixel[c] + (255 - pixel[c]) * cover / 255);
  }

  stbtt_fontinfo info_{};
  float scale_ = 0;
};

}  // namespace

Image draw_caption(const std::string& text, int width, int height, std::uint32_t background_rgba) {
  Image strip{width, height, {}};
  strip.rgba.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4);
  for (std::size_t i = 0; i < strip.rgba.size(); ++i)
    strip.rgba[i] = static_cast<std::uint8_t>(background_rgba >> (24 - i % 4 * 8));
  const auto size = static_cast<float>(height) / 2;
  const Font font(size);
  std::vector<int> points = code_points(text);
  const float room = static_cast<float>(width) - size;
  if (font.width(points) > room) {
    while (!points.empty() && font.width(points) + font.advance(kEllipsis, 0) > room)
      points.pop_back();
    points.push_back(kEllipsis);
  }
  float x = (static_cast<float>(width) - font.width(points)) / 2;
  const int baseline =
      static_cast<int>(std::lround(height / 2.0 + static_cast<double>(size) * 0.36));
  for (std::size_t i = 0; i < points.size(); ++i) {
    font.draw(strip, points[i], x, baseline);
    x += font.advance(points[i], i + 1 < points.size() ? points[i + 1] : 0);
  }
  return strip;
}

}  // namespace facemorph
