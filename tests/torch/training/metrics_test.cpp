#include "torch/training/metrics.hpp"

#include "torch/training/random.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace facemorph {
namespace {

torch::Tensor noise(int count, int size, std::uint64_t index) {
  return torch::rand({count, 3, size, size}, random_stream(1, Draw::Noise, index)) * 2 - 1;
}

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

TEST(SlicedWasserstein, HasALevelForEverySizeDownTo16) {
  EXPECT_EQ(sliced_wasserstein(noise(8, 64, 0), noise(8, 64, 1), 1).size(), 3U);
  EXPECT_EQ(sliced_wasserstein(noise(8, 16, 0), noise(8, 16, 1), 1).size(), 1U);
}

TEST(SlicedWasserstein, IsLessForTheSameKindOfPicturesThanForOthers) {
  const torch::Tensor a = noise(128, 32, 0);
  const auto floor = sliced_wasserstein(a, noise(128, 32, 1), 1);
  const torch::Tensor smooth = torch::avg_pool2d(noise(128, 34, 2), 3, 1) * 3;
  const auto other = sliced_wasserstein(a, smooth, 1);
  for (std::size_t i = 0; i < floor.size(); ++i)
    EXPECT_GT(other[i], 1.2 * floor[i]) << "level " << i;
}

TEST(SlicedWasserstein, GrowsWithTheDifference) {
  const torch::Tensor a = noise(64, 32, 0);
  const torch::Tensor smooth = torch::avg_pool2d(noise(64, 34, 2), 3, 1) * 3;
  const torch::Tensor half = noise(64, 32, 1) * 0.5 + smooth * 0.5;
  EXPECT_LT(mean(sliced_wasserstein(a, half, 1)), mean(sliced_wasserstein(a, smooth, 1)));
}

TEST(SlicedWasserstein, DoesNotSeeAShiftOfAllValues) {
  // Patches are normalised, so a shift of all values goes unseen; sets of one value each differ
  // not.
  const torch::Tensor a = noise(32, 16, 0);
  EXPECT_NEAR(mean(sliced_wasserstein(a, a + 0.5, 1)), mean(sliced_wasserstein(a, a, 1)), 1);
}

TEST(MsSsim, IsOneForEqualPairsAndLowForNoise) {
  const torch::Tensor one = noise(8, 64, 0);
  EXPECT_NEAR(pairwise_ms_ssim(one.repeat_interleave(2, 0)), 1, 1e-5);
  EXPECT_LT(pairwise_ms_ssim(noise(16, 64, 1)), 0.1);
}

TEST(MsSsim, RisesAsPicturesGrowAlike) {
  const torch::Tensor common = torch::avg_pool2d(noise(1, 68, 0), 5, 1) * 3;
  double before = 0;
  for (const double share : {0.0, 0.5, 0.8, 0.95}) {
    const torch::Tensor own = torch::avg_pool2d(noise(32, 68, 1), 5, 1) * 3;
    const double now = pairwise_ms_ssim(common * share + own * (1 - share));
    EXPECT_GE(now, before) << share;
    before = now;
  }
  EXPECT_GT(before, 0.9);
}

}  // namespace
}  // namespace facemorph
