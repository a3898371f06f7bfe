#include "engine/principal_directions.hpp"

#include "base/error.hpp"
#include "cpu/dcgan_stages.hpp"
#include "engine/engine.hpp"
#include "latent/arithmetic.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace facemorph {
namespace {

Model model_of(LayerStack stack) {
  Model model;
  model.arch = {stack.nz, 0, stack.channels, stack.image_size};
  model.network.emplace();
  model.network->stack = std::move(stack);
  return model;
}

/// Dimension i of the latent moves output i with strength 8, 4, 2, 1 …, and nothing else does.
Model diagonal_network() {
  constexpr int kSize = 6;
  LayerStack stack;
  stack.nz = kSize;
  stack.channels = 1;
  stack.image_size = 1;
  LinearLayer linear;
  linear.in_features = kSize;
  linear.out_features = kSize;
  std::vector<float> weight(kSize * kSize, 0.0F);
  for (std::size_t i = 0; i < kSize; ++i)
    weight[i * kSize + i] = 8.0F / std::pow(2.0F, static_cast<float>(i));
  linear.weight = weight;
  linear.bias = std::vector<float>(kSize, 100.0F);  // ReLU lets everything through
  stack.layers = {linear, ActivationLayer{Activation::Relu, 0, {}}};
  return model_of(stack);
}

TEST(PrincipalDirections, AreTheAxesOfANetworkThatStretchesThem) {
  const auto found = find_principal_directions(diagonal_network(), {3, 2000});
  ASSERT_EQ(found.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(norm(found[i].vector), 1.0F, 1e-4F);
    EXPECT_GT(std::abs(found[i].vector[i]), 0.98F) << i;
  }
  // 64, 16, 4 of 64 + 16 + 4 + 1 + 1/4 + 1/16
  EXPECT_NEAR(found[0].share, 64 / 85.3F, 0.03F);
  EXPECT_NEAR(found[1].share, 16 / 85.3F, 0.03F);
}

TEST(PrincipalDirections, OfTheBundledModelChangeFacesMoreThanRandomOnes) {
  const auto model = load_model(bundled_model_path());
  double last = 0;
  const auto found = find_principal_directions(*model, {2, 400}, [&](double done) { last = done; });
  ASSERT_EQ(found.size(), 2U);
  EXPECT_GT(last, 0.8);
  EXPECT_EQ(found[0].vector, find_principal_directions(*model, {2, 400})[0].vector);

  const auto engine = make_engine(*model);
  const auto change = [&](const Latent& way) {
    double sum = 0;
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
      const Latent face = seed_latent(seed, 100);
      const auto pictures = engine->generate(
          std::vector<Latent>{moved_along(face, way, -2), moved_along(face, way, 2)});
      for (std::size_t i = 0; i < pictures[0].rgba.size(); ++i)
        sum += std::abs(int{pictures[0].rgba[i]} - int{pictures[1].rgba[i]});
    }
    return sum;
  };
  double random = 0;
  for (std::uint64_t seed = 100; seed < 104; ++seed)
    random += change(with_norm(seed_latent(seed, 100), 1)) / 4;
  EXPECT_GT(change(found[0].vector), 1.3 * random);
}

/// A network that does the same, but is no chain of DCGAN stages.
LayerStack disguised(LayerStack stack) {
  stack.layers.emplace_back(ActivationLayer{Activation::None, 0, {}});
  return stack;
}

TEST(PrincipalDirections, AreTheSameByLibTorch) {
  const auto model = load_model(bundled_model_path());
  Model other = *model;
  other.network->stack = disguised(model->network->stack);
  ASSERT_TRUE(dcgan_stages(model->network->stack));
  ASSERT_FALSE(dcgan_stages(other.network->stack));
  const auto ours = find_principal_directions(*model, {3, 300});
  const auto theirs = find_principal_directions(other, {3, 300});
  ASSERT_EQ(ours.size(), theirs.size());
  for (std::size_t i = 0; i < ours.size(); ++i) {
    EXPECT_NEAR(ours[i].share, theirs[i].share, 1e-4F);
    for (std::size_t at = 0; at < ours[i].vector.size(); ++at)
      ASSERT_NEAR(ours[i].vector[at], theirs[i].vector[at], 2e-3F) << i << ", " << at;
  }
}

TEST(PrincipalDirections, OfANetworkWithoutNumbersAreAnError) {
  Model broken = diagonal_network();
  auto& linear = std::get<LinearLayer>(broken.network->stack.layers.front());
  linear.bias.front() = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THROW(find_principal_directions(broken, {3, 100}), Error);
}

TEST(PrincipalDirections, StopWhenAsked) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_TRUE(find_principal_directions(diagonal_network(), {}, {}, stop.get_token()).empty());
}

}  // namespace
}  // namespace facemorph
