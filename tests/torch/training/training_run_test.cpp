#include "torch/training/training_run.hpp"

#include "base/error.hpp"
#include "base/temporary_folder.hpp"
#include "checkpoint/formats/checkpoint.hpp"
#include "runs/fixtures.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <fstream>
#include <future>

namespace facemorph {
namespace {

using ::testing::HasSubstr;
using testing::small_config;
using ::testing::ThrowsMessage;

RunRequest request_for(const std::filesystem::path& out, std::uint64_t steps) {
  RunRequest request;
  request.out = out;
  request.config = small_config("faces");
  request.steps = steps;
  request.config.samples_every = 1000;
  request.config.score_pictures = 0;
  return request;
}

TensorTable newest(const std::filesystem::path& run) {
  return RunFolder::open(run).newest()->tensors;
}

void run(const RunRequest& request) {
  RunControl control;
  run_training(request, control, [](const TrainEvent&) {});
}

TEST(TrainingRun, APauseSavesHoldsAndChangesNothing) {
  const TemporaryFolder folder;
  run(request_for(folder / "straight", 8));

  RunControl control;
  std::vector<std::string> story;
  std::future<void> answer;
  run_training(request_for(folder / "paused", 8), control, [&](const TrainEvent& event) {
    if (const auto* progress = std::get_if<Progress>(&event)) {
      story.push_back("step " + std::to_string(progress->step));
      if (progress->step == 3) control.pause();
    }
    if (const auto* saved = std::get_if<Saved>(&event))
      story.push_back("saved " + std::to_string(saved->step));
    if (std::holds_alternative<Paused>(event)) {
      story.emplace_back("paused");
      answer = std::async(std::launch::async, [&] { control.go_on(); });
    }
    if (std::holds_alternative<Continued>(event)) story.emplace_back("goes on");
  });
  EXPECT_THAT(story,
              ::testing::ElementsAre("step 1", "step 2", "step 3", "saved 3", "paused", "goes on",
                                     "step 4", "step 5", "step 6", "step 7", "step 8", "saved 8"));
  EXPECT_TRUE(newest(folder / "paused") == newest(folder / "straight"));
}

TEST(TrainingRun, PublishesWithoutChangingAnything) {
  const TemporaryFolder folder;
  run(request_for(folder / "straight", 4));
  RunRequest request = request_for(folder / "watched", 4);
  request.publish_seconds = 1e-6;
  RunControl control;
  std::vector<std::uint64_t> published;
  run_training(request, control, [&](const TrainEvent& event) {
    if (const auto* now = std::get_if<Published>(&event)) {
      published.push_back(now->snapshot->step);
      EXPECT_EQ(now->snapshot->generator.arch.image_size, request.config.image_size);
    }
  });
  EXPECT_THAT(published, ::testing::IsSupersetOf({0, 1, 4})) << "the first face and the last";
  EXPECT_TRUE(newest(folder / "watched") == newest(folder / "straight"));
}

TEST(TrainingRun, APausedRunCanBeStopped) {
  const TemporaryFolder folder;
  RunControl control;
  control.pause();
  std::future<void> answer;
  bool stopped = false;
  run_training(request_for(folder / "run", 100), control, [&](const TrainEvent& event) {
    if (std::holds_alternative<Paused>(event))
      answer = std::async(std::launch::async, [&] { control.stop(); });
    if (const auto* finished = std::get_if<Finished>(&event)) {
      stopped = finished->stopped;
      EXPECT_EQ(finished->step, 1U);
    }
  });
  EXPECT_TRUE(stopped);
}

TEST(TrainingRun, GoesOnWhenItCannotSaveAndLosesNothing) {
  const TemporaryFolder folder;
  const auto checkpoints = folder / "run/checkpoints";
  RunRequest request = request_for(folder / "run", 6);
  request.config.save_minutes = 0;
  RunControl control;
  std::vector<std::string> troubles;
  std::vector<std::uint64_t> saved;
  run_training(request, control, [&](const TrainEvent& event) {
    if (const auto* progress = std::get_if<Progress>(&event)) {
      if (progress->step == 3) {  // a file where the folder was: nothing can be written there
        std::filesystem::rename(checkpoints, folder / "away");
        std::ofstream(checkpoints) << "in the way";
      }
      if (progress->step == 5) {
        std::filesystem::remove(checkpoints);
        std::filesystem::rename(folder / "away", checkpoints);
      }
    }
    if (const auto* trouble = std::get_if<Trouble>(&event)) troubles.push_back(trouble->text);
    if (const auto* done = std::get_if<Saved>(&event)) saved.push_back(done->step);
  });
  EXPECT_THAT(troubles, ::testing::ElementsAre(HasSubstr("checkpoints"), HasSubstr("checkpoints")));
  EXPECT_THAT(saved, ::testing::ElementsAre(1, 2, 5, 6));
  EXPECT_THAT(saved_steps(folder / "run"), ::testing::IsSupersetOf({2, 5, 6}));
}

/// Finite weights that the next step overflows from.
void spoil(const std::filesystem::path& checkpoint,
           const char* name = "discriminator.main.0.weight") {
  TensorTable state = read_checkpoint(checkpoint).state_dicts.at(0).tensors;
  const Tensor weights = *state.find(name);
  const auto count = static_cast<std::size_t>(weights.numel());
  state.set(name, from_floats(std::vector<float>(count, 1e38F), weights.shape));
  write_checkpoint(checkpoint, state, {});
}

TEST(TrainingRun, OneThatBreaksDownGoesOnFromTheLastGoodCheckpointMoreSlowly) {
  const TemporaryFolder folder;
  RunRequest request = request_for(folder / "run", 4);
  request.config.log_every = 1;
  request.config.save_minutes = 0;
  run(request);
  spoil(folder / "run/checkpoints/step-00000004.safetensors");
  request.resume = true;
  request.steps = 8;
  RunControl control;
  std::vector<RolledBack> events;
  run_training(request, control, [&](const TrainEvent& event) {
    if (const auto* back = std::get_if<RolledBack>(&event)) events.push_back(*back);
  });
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].from, 5U);
  EXPECT_EQ(events[0].to, 4U) << "the newest that was sound when it was saved";
  EXPECT_EQ(events[1].to, 3U) << "which was about to break down; the one before was not";
  const double rate = request.config.generator.learning_rate;
  EXPECT_DOUBLE_EQ(events[1].generator_rate, rate / 4);
  EXPECT_DOUBLE_EQ(read_config(folder / "run").generator.learning_rate, rate / 4)
      << "kept for --resume";
  EXPECT_EQ(saved_steps(folder / "run").back(), 8U);
  EXPECT_TRUE(std::filesystem::exists(folder / "run/checkpoints/step-00000004.safetensors.broken"));
}

