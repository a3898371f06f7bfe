#include "runs/advice.hpp"

#include <gmock/gmock.h>

namespace facemorph {
namespace {

using ::testing::HasSubstr;

std::optional<Advice> see_losses(RunWatch& watch, double loss_d, std::uint64_t from,
                                 std::uint64_t to) {
  std::optional<Advice> last;
  for (std::uint64_t step = from; step < to; step += 10) {
    TrainReport report;
    report.step = step;
    report.loss_d = loss_d;
    if (auto advice = watch.see_report(report)) last = advice;
  }
  return last;
}

TEST(RunWatch, SaysOnceThatTheDiscriminatorHasWonAndTakesItBack) {
  RunWatch watch;
  EXPECT_FALSE(see_losses(watch, 0.001, 0, 200)) << "in the beginning it always wins";
  EXPECT_FALSE(see_losses(watch, 1.2, 200, 400));
  const auto won = see_losses(watch, 0.01, 400, 1000);
  ASSERT_TRUE(won);
  EXPECT_EQ(won->worry, Worry::DiscriminatorWon);
  EXPECT_THAT(won->text, HasSubstr("D has won"));
  EXPECT_FALSE(see_losses(watch, 0.01, 1000, 2000)) << "once is enough";
  const auto over = see_losses(watch, 1.2, 2000, 2500);
  ASSERT_TRUE(over);
  EXPECT_EQ(over->worry, Worry::DiscriminatorWon);
  EXPECT_EQ(over->text, "");
}

TEST(RunWatch, SeesTheVarietyFall) {
  RunWatch watch;
  Scores real;
  real.ms_ssim = 0.4;
  Scores faces;
  faces.ms_ssim = 0.6;
  EXPECT_FALSE(watch.see_variety(500, faces, real)) << "all generators begin with one picture";
  const auto alike = watch.see_variety(1000, faces, real);
  ASSERT_TRUE(alike);
  EXPECT_EQ(alike->worry, Worry::FacesAlike);
  faces.ms_ssim = 0.52;
  EXPECT_FALSE(watch.see_variety(1500, faces, real)) << "not yet far from it";
  faces.ms_ssim = 0.45;
  EXPECT_EQ(watch.see_variety(2000, faces, real)->text, "");
}

TEST(RunWatch, WantsEnoughPictures) {
  EXPECT_THAT(RunWatch().see_pictures(60, false)->text, HasSubstr("60 pictures"));
  EXPECT_THAT(RunWatch().see_pictures(1, false)->text, HasSubstr("1 picture:"));
  EXPECT_FALSE(RunWatch().see_pictures(60, true)) << "enough to go on from a trained model";
  EXPECT_FALSE(RunWatch().see_pictures(3000, false));
}

TEST(RunWatch, TellsFacesThatWereLearntByHeart) {
  RunWatch watch;
  EXPECT_FALSE(watch.see_nearest({{}, 35, 40}));
  EXPECT_EQ(watch.see_nearest({{}, 12, 40})->worry, Worry::LearntByHeart);
  EXPECT_FALSE(watch.see_nearest({{}, 12, 40}));
  EXPECT_EQ(watch.see_nearest({{}, 35, 40})->text, "");
}

}  // namespace
}  // namespace facemorph
