#include "pictures/image.hpp"
#include "pictures/test_images.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace facemorph {
namespace {

class EveryFilter : public testing::TestWithParam<Filter> {};

INSTANTIATE_TEST_SUITE_P(Resize, EveryFilter,
                         testing::Values(Filter::Nearest, Filter::Bilinear, Filter::CatmullRom,
                                         Filter::Lanczos3));

/// Rows become columns.
Image transposed(const Image& image) {
  Image result{image.height, image.width, {}};
  for (int y = 0; y < result.height; ++y)
    for (int x = 0; x < result.width; ++x)
      for (int c = 0; c < 4; ++c)
        result.rgba.push_back(value_at(image, y, x, c));
  return result;
}

int largest_difference(const Image& a, const Image& b) {
  EXPECT_EQ(a.rgba.size(), b.rgba.size());
  int largest = 0;
  for (std::size_t i = 0; i < a.rgba.size(); ++i)
    largest = std::max(largest, std::abs(int{a.rgba[i]} - int{b.rgba[i]}));
  return largest;
}

/// One row of greys.
Image row_of(std::initializer_list<int> greys) {
  Image image{static_cast<int>(greys.size()), 1, {}};
  for (const int grey : greys) {
    const auto value = static_cast<std::uint8_t>(grey);
    image.rgba.insert(image.rgba.end(), {value, value, value, std::uint8_t{255}});
  }
  return image;
}

std::vector<int> greys_of(const Image& image) {
  std::vector<int> greys;
  for (std::size_t i = 0; i < image.rgba.size(); i += 4)
    greys.push_back(image.rgba[i]);
  return greys;
}

TEST_P(EveryFilter, ChangesNothingAtTheSameSize) {
  const Image image = noise(17, 9);
  EXPECT_EQ(resize(image, 17, 9, GetParam()), image);
  // Also when only the other axis changes.
  const Image wide = resize(image, 34, 9, GetParam());
  EXPECT_EQ(resize(transposed(image), 9, 34, GetParam()), transposed(wide));
}

TEST_P(EveryFilter, KeepsAConstantImageConstant) {
  const Image image = solid(13, 7, 255, 128, 1);
  for (const auto& [width, height] : {std::pair{1, 1}, {5, 3}, {13, 70}, {100, 100}, {27, 2}})
    EXPECT_EQ(resize(image, width, height, GetParam()), solid(width, height, 255, 128, 1));
}

TEST_P(EveryFilter, TreatsLeftAndRightAlike) {
  const Image image = noise(16, 8);
  for (const auto& [width, height] : {std::pair{64, 32}, {40, 20}, {8, 4}, {5, 3}}) {
    if (GetParam() == Filter::Nearest && width % 16 != 0) continue;  // ties go to one side
    EXPECT_LE(largest_difference(resize(mirrored(image), width, height, GetParam()),
                                 mirrored(resize(image, width, height, GetParam()))),
              1);
  }
}

TEST_P(EveryFilter, StretchesASinglePixelAndSqueezesToOne) {
  EXPECT_EQ(resize(solid(1, 1, 9, 8, 7), 6, 5, GetParam()), solid(6, 5, 9, 8, 7));
  EXPECT_EQ(resize(noise(500, 3), 1, 1, GetParam()).rgba.size(), 4U);
}

TEST_P(EveryFilter, KeepsOpaqueImagesOpaque) {
  const Image image = resize(noise(10, 10), 37, 41, GetParam());
  for (std::size_t i = 3; i < image.rgba.size(); i += 4)
    ASSERT_EQ(image.rgba[i], 255);
}

TEST(ResizeNearest, MakesExactBlocks) {
  const Image image = noise(5, 4);
  const Image large = resize(image, 15, 12, Filter::Nearest);
  for (int y = 0; y < 12; ++y)
    for (int x = 0; x < 15; ++x)
      for (int c = 0; c < 4; ++c)
        ASSERT_EQ(value_at(large, x, y, c), value_at(image, x / 3, y / 3, c));
}

TEST(ResizeBilinear, HasTheValuesOfThePixelCentreConvention) {
  // Target centres lie at source positions -0.25, 0.25, 0.75 and 1.25; edges clamp.
  EXPECT_EQ(greys_of(resize(row_of({0, 200}), 4, 1, Filter::Bilinear)),
            (std::vector{0, 50, 150, 200}));
  EXPECT_EQ(greys_of(resize(row_of({40, 80, 40, 0}), 2, 1, Filter::Bilinear)),
            (std::vector{55, 25}));  // widened: weights 1/8 (edge), 3/8, 3/8, 1/8
}

TEST(ResizeCatmullRom, HasTheKnownWeights) {
  // Half a pixel between two pixels the weights are -1/16, 9/16, 9/16, -1/16.
  const Image large = resize(row_of({100, 100, 100, 200, 200, 200}), 18, 1, Filter::CatmullRom);
  EXPECT_EQ(greys_of(large)[7], 100);  // a source pixel's centre: that pixel
  EXPECT_EQ(greys_of(large)[10], 200);
  const Image shifted = resize(row_of({0, 160, 160, 0, 0, 0}), 12, 1, Filter::CatmullRom);
  // Position 1.25: w(1.25) -3/128, w(0.25) 111/128, w(0.75) 29/128, w(1.75) -9/128
  EXPECT_EQ(greys_of(shifted)[3], 175);
}

TEST(ResizeLanczos, OvershootsButStaysInRange) {
  const Image large = resize(row_of({0, 0, 0, 255, 255, 255}), 48, 1, Filter::Lanczos3);
  const std::vector<int> greys = greys_of(large);
  EXPECT_EQ(greys.front(), 0);
  EXPECT_EQ(*std::ranges::min_element(greys), 0);
  EXPECT_EQ(*std::ranges::max_element(greys), 255);
}

TEST(Resize, KeepsTheMeanWhenShrinking) {
  const Image image = noise(256, 256);
  for (const Filter filter : {Filter::Bilinear, Filter::CatmullRom, Filter::Lanczos3}) {
    const std::vector<int> greys = greys_of(resize(image, 8, 8, filter));
    for (const int grey : greys)
      EXPECT_NEAR(grey, 127, 20);  // nothing aliases
  }
}

/// What shaders/resample.frag does, a pixel at a time: two passes, no rounding between them.
double weight(Filter filter, double x) {
  x = std::abs(x);
  const auto sinc = [](double v) { return v < 1e-5 ? 1.0 : std::sin(M_PI * v) / (M_PI * v); };
  if (filter == Filter::Bilinear) return std::max(0.0, 1.0 - x);
  if (filter == Filter::CatmullRom) {
    if (x < 1.0) return (1.5 * x - 2.5) * x * x + 1.0;
    return x < 2.0 ? ((-0.5 * x + 2.5) * x - 4.0) * x + 2.0 : 0.0;
  }
  return x < 3.0 ? sinc(x) * sinc(x / 3.0) : 0.0;
}

template <typename Source>
double filtered(Filter filter, int source_size, int target_size, int index, Source source) {
  const double ratio = static_cast<double>(source_size) / target_size;
  const double stretch = std::max(ratio, 1.0);
  const double centre = (index + 0.5) * ratio - 0.5;
  double sum = 0;
  double total = 0;
  for (int tap = static_cast<int>(std::floor(centre - 4 * stretch)); tap <= centre + 4 * stretch;
       ++tap) {
    const double w = weight(filter, (tap - centre) / stretch);
    sum += w * source(std::clamp(tap, 0, source_size - 1));
    total += w;
  }
  return sum / total;
}

TEST(Resize, EqualsTheShader) {
  const Image image = noise(11, 9);
  for (const Filter filter : {Filter::Bilinear, Filter::CatmullRom, Filter::Lanczos3})
    for (const auto& [width, height] : {std::pair{44, 36}, {25, 31}, {7, 4}, {30, 3}}) {
      const Image result = resize(image, width, height, filter);
      for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
          const double expected = filtered(filter, 9, height, y, [&, x = x, w = width](int row) {
            return filtered(filter, 11, w, x,
                            [&](int column) { return value_at(image, column, row); });
          });
          ASSERT_NEAR(value_at(result, x, y), std::clamp(expected, 0.0, 255.0), 0.501);
        }
    }
}

}  // namespace
}  // namespace facemorph
