#include "runs/train_config.hpp"

#include "base/error.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace facemorph {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;
using Json = nlohmann::ordered_json;

TEST(TrainConfig, EverySettingComesBackFromJson) {
  TrainConfig config = preset_config("tutorial");
  config.data = "faces";
  config.loss = Loss::Hinge;
  config.crop = Crop::None;
  config.generator.learning_rate = 1e-3;
  config.augment.cutout = 0.25;
  config.seed = 18'446'744'073'709'551'615U;
  EXPECT_EQ(config_from_json(Json::parse(to_json(config).dump())), config);
}

TEST(TrainConfig, TutorialIsThePyTorchTutorials) {
  const TrainConfig config = preset_config("tutorial");
  EXPECT_EQ(config.batch, 128);
  EXPECT_EQ(config.generator, (AdamSettings{2e-4, 0.5, 0.999}));
  EXPECT_EQ(config.discriminator, config.generator);
  EXPECT_EQ(config.loss, Loss::Bce);
  EXPECT_TRUE(config.discriminator_norm);
  EXPECT_FALSE(config.flip);
  EXPECT_EQ(config.r1, 0);
  EXPECT_EQ(config.augment.probability, 0);
  EXPECT_EQ(config.ema, 0);
}

TEST(TrainConfig, MissingSettingsAreThePresets) {
  EXPECT_EQ(config_from_json(Json{{"preset", "tutorial"}}), preset_config("tutorial"));
}

TEST(TrainConfig, UnknownSettingsAndWrongTypesAreNamed) {
  EXPECT_THAT(
      [] {
        config_from_json(Json{{"momentum", 1}});
      },
      ThrowsMessage<Error>(HasSubstr("momentum")));
  EXPECT_THAT(
      [] {
        config_from_json(Json{{"batch", "many"}});
      },
      ThrowsMessage<Error>(HasSubstr("batch")));
  EXPECT_THAT(
      [] {
        config_from_json(Json{{"batch", 8.5}});
      },
      ThrowsMessage<Error>(HasSubstr("batch")));
  EXPECT_THAT(
      [] {
        config_from_json(Json{{"loss", "wasserstein"}});
      },
      ThrowsMessage<Error>(HasSubstr("loss")));
  EXPECT_THAT([] { preset_config("fast"); }, ThrowsMessage<UsageError>(HasSubstr("fast")));
}

TEST(TrainConfig, ImpossibleSettingsAreNamed) {
  const auto refused = [](auto change, const char* name) {
    TrainConfig config;
    change(config);
    EXPECT_THAT([&] { check_config(config); }, ThrowsMessage<UsageError>(HasSubstr(name)));
  };
  refused([](TrainConfig& c) { c.image_size = 65; }, "image_size");
  refused([](TrainConfig& c) { c.image_size = 512; }, "image_size");
  refused([](TrainConfig& c) { c.channels = 4; }, "channels");
  refused([](TrainConfig& c) { c.batch = 1; }, "batch");
  refused([](TrainConfig& c) { c.generator.learning_rate = 0; }, "generator_learning_rate");
  refused([](TrainConfig& c) { c.discriminator.beta1 = 1; }, "discriminator_beta1");
  refused([](TrainConfig& c) { c.ema = 1; }, "ema");
  refused([](TrainConfig& c) { c.augment.probability = 2; }, "augment_probability");
  refused([](TrainConfig& c) { c.device = "tpu"; }, "device");
  EXPECT_NO_THROW(check_config({}));
}

}  // namespace
}  // namespace facemorph