TEST(TrainingRun, ABreakdownIsFoundBeforeItsFacesAreShown) {
  const TemporaryFolder folder;
  RunRequest request = request_for(folder / "run", 2);
  request.config.save_minutes = 0;
  run(request);
  spoil(folder / "run/checkpoints/step-00000002.safetensors", "generator.main.3.weight");
  request.resume = true;
  request.steps = 6;
  request.config.save_minutes = 1000;  // neither a save nor a report looks at it first
  request.config.log_every = 1000;
  request.publish_seconds = 1e-6;
  RunControl control;
  std::vector<RolledBack> events;
  run_training(request, control, [&](const TrainEvent& event) {
    if (const auto* back = std::get_if<RolledBack>(&event)) events.push_back(*back);
  });
  ASSERT_FALSE(events.empty());
  EXPECT_EQ(events.back().to, 1U);
  EXPECT_EQ(saved_steps(folder / "run").back(), 6U);
}

TEST(TrainingRun, ACheckpointThatSomebodyWantsStays) {
  const TemporaryFolder folder;
  RunRequest request = request_for(folder / "run", 12);
  request.config.save_minutes = 0;
  request.config.keep_every = 1000;
  RunControl control;
  run_training(request, control, [&](const TrainEvent& event) {
    const auto* saved = std::get_if<Saved>(&event);
    if (saved != nullptr && saved->step == 3) control.keep(3);
  });
  EXPECT_THAT(saved_steps(folder / "run"), ::testing::ElementsAre(3, 10, 11, 12));
}

TEST(TrainingRun, OneThatBreaksDownEveryTimeEndsWithTheReason) {
  const TemporaryFolder folder;
  RunRequest request = request_for(folder / "run", 1);
  request.config.log_every = 1;
  run(request);
  spoil(folder / "run/checkpoints/step-00000001.safetensors");
  request.resume = true;
  request.steps = 8;
  EXPECT_THAT([&] { run(request); }, ThrowsMessage<Error>(HasSubstr("no longer a finite number")));
  EXPECT_EQ(saved_steps(folder / "run").back(), 1U) << "the only checkpoint stays";
}

TEST(TrainingRun, SingleStepsAreMadeWhileItHolds) {
  const TemporaryFolder folder;
  RunControl control;
  control.pause();
  std::vector<std::string> story;
  std::vector<std::future<void>> answers;
  const auto answer = [&](auto call) { answers.push_back(std::async(std::launch::async, call)); };
  RunRequest request = request_for(folder / "run", 5);
  request.publish_seconds = 1000;
  run_training(request, control, [&](const TrainEvent& event) {
    if (const auto* progress = std::get_if<Progress>(&event)) {
      story.push_back("step " + std::to_string(progress->step));
      if (progress->step == 2) {
        EXPECT_TRUE(progress->fresh);
        EXPECT_TRUE(std::isnan(progress->report.loss_g)) << "D only";
      }
    }
    if (std::holds_alternative<Paused>(event)) {
      story.emplace_back("paused");
      answer([&] { control.step_once(StepParts::Discriminator); });
    }
    if (const auto* now = std::get_if<Published>(&event);
        now != nullptr && now->snapshot->step > 0) {
      story.push_back("published " + std::to_string(now->snapshot->step));
      if (now->snapshot->weights == GeneratorWeights::Plain)
        answer([&] { control.go_on(); });
      else if (now->snapshot->step == 2)
        answer([&] { control.publish(GeneratorWeights::Plain); });
    }
  });
  ASSERT_GE(story.size(), 6U);
  story.resize(6);
  EXPECT_THAT(story, ::testing::ElementsAre("step 1", "paused", "step 2", "published 2",
                                            "published 2", "step 3"));
}

