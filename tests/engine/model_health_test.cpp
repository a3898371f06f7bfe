#include "engine/model_health.hpp"

#include "cpu/stage_values.hpp"
#include "engine/model_files.hpp"
#include "engine/pictures.hpp"
#include "latent/latent.hpp"
#include "torch/network/torch_network.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <limits>

namespace facemorph {
namespace {

using testing::Fixture;
using testing::fixture;
using ::testing::HasSubstr;

/// What a trained 64 px generator gives.
constexpr HealthFigures kHealthy{0.0, 0.32, 0.054, 0.0, 0.32, 32};

TEST(ModelHealth, FiguresOfATrainedGeneratorAreFine) {
  const ModelHealth health = judge_health(kHealthy);
  EXPECT_FALSE(health.recalibrate);
  EXPECT_EQ(health.spread, 0.32);
  EXPECT_FALSE(health.text.empty());
}

TEST(ModelHealth, SaturatedPicturesAreFlagged) {
  HealthFigures figures = kHealthy;
  figures.saturated = 0.7;
  EXPECT_TRUE(judge_health(figures).recalibrate);
  EXPECT_THAT(judge_health(figures).text, HasSubstr("saturated"));
  figures.batch_saturated = 0.6;  // then it is the network's own way
  EXPECT_FALSE(judge_health(figures).recalibrate);
}

TEST(ModelHealth, ConstantPicturesAreFlagged) {
  HealthFigures figures = kHealthy;
  figures.spread = 0.003;
  EXPECT_THAT(judge_health(figures).text, HasSubstr("nearly the same"));
  figures.batch_spread = 0.004;  // a collapsed generator: nothing to gain
  EXPECT_FALSE(judge_health(figures).recalibrate);
}

TEST(ModelHealth, PicturesFarFromTrainingModeAreFlagged) {
  HealthFigures figures = kHealthy;
  figures.batch_difference = 0.2;
  EXPECT_THAT(judge_health(figures).text, HasSubstr("training mode"));
  figures.faces = 8;  // so few faces make that much noise
  EXPECT_FALSE(judge_health(figures).recalibrate);
}

template <typename Change>
LayerStack with_norms(LayerStack stack, Change change) {
  for (Layer& layer : stack.layers)
    if (auto* norm = std::get_if<BatchNormLayer>(&layer)) change(*norm);
  return stack;
}

LayerStack healthy_stack() {
  const auto model = testing::open_fixture(fixture("g64_nz100_nc3"));
  return recalibrate_batch_norm(*model, 256)->network->stack;
}

TEST(ModelHealth, BrokenStatisticsAreFlagged) {
  const LayerStack healthy = healthy_stack();
  EXPECT_FALSE(check_health(healthy, 2).recalibrate) << check_health(healthy, 2).text;
  const auto scaled = [&](float factor) {
    return with_norms(healthy, [&](BatchNormLayer& norm) {
      for (float& variance : norm.running_var)
        variance *= factor;
    });
  };
  EXPECT_TRUE(check_health(scaled(0.01F), 2).recalibrate);
  EXPECT_TRUE(check_health(scaled(0.3F), 2).recalibrate);
  EXPECT_TRUE(check_health(scaled(10.0F), 2).recalibrate);
  EXPECT_TRUE(check_health(scaled(1000.0F), 2).recalibrate);
  EXPECT_TRUE(check_health(with_norms(healthy,
                                      [](BatchNormLayer& norm) {
                                        std::ranges::fill(norm.running_mean, 0.0F);
                                        std::ranges::fill(norm.running_var, 0.001F);
                                      }),
                           2)
                  .recalibrate);
  EXPECT_TRUE(check_health(with_norms(healthy,
                                      [](BatchNormLayer& norm) {
                                        norm.running_var[0] =
                                            std::numeric_limits<float>::quiet_NaN();
                                      }),
                           2)
                  .recalibrate);
}

/// Both ways to the pictures of training mode.
TEST(ModelHealth, BatchStatisticsAreThoseOfLibTorch) {
  WorkerPool pool(2);
  for (const char* name : {"g64_nz16_nc1", "g32_nz7_nc3", "g64_nz100_nc3"}) {
    SCOPED_TRACE(name);
    LayerStack stack = testing::open_fixture(fixture(name))->network->stack;
    for (Layer& layer : stack.layers)
      if (auto* activation = std::get_if<ActivationLayer>(&layer);
          activation != nullptr && activation->kind == Activation::Relu)
        *activation = {Activation::LeakyRelu, 0.2F, {}};
    auto& first =
        std::get<ConvTranspose2dLayer>(*std::ranges::find_if(stack.layers, [](const Layer& layer) {
          return std::holds_alternative<ConvTranspose2dLayer>(layer);
        }));
    first.bias.assign(static_cast<std::size_t>(first.out_channels), 0.3F);
    const auto latents = seed_latents(5, 12, stack.nz);
    const auto ours = pictures_with_batch_statistics(*dcgan_stages(stack), latents, pool);
    const auto theirs = torch_batch_pictures(stack, latents, 2);
    EXPECT_LE(largest_difference(ours, theirs), 1);
  }
}

TEST(Recalibration, RescuesABrokenModelAndIsDeterministic) {
  const TemporaryFolder folder;
  const Fixture python = fixture("g64_nz100_nc3");
  TensorTable broken = python.table("state/");
  const TensorTable state = broken;
  for (const auto& [name, tensor] : state.entries())
    if (name.ends_with("running_var")) {
      const std::vector<float> tiny(static_cast<std::size_t>(tensor.numel()), 0.01F);
      broken.set(name, from_floats(tiny, tensor.shape));
    }
  const auto model = load_model(testing::write_model(folder, python, broken));
  ASSERT_TRUE(check_health(*model, 2)->recalibrate);
  const auto rescued = recalibrate_batch_norm(*model, 256);
  const ModelHealth health = *check_health(*rescued, 2);
  EXPECT_FALSE(health.recalibrate) << health.text;
  EXPECT_TRUE(rescued->recalibrated);
  EXPECT_FALSE(model->recalibrated);
  EXPECT_TRUE(recalibrate_batch_norm(*model, 256)->network->tensors == rescued->network->tensors);
  for (const auto& [name, tensor] : rescued->network->tensors.entries())
    if (!name.ends_with("running_mean") && !name.ends_with("running_var")) {
      EXPECT_TRUE(*model->network->tensors.find(name) == tensor) << name;
    }
}

}  // namespace
}  // namespace facemorph
