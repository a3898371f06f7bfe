#include "runs/run_history.hpp"

#include "base/error.hpp"
#include "base/temporary_folder.hpp"
#include "runs/fixtures.hpp"
#include "runs/run_files.hpp"
#include "torch/training/training_run.hpp"
#include "videos/video.hpp"

#include <gmock/gmock.h>

#include <fstream>

namespace facemorph {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::small_config;
using ::testing::ThrowsMessage;

/// A run of 30 steps of 8 of 24 pictures, saved after each.
fs::path make_run(const TemporaryFolder& folder) {
  RunRequest request;
  request.out = folder / "run";
  request.config = small_config("faces");
  request.config.save_minutes = 0;
  request.config.samples_every = 1000;
  request.config.score_pictures = 8;
  request.steps = 30;
  RunControl control;
  run_training(request, control, [](const TrainEvent&) {});
  return request.out;
}

std::vector<std::uint64_t> steps_of(const std::vector<RunMoment>& moments) {
  std::vector<std::uint64_t> steps;
  for (const RunMoment& moment : moments)
    steps.push_back(moment.step);
  return steps;
}

TEST(RunHistory, MomentsComeEarlyAndAfterRoundNumbersOfPasses) {
  TrainConfig config;
  config.batch = 10;
  config.samples_every = 1000;
  std::vector<std::uint64_t> steps;
  for (std::uint64_t step = 0; step <= 3000; ++step)
    if (is_moment(step, config, 400)) steps.push_back(step);  // a pass is 40 steps
  EXPECT_THAT(steps, ElementsAre(0, 25, 40, 50, 80, 100, 120, 160, 200, 240, 280, 320, 360, 400,
                                 800, 1000, 1200, 1600, 2000, 2400, 2800, 3000));
}

TEST(RunHistory, OldMomentsThinOut) {
  std::vector<std::uint64_t> steps;
  for (std::uint64_t step = 0; step <= 100; ++step)
    steps.push_back(step * 100);
  const auto surplus = surplus_moments(steps, 8);
  for (const std::uint64_t step : surplus)
    std::erase(steps, step);
  ASSERT_EQ(steps.size(), 8U);
  EXPECT_EQ(steps.front(), 0U);
  EXPECT_EQ(steps.back(), 10'000U);
  EXPECT_LT(steps[2], 1000U) << "the beginning is when most happens";
  EXPECT_THAT(surplus_moments({0, 1, 2}, 8), IsEmpty());
}

TEST(RunHistory, KeepsFacesAndTheirGeneratorsAndTheCurves) {
  const TemporaryFolder folder;
  const fs::path run = make_run(folder);
  const auto moments = moments_of(run);
  EXPECT_THAT(steps_of(moments), ElementsAre(0, 12, 15, 18, 21, 24, 25, 27, 30));
  const OpenedGenerator opened = open_generator(read_checkpoint(moments[3].weights));
  EXPECT_EQ(opened.arch.nz, 20);
  const RunLog log = read_log(run);
  ASSERT_GE(log.reports.size(), 3U);  // a last score may come with a row of its own
  EXPECT_EQ(log.reports[1].step, 20U);
  EXPECT_GT(log.reports[1].images_per_second, 0);
  EXPECT_GT(log.reports[2].loss_d, 0);
  ASSERT_FALSE(log.scores.empty());
  EXPECT_GT(log.scores.back().swd, 0);
  EXPECT_THAT(moments_of(folder / "nothing"), IsEmpty());
  EXPECT_THAT(read_log(folder / "nothing").reports, IsEmpty());
}

TEST(RunHistory, ABranchGoesOnFromAnEarlierCheckpointAndLeavesTheRunAlone) {
  const TemporaryFolder folder;
  const fs::path run = make_run(folder);
  const auto steps = saved_steps(run);
  const std::uint64_t step = steps[steps.size() - 2];  // 29
  branch_run(run, step, folder / "branch");
  EXPECT_EQ(saved_steps(run), steps);
  EXPECT_THAT(saved_steps(folder / "branch"), ElementsAre(step));
  EXPECT_EQ(moments_of(folder / "branch").back().step, 27U);
  EXPECT_EQ(read_log(folder / "branch").reports.back().step, 20U);

  RunRequest request;
  request.out = folder / "branch";
  request.resume = true;
  request.config = read_config(folder / "branch");
  request.steps = 30;
  RunControl control;
  run_training(request, control, [](const TrainEvent&) {});
  EXPECT_TRUE(RunFolder::open(folder / "branch").newest()->tensors ==
              RunFolder::open(run).newest()->tensors)
      << "the same steps from the same state";

  EXPECT_THAT([&] { branch_run(run, step, folder / "branch"); },
              ThrowsMessage<UsageError>(HasSubstr("already")));
  EXPECT_THAT([&] { branch_run(run, 7, folder / "other"); },
              ThrowsMessage<Error>(HasSubstr("no checkpoint of step 7")));
  EXPECT_FALSE(fs::exists(folder / "other"));
}

TEST(RunHistory, StripsAndTimeLapsesShowTheFacesInOrder) {
  const TemporaryFolder folder;
  auto moments = moments_of(make_run(folder));
  moments.erase(moments.begin(), moments.end() - 3);
  const Image strip = strip_of(moments, 32, 3);
  EXPECT_EQ(strip.width, 8 * 34 + 2);
  EXPECT_EQ(strip.height, 3 * 34);
  const Image last = read_png(moments.back().sheet);
  const auto pixel = [](const Image& image, int x, int y) {
    return image.rgba[static_cast<std::size_t>((y * image.width + x) * 4)];
  };
  EXPECT_EQ(pixel(strip, 10, 2 * 34 + 10), pixel(last, 10, 10)) << "its last row is of the last";

  const fs::path video = write_time_lapse(moments, folder / "lapse.mp4");
  VideoReader reader(video);
  EXPECT_EQ(reader.width(), 512);
  std::size_t frames = 0;
  std::optional<Image> seen;
  while (auto frame = reader.next()) {
    seen = std::move(frame);
    ++frames;
  }
  EXPECT_EQ(frames, moments.size() * 9 + (moments.size() - 1) * 9 + 30);
  const Image enlarged = resize(last, 512, seen->width * last.height / last.width, kDefaultFilter);
  double off = 0;
  for (int y = 0; y < 400; ++y)
    for (int x = 0; x < 512; ++x)
      off += std::abs(pixel(*seen, x, y) - pixel(enlarged, x, y));
  EXPECT_LT(off / (400 * 512), 12) << "the last frame shows the last faces";

  EXPECT_THAT([&] { write_time_lapse(std::span(moments).first(1), folder / "short.gif"); },
              ThrowsMessage<UsageError>(HasSubstr("two moments")));
  EXPECT_THAT([&] { write_time_lapse(moments, folder / "lapse.txt"); },
              ThrowsMessage<UsageError>(HasSubstr(".mp4")));
}

TEST(RunHistory, ListsRunsTheNewestFirst) {
  const TemporaryFolder folder;
  fs::create_directories(folder / "photos");
  RunFolder::create(folder / "old", {});
  fs::last_write_time(folder / "old/metrics.csv",
                      fs::file_time_type::clock::now() - std::chrono::hours(1));
  TrainConfig config;
  config.image_size = 128;
  config.data = "pictures";
  RunFolder::create(folder / "new", config);
  RunFolder::create(folder / "damaged", {});
  std::ofstream(folder / "damaged/config.json") << "{";
  const auto runs = list_runs(folder.path());
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_EQ(runs[0].path, folder / "new");
  EXPECT_EQ(runs[0].image_size, 128);
  EXPECT_EQ(runs[0].data, "pictures");
  EXPECT_EQ(runs[1].path, folder / "old");
  EXPECT_THAT(list_runs(folder / "nothing"), IsEmpty());
}

}  // namespace
}  // namespace facemorph