TEST(TrainingRun, ItsPaceCanChangeWhatItTakesButNotWhatItLearns) {
  const TemporaryFolder folder;
  RunRequest request = request_for(folder / "straight", 6);
  request.config.threads = 1;
  run(request);
  request.out = folder / "slow";
  RunControl control;
  control.set_pace({1, 0.3});
  int steps = 0;
  run_training(request, control, [&](const TrainEvent& event) {
    if (std::holds_alternative<Progress>(event) && ++steps == 3) control.set_pace({1, 1});
  });
  EXPECT_TRUE(newest(folder / "slow") == newest(folder / "straight"));
}

TEST(TrainingRun, APausedOrStoppedRunDoesNotFinishItsRest) {
  RunControl control;
  control.set_pace({0, 0.02});
  const auto rest = std::async(std::launch::async, [&] { control.rest_after(1e6); });
  EXPECT_EQ(rest.wait_for(std::chrono::milliseconds(50)), std::future_status::timeout);
  control.pause();
  rest.wait();  // or the test would last for a year
  control.go_on();
  const auto other = std::async(std::launch::async, [&] { control.rest_after(1e6); });
  control.stop();
  other.wait();
}

TEST(TrainingRun, PicturesThatWereReadAlreadyAreTaken) {
  const TemporaryFolder folder;
  RunRequest request = request_for(folder / "run", 1);
  request.pictures = testing::read_pictures(request.config);
  request.config.data = (folder / "gone").string();
  run(request);
  EXPECT_EQ(saved_steps(folder / "run").back(), 1U);
}

TEST(TrainingRun, TooFewPicturesAreToldAtTheStart) {
  const TemporaryFolder folder;
  RunControl control;
  std::vector<Advice> advice;
  run_training(request_for(folder / "run", 1), control, [&](const TrainEvent& event) {
    if (const auto* said = std::get_if<Advice>(&event)) advice.push_back(*said);
  });
  ASSERT_EQ(advice.size(), 1U);
  EXPECT_EQ(advice[0].worry, Worry::TooFewPictures);
  EXPECT_THAT(advice[0].text, HasSubstr("24 pictures"));
}

TEST(TrainingRun, AStartThatFailsLeavesNoFolder) {
  const TemporaryFolder folder;
  RunRequest request = request_for(folder / "run", 2);
  request.config.init = (folder / "nothing.pth").string();
  EXPECT_THAT([&] { run(request); }, ThrowsMessage<Error>(HasSubstr("nothing.pth")));
  EXPECT_FALSE(std::filesystem::exists(folder / "run"));
}

TEST(TrainingRun, ASheetThatAKillPreventedIsMadeAgain) {
  const TemporaryFolder folder;
  RunRequest request = request_for(folder / "run", 4);
  request.config.samples_every = 4;
  run(request);
  const auto sheet = folder / "run/samples/step-00000004.png";
  ASSERT_TRUE(std::filesystem::remove(sheet));
  request.resume = true;
  run(request);
  EXPECT_TRUE(std::filesystem::exists(sheet));
}

TEST(TrainingRun, AStoppedRunDoesNotWaitForItsScores) {
  const TemporaryFolder folder;
  RunRequest request = request_for(folder / "run", 100);
  request.config.score_pictures = 100;
  RunControl control;
  int scores = 0;
  bool stopped = false;
  run_training(request, control, [&](const TrainEvent& event) {
    if (std::holds_alternative<SamplesWritten>(event)) control.stop();
    scores += std::holds_alternative<Scored>(event) ? 1 : 0;
    if (const auto* finished = std::get_if<Finished>(&event)) stopped = finished->stopped;
  });
  EXPECT_TRUE(stopped);
  EXPECT_EQ(scores, 0);
}

TEST(TrainingRun, AResumedRunTakesChangesThatKeepTheShape) {
  const TemporaryFolder folder;
  RunRequest request = request_for(folder / "run", 2);
  run(request);
  std::filesystem::copy(request.config.data, folder / "moved");
  request.resume = true;
  request.steps = 4;
  request.config = read_config(folder / "run");
  request.config.data = (folder / "moved").string();
  request.config.generator.learning_rate = 1e-4;
  run(request);
  EXPECT_EQ(read_config(folder / "run"), request.config);
  EXPECT_EQ(saved_steps(folder / "run").back(), 4U);

  request.config.ngf = 16;
  EXPECT_THAT([&] { run(request); }, ThrowsMessage<UsageError>(HasSubstr("ngf")));
}

}  // namespace
}  // namespace facemorph
