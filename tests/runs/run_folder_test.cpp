#include "runs/run_folder.hpp"

#include "base/error.hpp"
#include "base/temporary_folder.hpp"
#include "runs/fixtures.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <iterator>

namespace facemorph {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::small_config;
using ::testing::ThrowsMessage;

TensorTable state_of(float value) {
  TensorTable table;
  table.set("training.step", from_floats({value}, {1}));
  return table;
}

std::string text_of(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(RunFolder, KeepsItsSettings) {
  const TemporaryFolder folder;
  const TrainConfig config = small_config("tutorial");
  { RunFolder::create(folder / "run", config); }
  EXPECT_TRUE(RunFolder::holds_run(folder / "run"));
  EXPECT_EQ(RunFolder::open(folder / "run").config(), config);
}

TEST(RunFolder, NeverOverwritesAnything) {
  const TemporaryFolder folder;
  RunFolder::create(folder / "run", {});
  EXPECT_THAT([&] { RunFolder::create(folder / "run", {}); },
              ThrowsMessage<UsageError>(HasSubstr("--resume")));
  fs::create_directories(folder / "photos");
  std::ofstream(folder / "photos/me.jpg") << "x";
  EXPECT_THAT([&] { RunFolder::create(folder / "photos", {}); },
              ThrowsMessage<UsageError>(HasSubstr("not empty")));
  EXPECT_THAT([&] { RunFolder::create(folder / "photos/me.jpg", {}); },
              ThrowsMessage<UsageError>(HasSubstr("is a file")));
  EXPECT_THAT([&] { RunFolder::open(folder / "photos"); },
              ThrowsMessage<Error>(HasSubstr("no training run")));
}

TEST(RunFolder, ADamagedConfigIsNamed) {
  const TemporaryFolder folder;
  RunFolder::create(folder / "run", {});
  std::ofstream(folder / "run/config.json") << R"({"batch": "many"})";
  EXPECT_THAT([&] { RunFolder::open(folder / "run"); },
              ThrowsMessage<Error>(::testing::AllOf(HasSubstr("config.json"), HasSubstr("batch"))));
}

TEST(RunFolder, TheNewestWholeCheckpointWins) {
  const TemporaryFolder folder;
  RunFolder run = RunFolder::create(folder / "run", {});
  EXPECT_FALSE(run.newest());
  run.save(state_of(1), 100);
  const fs::path newest = run.save(state_of(2), 200);
  EXPECT_EQ(run.newest()->step, 200U);
  EXPECT_TRUE(run.newest()->tensors == state_of(2));

  fs::resize_file(newest, fs::file_size(newest) - 1);
  const auto saved = run.newest();
  EXPECT_EQ(saved->step, 100U);
  EXPECT_TRUE(saved->tensors == state_of(1));
  EXPECT_THAT(saved->torn, ElementsAre(HasSubstr("step-00000200")));

  fs::resize_file(run.path() / "checkpoints/step-00000100.safetensors", 3);
  EXPECT_THAT([&] { run.newest(); }, ThrowsMessage<Error>(HasSubstr("whole")));
}

TEST(RunFolder, KeepsTheLastThreeAndEveryFourthForGood) {
  const TemporaryFolder folder;
  TrainConfig config;
  config.keep_every = 4;
  RunFolder run = RunFolder::create(folder / "run", config);
  for (std::uint64_t i = 1; i <= 12; ++i)
    run.save(state_of(0), 10 * i);
  EXPECT_THAT(saved_steps(run.path()), ElementsAre(40, 80, 100, 110, 120));
}

TEST(RunFolder, KeepsTheOneThatWasGoodAsLongAsItIsTheNewestSuch) {
  const TemporaryFolder folder;
  RunFolder run = RunFolder::create(folder / "run", {});
  for (std::uint64_t i = 1; i <= 6; ++i)
    run.save(state_of(0), i, i < 2 ? std::nullopt : std::optional<std::uint64_t>(2));
  EXPECT_THAT(saved_steps(run.path()), ElementsAre(2, 4, 5, 6));
  run.save(state_of(0), 7, 5);
  EXPECT_THAT(saved_steps(run.path()), ElementsAre(5, 6, 7));
}

TEST(RunFolder, ATornCheckpointOfALaterStepNeverCostsAWholeOne) {
  const TemporaryFolder folder;
  RunFolder run = RunFolder::create(folder / "run", {});
  run.save(state_of(1), 100);
  for (const char* name : {"step-00000200", "step-00000300", "step-00000400", "step-00000500"})
    std::ofstream(run.path() / "checkpoints" / (std::string(name) + ".safetensors")) << "torn";
  run.save(state_of(2), 110);
  EXPECT_EQ(run.newest()->step, 110U);
  EXPECT_TRUE(fs::exists(run.checkpoint_path(100)));
}

TEST(RunFolder, OneProcessAtATime) {
  const TemporaryFolder folder;
  const RunFolder run = RunFolder::create(folder / "run", {});
  EXPECT_THAT([&] { RunFolder::open(folder / "run"); },
              ThrowsMessage<Error>(HasSubstr("another Facemorph")));
}

TEST(RunFolder, ChangingASettingKeepsItLocked) {
  const TemporaryFolder folder;
  RunFolder run = RunFolder::create(folder / "run", {});
  TrainConfig config;
  config.r1 = 2;
  run.change(config);
  EXPECT_THAT([&] { RunFolder::open(folder / "run"); },
              ThrowsMessage<Error>(HasSubstr("another Facemorph")));
}

TEST(RunFolder, CheckpointsThatCannotBeListedAreNotNone) {
  const TemporaryFolder folder;
  const RunFolder run = RunFolder::create(folder / "run", {});
  std::ofstream(folder / "run/checkpoints") << "a file in the way";
  EXPECT_THAT([&] { run.newest(); }, ThrowsMessage<Error>(HasSubstr("could not be listed")));
}

TEST(RunFolder, ASheetOfAnotherSizeIsNoPartOfTheStrip) {
  const TemporaryFolder folder;
  const RunFolder run = RunFolder::create(folder / "run", {});
  fs::create_directories(folder / "run/samples");
  write_png(folder / "run/samples/step-00000001.png",
            Image{500, 1, std::vector<std::uint8_t>(2000)});
  EXPECT_THAT([&] { run.write_strip(); },
              ThrowsMessage<Error>(HasSubstr("not a sample sheet of this run")));
}

TEST(RunFolder, OpeningClearsAwayWhatAKilledProcessLeft) {
  const TemporaryFolder folder;
  { RunFolder::create(folder / "run", {}).save(state_of(1), 10); }
  std::ofstream(folder / "run/checkpoints/.facemorph-1234.tmp") << "half a checkpoint";
  RunFolder::open(folder / "run");
  EXPECT_FALSE(fs::exists(folder / "run/checkpoints/.facemorph-1234.tmp"));
  EXPECT_THAT(saved_steps(folder / "run"), ElementsAre(10));
}

TEST(RunFolder, TheLogGoesBackToWhereTrainingGoesOn) {
  const TemporaryFolder folder;
  RunFolder run = RunFolder::create(folder / "run", {});
  TrainReport report;
  for (const std::uint64_t step : {10, 20, 30}) {
    report.step = step;
    run.log(report, step == 20 ? std::optional(StepScores{15, {}}) : std::nullopt);
  }
  std::ofstream(run.path() / "metrics.csv", std::ios::app) << "40,0.5,torn";
  run.rewind(20);
  const std::string text = text_of(run.path() / "metrics.csv");
  EXPECT_THAT(text, ::testing::StartsWith("step,epoch,loss_d"));
  EXPECT_THAT(text, HasSubstr("\n20,"));
  EXPECT_THAT(text, HasSubstr(",15,0.0000,0.00000\n"));
  EXPECT_THAT(text, ::testing::Not(HasSubstr("\n30,")));
  EXPECT_THAT(text, ::testing::Not(HasSubstr("torn")));
}

}  // namespace
}  // namespace facemorph
