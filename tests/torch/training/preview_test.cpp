#include "torch/training/preview.hpp"

#include "pictures/test_images.hpp"
#include "runs/fixtures.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace facemorph {
namespace {

using testing::read_pictures;
using testing::small_config;

TrainConfig plain_config() {
  TrainConfig config = small_config("faces");
  config.flip = false;
  config.augment.probability = 0;
  return config;
}

bool is_one_of(const Image& image, const DataSet& pictures) {
  for (std::size_t i = 0; i < pictures.size(); ++i)
    if (pictures.image(i) == image) return true;
  return false;
}

TEST(Preview, ShowsThePicturesThemselvesWhenNothingChangesThem) {
  const TrainConfig config = plain_config();
  const auto pictures = read_pictures(config);
  const auto shown = preview_pictures(pictures, config, 0, 8);
  ASSERT_EQ(shown.size(), 8U);
  for (const Image& image : shown)
    EXPECT_TRUE(is_one_of(image, *pictures));
  EXPECT_FALSE(shown[0] == shown[1]) << "no picture comes twice in a pass";
  EXPECT_FALSE(preview_pictures(pictures, config, 1, 8) == shown);
}

TEST(Preview, ShowsMirroredPictures) {
  TrainConfig config = plain_config();
  config.flip = true;
  const auto pictures = read_pictures(config);
  const auto shown = preview_pictures(pictures, config, 0, 24);
  int turned = 0;
  for (const Image& image : shown) {
    const bool straight = is_one_of(image, *pictures);
    EXPECT_TRUE(straight || is_one_of(mirrored(image), *pictures));
    turned += straight ? 0 : 1;
  }
  EXPECT_GT(turned, 3);
  EXPECT_LT(turned, 21);
}

TEST(Preview, ShowsWhatTheAugmentationDoes) {
  TrainConfig config = plain_config();
  const auto pictures = read_pictures(config);
  const auto plain = preview_pictures(pictures, config, 0, 8);
  config.augment = {1, false, 0, 0.5};
  const auto cut = preview_pictures(pictures, config, 0, 8);
  for (std::size_t i = 0; i < cut.size(); ++i) {
    EXPECT_FALSE(cut[i] == plain[i]);
    const auto grey = std::ranges::count(cut[i].rgba, 128);
    EXPECT_GE(grey, 3 * 16 * 16 / 4) << "at least the corner of a blanked square";
  }
}

}  // namespace
}  // namespace facemorph
