#include "media/image.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <numbers>

namespace facemorph {
namespace {

/// The source pixels that make one target pixel, and how much of each.
struct Taps {
  int first = 0;
  std::vector<float> weights;
};

double sinc(double x) {
  if (std::abs(x) < 1e-5) return 1.0;
  const double angle = std::numbers::pi * x;
  return std::sin(angle) / angle;
}

double weight(Filter filter, double x) {
  x = std::abs(x);
  if (filter == Filter::Bilinear) return std::max(0.0, 1.0 - x);
  if (filter == Filter::CatmullRom) {
    if (x < 1.0) return (1.5 * x - 2.5) * x * x + 1.0;
    return x < 2.0 ? ((-0.5 * x + 2.5) * x - 4.0) * x + 2.0 : 0.0;
  }
  return x < 3.0 ? sinc(x) * sinc(x / 3.0) : 0.0;
}

double radius(Filter filter) {
  if (filter == Filter::Bilinear) return 1.0;
  return filter == Filter::CatmullRom ? 2.0 : 3.0;
}

/// The source pixel under a target pixel's centre, in whole numbers so that ties never waver.
Taps nearest_tap(int source, int target, int index) {
  const std::int64_t tap = (2 * std::int64_t{index} + 1) * source / (2 * std::int64_t{target});
  return {static_cast<int>(tap), {1.0F}};
}

Taps filter_taps(int source, int target, int index, Filter filter) {
  const double ratio = static_cast<double>(source) / target;
  const double stretch = std::max(ratio, 1.0);
  const double centre = (index + 0.5) * ratio - 0.5;
  const double reach = radius(filter) * stretch;
  const int first = static_cast<int>(std::ceil(centre - reach));
  const int last = static_cast<int>(std::floor(centre + reach));
  const int first_inside = std::max(first, 0);
  const int last_inside = std::min(last, source - 1);
  std::vector<double> weights(static_cast<std::size_t>(last_inside - first_inside + 1));
  double total = 0;
  for (int tap = first; tap <= last; ++tap) {
    const double w = weight(filter, (tap - centre) / stretch);
    // Clamping: what falls outside counts for the edge pixel.
    weights[static_cast<std::size_t>(std::clamp(tap, 0, source - 1) - first_inside)] += w;
    total += w;
  }
  Taps taps{first_inside, {}};
  for (const double w : weights)
    taps.weights.push_back(static_cast<float>(w / total));
  return taps;
}

/// One entry per target pixel. The same arithmetic as shaders/resample.frag.
std::vector<Taps> make_taps(int source, int target, Filter filter) {
  std::vector<Taps> all;
  all.reserve(static_cast<std::size_t>(target));
  for (int i = 0; i < target; ++i)
    all.push_back(filter == Filter::Nearest ? nearest_tap(source, target, i)
                                            : filter_taps(source, target, i, filter));
  return all;
}

/// Rows of float RGBA: each source row made `width` wide.
std::vector<float> resize_across(const Image& image, int width, Filter filter) {
  const std::vector<Taps> all_taps = make_taps(image.width, width, filter);
  const std::size_t source_values = static_cast<std::size_t>(image.width) * 4;
  std::vector<float> result(static_cast<std::size_t>(width) * 4 *
                            static_cast<std::size_t>(image.height));
  std::vector<float> row(source_values);
  float* out = result.data();
  for (std::size_t y = 0; y < static_cast<std::size_t>(image.height); ++y) {
    std::copy_n(image.rgba.data() + y * source_values, source_values, row.data());
    for (const Taps& taps : all_taps) {
      const float* in = row.data() + static_cast<std::size_t>(taps.first) * 4;
      std::array<float, 4> sum{};
      for (const float w : taps.weights) {
        for (std::size_t c = 0; c < 4; ++c)
          sum[c] += w * in[c];
        in += 4;
      }
      out = std::copy(sum.begin(), sum.end(), out);
    }
  }
  return result;
}

/// One target row: the weighted sum of the rows under it.
void sum_rows(const float* rows, std::span<float> sum, const Taps& taps) {
  std::ranges::fill(sum, 0.5F);  // rounds when the fraction is cut off
  const float* row = rows + static_cast<std::size_t>(taps.first) * sum.size();
  for (const float w : taps.weights) {
    for (std::size_t i = 0; i < sum.size(); ++i)
      sum[i] += w * row[i];
    row += sum.size();
  }
}

}  // namespace

Image resize(const Image& image, int width, int height, Filter filter) {
  assert(image.width > 0 && image.height > 0 && width > 0 && height > 0);
  if (width == image.width && height == image.height) return image;
  const std::vector<float> across = resize_across(image, width, filter);
  const std::size_t row_values = static_cast<std::size_t>(width) * 4;
  Image result{width, height, {}};
  result.rgba.resize(row_values * static_cast<std::size_t>(height));
  std::vector<float> sum(row_values);
  std::uint8_t* out = result.rgba.data();
  for (const Taps& taps : make_taps(image.height, height, filter)) {
    sum_rows(across.data(), sum, taps);
    for (const float value : sum)
      *out++ = static_cast<std::uint8_t>(std::clamp(value, 0.0F, 255.0F));
  }
  return result;
}

}  // namespace facemorph
