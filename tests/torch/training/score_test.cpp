#include "torch/training/score.hpp"

#include "base/error.hpp"
#include "runs/drawn_face.hpp"
#include "torch/training/trainer.hpp"

#include <gtest/gtest.h>

namespace facemorph {
namespace {

std::vector<Image> faces(int count) {
  std::vector<Image> images;
  for (int i = 0; i < count; ++i)
    images.push_back(draw_face(drawn_face(static_cast<std::uint64_t>(i)), 32));
  return images;
}

/// A generator whose every picture is the same: it makes nothing of its latent.
LayerStack constant_generator() {
  TrainConfig config;
  config.image_size = 32;
  config.nz = 8;
  config.ngf = 4;
  config.batch = 4;
  config.ema_batches = 1;
  config.threads = 1;
  auto set = std::make_shared<DataSet>(faces(4), 3);
  LayerStack stack = Trainer(config, set).snapshot()->generator.stack;
  for (Layer& layer : stack.layers)
    if (auto* conv = std::get_if<ConvTranspose2dLayer>(&layer)) {
      conv->weight = std::vector<float>(conv->weight.size(), 0.0F);
      break;
    }
  return stack;
}

TEST(Score, AConstantGeneratorHasCollapsedAndRealPicturesHaveNot) {
  const DataSet pictures(faces(64), 3);
  const Scores real = score_halves(pictures, 32, 1);
  const Scores constant = score_generator(constant_generator(), pictures, 32, 1);
  EXPECT_EQ(real.count, 32U);
  EXPECT_NEAR(constant.ms_ssim, 1, 1e-4);
  EXPECT_LT(real.ms_ssim, 0.9);
  EXPECT_GT(constant.swd_mean, real.swd_mean);
  EXPECT_TRUE(has_collapsed(constant, real));
  EXPECT_FALSE(has_collapsed(real, real));
}

TEST(Score, OfAHandfulOfPicturesNobodyCanTellACollapse) {
  const DataSet pictures(faces(8), 3);
  EXPECT_FALSE(has_collapsed(score_generator(constant_generator(), pictures, 8, 1),
                             score_halves(pictures, 8, 1)));
  EXPECT_THROW(score_halves(DataSet(faces(3), 3), 8, 1), Error);
}

TEST(Score, EndsWhenItIsStopped) {
  const DataSet pictures(faces(8), 3);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THROW(score_generator(constant_generator(), pictures, 8, 1, stop.get_token()), Error);
  EXPECT_THROW(score_halves(pictures, 8, 1, stop.get_token()), Error);
  EXPECT_THROW(nearest_pictures(constant_generator(), pictures, 1, stop.get_token()), Error);
}

TEST(Score, NeverTakesMorePicturesThanThereAre) {
  const DataSet pictures(faces(10), 3);
  EXPECT_EQ(score_halves(pictures, 1000, 1).count, 5U);
  EXPECT_EQ(score_generator(constant_generator(), pictures, 1000, 1).count, 10U);
}

TEST(Score, NearestPicturesStandBelowTheGeneratedOnes) {
  const auto images = faces(3);
  const DataSet pictures(images, 3);
  const Image sheet = nearest_pictures(constant_generator(), pictures, 1).sheet;
  EXPECT_EQ(sheet.width, 16 * 34 + 2);
  EXPECT_EQ(sheet.height, 2 * 34 + 2);
  // The lower row is one of the pictures, pixel for pixel.
  int matches = 0;
  for (const Image& image : images) {
    bool same = true;
    for (int y = 0; y < 32 && same; ++y)
      for (int x = 0; x < 32 && same; ++x)
        for (int c = 0; c < 3; ++c)
          same = same &&
                 image.rgba[static_cast<std::size_t>((y * 32 + x) * 4 + c)] ==
                     sheet.rgba[static_cast<std::size_t>(((y + 36) * sheet.width + x + 2) * 4 + c)];
    matches += same ? 1 : 0;
  }
  EXPECT_EQ(matches, 1);
}

TEST(Score, DistancesTellCopiesFromInventions) {
  std::vector<Image> images = faces(12);
  const NearestPictures strange = nearest_pictures(constant_generator(), DataSet(images, 3), 1);
  EXPECT_GT(strange.usual, 10) << "drawn faces are far from each other";
  EXPECT_GT(strange.distance, strange.usual / 2);
  // The set now holds the very picture that the generator makes.
  Image copy{32, 32, {}};
  for (int y = 0; y < 32; ++y) {
    const auto row = strange.sheet.rgba.begin() + ((y + 2) * strange.sheet.width + 2) * 4;
    copy.rgba.insert(copy.rgba.end(), row, row + 32 * 4);
  }
  images.push_back(copy);
  const NearestPictures copied = nearest_pictures(constant_generator(), DataSet(images, 3), 1);
  EXPECT_EQ(copied.distance, 0);
  EXPECT_GT(copied.usual, 10);
  EXPECT_EQ(nearest_pictures(constant_generator(), DataSet(images, 3), 1, {}, 77.0).usual, 77.0)
      << "measured once";
}

}  // namespace
}  // namespace facemorph
