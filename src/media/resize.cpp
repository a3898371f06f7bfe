#include "media/image.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

namespace facemorph {
namespace {

/// The source pixels that make one target pixel, and how much of each.
struct Taps {
  int first = 0;  ///< may lie outside: edges clamp
  std::vector<float> weights;
};

double sinc(double x) {
  if (std::abs(x) < 1e-5) return 1.0;
  const double angle = std::numbers::pi * x;
  return std::sin(angle) / angle;
}

double weight(Filter filter, double x) {
  x = std::abs(x);
  switch (filter) {
    case Filter::Nearest: return x <= 0.5 ? 1.0 : 0.0;
    case Filter::Bilinear: return std::max(0.0, 1.0 - x);
    case Filter::CatmullRom:
      if (x < 1.0) return (1.5 * x - 2.5) * x * x + 1.0;
      return x < 2.0 ? ((-0.5 * x + 2.5) * x - 4.0) * x + 2.0 : 0.0;
    case Filter::Lanczos3: return x < 3.0 ? sinc(x) * sinc(x / 3.0) : 0.0;
  }
  return 0.0;
}

double radius(Filter filter) {
  switch (filter) {
    case Filter::Nearest: return 0.5;
    case Filter::Bilinear: return 1.0;
    case Filter::CatmullRom: return 2.0;
    case Filter::Lanczos3: return 3.0;
  }
  return 0.5;
}

/// One entry per target pixel. The same arithmetic as shaders/resample.frag.
std::vector<Taps> make_taps(int source, int target, Filter filter) {
  std::vector<Taps> all(static_cast<std::size_t>(target));
  const double ratio = static_cast<double>(source) / target;
  const double stretch = std::max(ratio, 1.0);
  for (int i = 0; i < target; ++i) {
    Taps& taps = all[static_cast<std::size_t>(i)];
    const double centre = (i + 0.5) * ratio - 0.5;
    if (filter == Filter::Nearest) {
      taps = {static_cast<int>(std::floor(centre + 0.5)), {1.0F}};
      continue;
    }
    const double reach = radius(filter) * stretch;
    taps.first = static_cast<int>(std::ceil(centre - reach));
    const int last = static_cast<int>(std::floor(centre + reach));
    double total = 0;
    for (int tap = taps.first; tap <= last; ++tap) {
      const double w = weight(filter, (tap - centre) / stretch);
      taps.weights.push_back(static_cast<float>(w));
      total += w;
    }
    for (float& w : taps.weights) w = static_cast<float>(w / total);
  }
  return all;
}

/// Rows of float RGBA: each source row made `width` wide.
std::vector<float> resize_across(const Image& image, int width, Filter filter) {
  const std::vector<Taps> taps = make_taps(image.width, width, filter);
  std::vector<float> result(static_cast<std::size_t>(width) * static_cast<std::size_t>(image.height) * 4, 0.0F);
  float* out = result.data();
  for (int y = 0; y < image.height; ++y) {
    const std::uint8_t* row = image.rgba.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width) * 4;
    for (int x = 0; x < width; ++x, out += 4) {
      const Taps& tap = taps[static_cast<std::size_t>(x)];
      for (std::size_t k = 0; k < tap.weights.size(); ++k) {
        const int at = std::clamp(tap.first + static_cast<int>(k), 0, image.width - 1);
        for (int c = 0; c < 4; ++c) out[c] += tap.weights[k] * row[at * 4 + c];
      }
    }
  }
  return result;
}

}  // namespace

Image resize(const Image& image, int width, int height, Filter filter) {
  assert(image.width > 0 && image.height > 0 && width > 0 && height > 0);
  if (width == image.width && height == image.height) return image;
  const std::vector<float> across = resize_across(image, width, filter);
  const std::vector<Taps> taps = make_taps(image.height, height, filter);
  const std::size_t row_values = static_cast<std::size_t>(width) * 4;
  Image result{width, height, std::vector<std::uint8_t>(row_values * static_cast<std::size_t>(height))};
  std::vector<float> sum(row_values);
  for (int y = 0; y < height; ++y) {
    const Taps& tap = taps[static_cast<std::size_t>(y)];
    std::ranges::fill(sum, 0.5F);  // rounds when the fraction is cut off
    for (std::size_t k = 0; k < tap.weights.size(); ++k) {
      const int at = std::clamp(tap.first + static_cast<int>(k), 0, image.height - 1);
      const float* row = across.data() + static_cast<std::size_t>(at) * row_values;
      const float w = tap.weights[k];
      for (std::size_t i = 0; i < row_values; ++i) sum[i] += w * row[i];
    }
    std::uint8_t* out = result.rgba.data() + static_cast<std::size_t>(y) * row_values;
    for (std::size_t i = 0; i < row_values; ++i) out[i] = static_cast<std::uint8_t>(std::clamp(sum[i], 0.0F, 255.0F));
  }
  return result;
}

}  // namespace facemorph
