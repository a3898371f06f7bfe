#include "pictures/image.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <numbers>

// The same code for processors with and without AVX2, chosen when the program starts. Sanitizers
// cannot follow that choice.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__)
#define FACEMORPH_VECTOR_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define FACEMORPH_VECTOR_CLONES
#endif

namespace facemorph {
namespace {

using Taps = Resizer::Taps;

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

/// Rows of float RGBA: each source row as wide as there are taps.
FACEMORPH_VECTOR_CLONES
std::vector<float> resize_across(const Image& image, const std::vector<Taps>& all_taps) {
  const std::size_t source_values = static_cast<std::size_t>(image.width) * 4;
  std::vector<float> result(all_taps.size() * 4 * static_cast<std::size_t>(image.height));
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

/// One target row: the weighted sum of N rows, rounded.
template <std::size_t N>
[[gnu::always_inline]] inline void sum_rows_of(const float* __restrict rows, std::size_t values,
                                               const float* __restrict weights,
                                               std::uint8_t* __restrict out) {
  for (std::size_t i = 0; i < values; ++i) {
    float sum = 0.5F;  // rounds when the fraction is cut off
    for (std::size_t tap = 0; tap < N; ++tap)
      sum += weights[tap] * rows[tap * values + i];
    sum = sum < 0.0F ? 0.0F : sum;
    out[i] = static_cast<std::uint8_t>(static_cast<int>(sum > 255.0F ? 255.0F : sum));
  }
}

void sum_rows_of(const float* rows, std::size_t values, std::span<const float> weights,
                 std::uint8_t* out) {
  std::vector<float> sum(values, 0.5F);
  for (const float weight : weights) {
    for (std::size_t i = 0; i < values; ++i)
      sum[i] += weight * rows[i];
    rows += values;
  }
  for (std::size_t i = 0; i < values; ++i)
    out[i] = static_cast<std::uint8_t>(std::clamp(sum[i], 0.0F, 255.0F));
}

/// Enlarging takes few rows, whose number the compiler should know.
FACEMORPH_VECTOR_CLONES
void sum_rows(const float* rows, std::size_t values, std::span<const float> weights,
              std::uint8_t* out) {
  switch (weights.size()) {
    case 1:
      return sum_rows_of<1>(rows, values, weights.data(), out);
    case 2:
      return sum_rows_of<2>(rows, values, weights.data(), out);
    case 3:
      return sum_rows_of<3>(rows, values, weights.data(), out);
    case 4:
      return sum_rows_of<4>(rows, values, weights.data(), out);
    case 5:
      return sum_rows_of<5>(rows, values, weights.data(), out);
    case 6:
      return sum_rows_of<6>(rows, values, weights.data(), out);
    default:
      return sum_rows_of(rows, values, weights, out);
  }
}

}  // namespace

Resizer::Resizer(int from_width, int from_height, int to_width, int to_height, Filter filter)
    : from_width_(from_width), from_height_(from_height) {
  assert(from_width > 0 && from_height > 0 && to_width > 0 && to_height > 0);
  if (from_width == to_width && from_height == to_height) return;
  across_ = make_taps(from_width, to_width, filter);
  down_ = make_taps(from_height, to_height, filter);
}

Image Resizer::operator()(const Image& image) const {
  assert(takes(image));
  if (down_.empty()) return image;
  const std::vector<float> rows = resize_across(image, across_);
  const std::size_t row_values = across_.size() * 4;
  Image result{static_cast<int>(across_.size()), static_cast<int>(down_.size()), {}};
  result.rgba.resize(row_values * down_.size());
  std::uint8_t* out = result.rgba.data();
  for (const Taps& taps : down_) {
    sum_rows(rows.data() + static_cast<std::size_t>(taps.first) * row_values, row_values,
             taps.weights, out);
    out += row_values;
  }
  return result;
}

Image resize(const Image& image, int width, int height, Filter filter) {
  return Resizer(image.width, image.height, width, height, filter)(image);
}

}  // namespace facemorph
