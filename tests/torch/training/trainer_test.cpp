#include "torch/training/trainer.hpp"

#include "base/error.hpp"
#include "checkpoint/formats/checkpoint.hpp"
#include "runs/fixtures.hpp"
#include "torch/network/dcgan.hpp"
#include "torch/training/random.hpp"
#include "torch/training/sample_sheet.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <cstring>
#include <fstream>
#include <limits>

namespace facemorph {
namespace {

using ::testing::HasSubstr;
using testing::read_pictures;
using testing::small_config;
using ::testing::ThrowsMessage;
using testing::training_folder;

void take_steps(Trainer& trainer, int count) {
  for (int i = 0; i < count; ++i)
    trainer.step();
}

Trainer make_trainer(const TrainConfig& config) {
  return {config, read_pictures(config)};
}

TEST(Trainer, TutorialPresetFollowsPythonStepByStep) {
  TrainConfig config = small_config("tutorial");
  config.batch = 8;
  Trainer trainer = make_trainer(config);
  trainer.restore(read_checkpoint(training_folder() / "start.pth").state_dicts.at(0).tensors);
  std::ifstream file(training_folder() / "tutorial.json");
  const auto python = nlohmann::json::parse(file);
  ASSERT_EQ(python["steps"].size(), 20U);
  for (const auto& expected : python["steps"]) {
    trainer.step();
    const TrainReport ours = trainer.report();
    const auto expect_close = [&](const char* name, double value) {
      EXPECT_NEAR(value, expected[name].get<double>(), 1e-3 * expected[name].get<double>())
          << name << " of step " << ours.step;
    };
    expect_close("loss_d", ours.loss_d);
    expect_close("loss_g", ours.loss_g);
    expect_close("d_real", ours.d_real);
    expect_close("d_fake", ours.d_fake);
    expect_close("d_fake_after", ours.d_fake_after);
  }
}

TEST(Trainer, TheSameSeedGivesTheSameRun) {
  const TrainConfig config = small_config("faces");
  Trainer one = make_trainer(config);
  Trainer two = make_trainer(config);
  take_steps(one, 3);
  take_steps(two, 3);
  EXPECT_TRUE(one.state() == two.state());
  TrainConfig other = config;
  other.seed = 8;
  Trainer three = make_trainer(other);
  take_steps(three, 3);
  EXPECT_FALSE(one.state() == three.state());
}

TEST(Trainer, RestoringGoesOnBitExactly) {
  for (const char* preset : {"faces", "tutorial"}) {
    SCOPED_TRACE(preset);
    const TrainConfig config = small_config(preset);
    Trainer straight = make_trainer(config);
    take_steps(straight, 17);
    const TensorTable halfway = straight.state();
    take_steps(straight, 18);

    Trainer restored = make_trainer(config);
    restored.restore(halfway);
    EXPECT_EQ(restored.steps(), 17U);
    take_steps(restored, 18);
    EXPECT_TRUE(restored.state() == straight.state());
    EXPECT_EQ(sample_faces(*restored.snapshot(), 1), sample_faces(*straight.snapshot(), 1));
  }
}

TEST(Trainer, LearnsHowColourfulThePicturesAre) {
  // Discs on plain grounds; an untrained generator's pictures are nearly grey.
  TrainConfig config = small_config("faces");
  config.generator.learning_rate = config.discriminator.learning_rate = 2e-3;
  config.ema = 0;
  Trainer trainer = make_trainer(config);
  const auto pictures = read_pictures(config);
  const auto colourfulness = [](const std::vector<Image>& images) {
    double sum = 0;
    double count = 0;
    for (const Image& image : images)
      for (std::size_t i = 0; i < image.rgba.size(); i += 4, ++count)
        sum += std::abs(image.rgba[i] - image.rgba[i + 2]);
    return sum / count;
  };
  std::vector<Image> real;
  for (std::size_t i = 0; i < pictures->size(); ++i)
    real.push_back(pictures->image(i));
  const double goal = colourfulness(real);
  const double before = colourfulness(sample_faces(*trainer.snapshot(), 1));
  take_steps(trainer, 400);
  const double after = colourfulness(sample_faces(*trainer.snapshot(), 1));
  EXPECT_LT(std::abs(after - goal), std::abs(before - goal) / 2)
      << before << " became " << after << ", is " << goal;
}

TEST(Trainer, SnapshotIsAnAverageWithStatisticsOfItsOwn) {
  Trainer trainer = make_trainer(small_config("faces"));
  take_steps(trainer, 12);
  const TensorTable state = trainer.state();
  const auto snapshot = trainer.snapshot();
  EXPECT_EQ(snapshot->step, 12U);
  EXPECT_FALSE(*state.find("generator.main.0.weight") == *state.find("ema.main.0.weight"));
  EXPECT_FALSE(*state.find("generator.main.1.running_var") ==
               *state.find("ema.main.1.running_var"));
  EXPECT_TRUE(*snapshot->generator.tensors.find("main.0.weight") ==
              *state.find("ema.main.0.weight"));
}

TEST(Trainer, TheAverageMovesByItsDecay) {
  TrainConfig config = small_config("faces");
  config.ema = 0.999;
  Trainer trainer = make_trainer(config);
  take_steps(trainer, 1);
  const std::vector<float> before = to_floats(*trainer.state().find("ema.main.3.weight"));
  take_steps(trainer, 1);
  const TensorTable state = trainer.state();
  const std::vector<float> weights = to_floats(*state.find("generator.main.3.weight"));
  const std::vector<float> after = to_floats(*state.find("ema.main.3.weight"));
  const double decay = 3.0 / 12.0;  // (1 + t) / (10 + t) as long as that is below the setting
  for (std::size_t i = 0; i < after.size(); ++i)
    ASSERT_NEAR(after[i], decay * before[i] + (1 - decay) * weights[i], 1e-6);
}

TEST(Trainer, SnapshotsHaveTheStatisticsOfTheirOwnWeights) {
  const TrainConfig config = small_config("faces");
  Trainer trainer = make_trainer(config);
  take_steps(trainer, 3);
  const TensorTable tensors = trainer.snapshot()->generator.tensors;
  torch::Tensor mean = torch::zeros({config.ngf * 4});
  torch::Tensor variance = torch::zeros({config.ngf * 4});
  for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(config.ema_batches); ++i) {
    const torch::Tensor latents =
        torch::randn({64, config.nz, 1, 1}, random_stream(config.seed, Draw::BatchNorm, i));
    const torch::Tensor x =
        torch::conv_transpose2d(latents, to_torch(*tensors.find("main.0.weight")));
    mean += x.mean(std::vector<std::int64_t>{0, 2, 3}) / config.ema_batches;
    variance += x.var(std::vector<std::int64_t>{0, 2, 3}) / config.ema_batches;
  }
  EXPECT_TRUE(to_torch(*tensors.find("main.1.running_mean")).allclose(mean, 1e-4, 1e-6));
  EXPECT_TRUE(to_torch(*tensors.find("main.1.running_var")).allclose(variance, 1e-4, 1e-6));
}

TEST(Trainer, APenaltyEveryOtherStepWeighsTwiceAsMuch) {
  const auto discriminator_after_a_step = [](double r1, int every) {
    TrainConfig config = small_config("faces");
    config.precision = Precision::Float32;
    config.r1 = r1;
    config.r1_every = every;
    Trainer trainer = make_trainer(config);
    trainer.step();
    return *trainer.state().find("optimizer.discriminator.main.0.weight.exp_avg");
  };
  const Tensor lazy = discriminator_after_a_step(20, 2);
  EXPECT_TRUE(lazy == discriminator_after_a_step(40, 1));
  EXPECT_FALSE(lazy == discriminator_after_a_step(20, 1));
  EXPECT_FALSE(lazy == discriminator_after_a_step(0, 1));
}

TEST(Trainer, ThePenaltyFallsDueEverySoManySteps) {
  TrainConfig config = small_config("faces");
  config.r1_every = 2;
  Trainer trainer = make_trainer(config);
  std::vector<bool> penalised;
  for (int i = 0; i < 4; ++i) {
    trainer.step();
    penalised.push_back(trainer.report().r1 > 0);
  }
  EXPECT_THAT(penalised, ::testing::ElementsAre(true, false, true, false));
}

TEST(Trainer, AWeightThatIsNoNumberIsFoundBeforeItIsSaved) {
  Trainer trainer = make_trainer(small_config("faces"));
  TensorTable state = trainer.state();
  const Tensor& weights = *state.find("ema.main.9.weight");
  std::vector<float> values = to_floats(weights);
  values.front() = std::numeric_limits<float>::quiet_NaN();
  state.set("ema.main.9.weight", from_floats(values, weights.shape));
  trainer.restore(state);
  EXPECT_THAT([&] { trainer.check(); }, ThrowsMessage<Error>(HasSubstr("finite number")));
}

TEST(Trainer, OneNetworkCanBeTrainedWhileTheOtherStands) {
  const TrainConfig config = small_config("faces");
  Trainer trainer = make_trainer(config);
  take_steps(trainer, 2);
  const TensorTable before = trainer.state();
  trainer.report();
  const auto changed = [&](const TensorTable& after, const char* name) {
    return !(*after.find(name) == *before.find(name));
  };
  trainer.step({StepParts::Discriminator, 0, {}});
  const TensorTable after_d = trainer.state();
  EXPECT_TRUE(changed(after_d, "discriminator.main.0.weight"));
  EXPECT_FALSE(changed(after_d, "generator.main.0.weight"));
  EXPECT_FALSE(changed(after_d, "ema.main.0.weight"));
  TrainReport report = trainer.report();
  EXPECT_TRUE(std::isfinite(report.loss_d));
  EXPECT_TRUE(std::isnan(report.loss_g)) << "was not measured";
  trainer.step({StepParts::Generator, 0, {}});
  const TensorTable after_g = trainer.state();
  EXPECT_TRUE(changed(after_g, "generator.main.0.weight"));
  EXPECT_TRUE(*after_g.find("discriminator.main.0.weight") ==
              *after_d.find("discriminator.main.0.weight"));
  EXPECT_TRUE(std::isnan(trainer.report().loss_d));
  EXPECT_EQ(trainer.steps(), 4U);

  // The optimisers have made three steps each, and go on so.
  Trainer restored = make_trainer(config);
  restored.restore(trainer.state());
  take_steps(restored, 2);
  take_steps(trainer, 2);
  EXPECT_TRUE(restored.state() == trainer.state());
}

TEST(Trainer, TellsTheTimeOfEveryPart) {
  Trainer trainer = make_trainer(small_config("faces"));
  std::vector<double> parts;
  trainer.step({StepParts::Both, 1, [&](double seconds) { parts.push_back(seconds); }});
  ASSERT_EQ(parts.size(), 4U);  // generating, D on real pictures, D on made ones, G
  for (const double seconds : parts)
    EXPECT_GT(seconds, 0);
}

TEST(Trainer, PlainSnapshotsAreTheGeneratorAsItIs) {
  Trainer trainer = make_trainer(small_config("faces"));
  take_steps(trainer, 5);
  const auto plain = trainer.snapshot(GeneratorWeights::Plain);
  EXPECT_EQ(plain->weights, GeneratorWeights::Plain);
  const TensorTable state = trainer.state();
  for (const auto& [name, tensor] : plain->generator.tensors.entries())
    EXPECT_TRUE(tensor == *state.find("generator." + name)) << name;
  EXPECT_FALSE(sample_faces(*plain, 1) == sample_faces(*trainer.snapshot(), 1));
}

TEST(Trainer, LearningRatesCanChange) {
  const TrainConfig config = small_config("faces");
  TrainConfig slower = config;
  slower.generator.learning_rate = 1e-5;
  slower.discriminator.learning_rate = 2e-5;
  Trainer changed = make_trainer(config);
  changed.set_learning_rates(1e-5, 2e-5);
  Trainer straight = make_trainer(slower);
  take_steps(changed, 2);
  take_steps(straight, 2);
  EXPECT_TRUE(changed.state() == straight.state());
}

TEST(Trainer, StateOpensAsTheAveragedGenerator) {
  Trainer trainer = make_trainer(small_config("faces"));
  take_steps(trainer, 2);
  Checkpoint checkpoint;
  checkpoint.state_dicts.push_back({"", trainer.state()});
  const OpenedGenerator opened = open_generator(checkpoint);
  EXPECT_EQ(opened.state_dict_path, "ema");
  EXPECT_THAT(opened.other_choices, ::testing::ElementsAre("generator"));
  EXPECT_TRUE(opened.tensors == trainer.snapshot()->generator.tensors);
}

TEST(Trainer, StartsFromAnotherGenerator) {
  const TrainConfig config = small_config("faces");
  Trainer teacher = make_trainer(config);
  take_steps(teacher, 5);
  const auto learnt = teacher.snapshot();
  Trainer pupil = make_trainer(config);
  pupil.start_from(learnt->generator);
  EXPECT_EQ(pupil.steps(), 0U);
  const auto start = pupil.snapshot();
  EXPECT_TRUE(*start->generator.tensors.find("main.3.weight") ==
              *learnt->generator.tensors.find("main.3.weight"));
}

TEST(Trainer, ALossThatIsNoNumberIsReported) {
  TrainConfig config = small_config("faces");
  Trainer trainer = make_trainer(config);
  TensorTable state = trainer.state();
  const auto shape = state.find("generator.main.0.weight")->shape;
  const auto count = static_cast<std::size_t>(state.find("generator.main.0.weight")->numel());
  state.set("generator.main.0.weight",
            from_floats(std::vector<float>(count, std::numeric_limits<float>::quiet_NaN()), shape));
  trainer.restore(state);
  trainer.step();
  EXPECT_THAT([&] { trainer.check(); }, ThrowsMessage<Error>(HasSubstr("finite number")));
  EXPECT_THAT([&] { trainer.report(); }, ThrowsMessage<Error>(HasSubstr("step 1")));
}

TEST(Trainer, WrongStatesAreRefusedByName) {
  const TrainConfig config = small_config("faces");
  Trainer trainer = make_trainer(config);
  trainer.step();
  const TensorTable good = trainer.state();
  for (const char* name : {"training.step", "discriminator.main.0.weight", "ema.main.0.weight",
                           "optimizer.generator.main.0.weight.exp_avg"}) {
    TensorTable missing;
    for (const auto& [key, tensor] : good.entries())
      if (key != name) missing.set(key, tensor);
    const std::string inner = std::string(name).substr(
        std::string(name).find("main") == std::string::npos ? 0 : std::string(name).find("main"));
    EXPECT_THAT([&] { make_trainer(config).restore(missing); },
                ThrowsMessage<Error>(HasSubstr(inner)));
  }
}

TEST(Trainer, GreyPicturesTrainToo) {
  TrainConfig config = small_config("faces");
  config.channels = 1;
  Trainer trainer = make_trainer(config);
  take_steps(trainer, 2);
  EXPECT_EQ(sample_faces(*trainer.snapshot(), 1).size(), 64U);
}

TEST(Trainer, ReportsAreMeansSinceTheLast) {
  Trainer trainer = make_trainer(small_config("faces"));
  take_steps(trainer, 3);
  const TrainReport report = trainer.report();
  EXPECT_EQ(report.step, 3U);
  EXPECT_DOUBLE_EQ(report.epoch, 1.0);  // 3 * 8 of 24 pictures
  EXPECT_GT(report.images_per_second, 0);
  EXPECT_GT(report.r1, 0);
  EXPECT_NEAR(report.share_real + report.share_fake + report.share_generator + report.share_other,
              1, 1e-9);
  EXPECT_GT(report.d_real, 0);
  EXPECT_LT(report.d_real, 1);
  EXPECT_EQ(trainer.report().loss_d, 0);  // nothing since
}

}  // namespace
}  // namespace facemorph
