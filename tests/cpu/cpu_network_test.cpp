#include "cpu/cpu_network.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace facemorph {
namespace {

std::vector<float> random_values(std::size_t count, float scale, std::mt19937& random) {
  std::normal_distribution<float> normal(0, scale);
  std::vector<float> values(count);
  for (float& value : values)
    value = normal(random);
  return values;
}

/// Latent, then convolutions of these widths; with norms and activations but behind the last.
LayerStack make_stack(int nz, const std::vector<int>& widths, const ActivationLayer& activation,
                      bool biases) {
  std::mt19937 random(3);
  LayerStack stack{nz, widths.back(), 4, {LatentLayer{}}};
  int channels = nz;
  for (std::size_t i = 0; i < widths.size(); ++i) {
    const bool first = i == 0;
    const auto count = static_cast<std::size_t>(channels) * static_cast<std::size_t>(widths[i]);
    const float scale = 1.5F / std::sqrt(static_cast<float>(channels * (first ? 1 : 4)));
    ConvTranspose2dLayer conv{channels,
                              widths[i],
                              4,
                              first ? 1 : 2,
                              first ? 0 : 1,
                              0,
                              random_values(count * 16, scale, random),
                              {}};
    const auto outputs = static_cast<std::size_t>(widths[i]);
    if (biases) conv.bias = random_values(outputs, 0.3F, random);
    stack.layers.emplace_back(conv);
    if (!first) stack.image_size *= 2;
    channels = widths[i];
    if (i + 1 == widths.size()) break;
    BatchNormLayer norm{random_values(outputs, 1, random),
                        random_values(outputs, 0.3F, random),
                        random_values(outputs, 0.3F, random),
                        {},
                        1e-5F};
    for (const float value : random_values(outputs, 1, random))
      norm.running_var.push_back(0.3F + std::abs(value));
    stack.layers.emplace_back(norm);
    stack.layers.emplace_back(activation);
  }
  stack.layers.emplace_back(ActivationLayer{Activation::Tanh, 0, {}});
  return stack;
}

/// As the definitions say, number by number.
std::vector<double> run_plainly(const LayerStack& stack, const std::vector<float>& latent) {
  std::vector<double> x(latent.begin(), latent.end());
  int side = 1;
  for (const Layer& layer : stack.layers) {
    if (const auto* conv = std::get_if<ConvTranspose2dLayer>(&layer)) {
      const int out = (side - 1) * conv->stride - 2 * conv->padding + conv->kernel;
      std::vector<double> y(static_cast<std::size_t>(conv->out_channels * out * out));
      for (int o = 0; o < conv->out_channels; ++o)
        for (int i = 0; i < out * out; ++i)
          y[static_cast<std::size_t>(o * out * out + i)] =
              conv->bias.empty() ? 0 : conv->bias[static_cast<std::size_t>(o)];
      for (int c = 0; c < conv->in_channels; ++c)
        for (int p = 0; p < side * side; ++p)
          for (int o = 0; o < conv->out_channels; ++o)
            for (int k = 0; k < 16; ++k) {
              const int row = p / side * conv->stride - conv->padding + k / 4;
              const int column = p % side * conv->stride - conv->padding + k % 4;
              if (row < 0 || column < 0 || row >= out || column >= out) continue;
              y[static_cast<std::size_t>((o * out + row) * out + column)] +=
                  x[static_cast<std::size_t>(c * side * side + p)] *
                  conv->weight[static_cast<std::size_t>((c * conv->out_channels + o) * 16 + k)];
            }
      x = std::move(y);
      side = out;
    } else if (const auto* norm = std::get_if<BatchNormLayer>(&layer)) {
      const auto pixels = static_cast<std::size_t>(side * side);
      for (std::size_t i = 0; i < x.size(); ++i) {
        const std::size_t c = i / pixels;
        x[i] = (x[i] - norm->running_mean[c]) / std::sqrt(norm->running_var[c] + norm->eps) *
                   norm->scale[c] +
               norm->shift[c];
      }
    } else if (const auto* act = std::get_if<ActivationLayer>(&layer)) {
      for (double& value : x)
        value = act->kind == Activation::Tanh        ? std::tanh(value)
                : act->kind == Activation::LeakyRelu ? (value > 0 ? value : value * act->slope)
                                                     : std::max(value, 0.0);
    }
  }
  return x;
}

std::vector<std::vector<float>> some_latents(int count, int nz) {
  std::mt19937 random(11);
  std::vector<std::vector<float>> latents;
  for (int i = 0; i < count; ++i)
    latents.push_back(random_values(static_cast<std::size_t>(nz), 1, random));
  return latents;
}

/// The largest difference of a byte from what it should be, and the mean one.
std::pair<double, double> error_of(const Image& image, const std::vector<double>& expected,
                                   int channels) {
  const auto pixels = image.rgba.size() / 4;
  double most = 0;
  double sum = 0;
  for (std::size_t i = 0; i < pixels; ++i)
    for (std::size_t c = 0; c < 3; ++c) {
      const double x =
          expected[std::min<std::size_t>(c, static_cast<std::size_t>(channels) - 1) * pixels + i];
      const double difference = std::abs(image.rgba[i * 4 + c] - (x + 1) / 2 * 255);
      most = std::max(most, difference);
      sum += difference;
    }
  return {most, sum / static_cast<double>(pixels * 3)};
}

/// Every set of instructions that this processor has.
class CpuNetworkOn : public ::testing::TestWithParam<const Kernels*> {
 protected:
  void expect_right(const LayerStack& stack, int pictures, int threads) {
    const auto stages = dcgan_stages(stack);
    ASSERT_TRUE(stages);
    CpuNetwork network(*stages, *GetParam());
    WorkerPool pool(threads);
    const auto latents = some_latents(pictures, stack.nz);
    const auto images = network.generate(latents, pool);
    ASSERT_EQ(images.size(), latents.size());
    for (std::size_t i = 0; i < images.size(); ++i) {
      ASSERT_EQ(images[i].width, stack.image_size);
      const auto [most, mean] = error_of(images[i], run_plainly(stack, latents[i]), stack.channels);
      EXPECT_LT(most, GetParam()->bfloat16 ? 12 : 0.52) << "picture " << i;
      EXPECT_LT(mean, GetParam()->bfloat16 ? 1.2 : 0.3);  // rounding alone is 0.25
    }
  }
};

std::string kernel_name(const ::testing::TestParamInfo<const Kernels*>& info) {
  std::string name = info.param->name;
  std::erase_if(name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; });
  return name;
}

INSTANTIATE_TEST_SUITE_P(Cpu, CpuNetworkOn, ::testing::ValuesIn(available_kernels()), kernel_name);

TEST_P(CpuNetworkOn, MakesThePicturesOfTheDefinitions) {
  expect_right(make_stack(100, {64, 32, 16, 3}, {Activation::Relu, 0, {}}, false), 3, 1);
}

TEST_P(CpuNetworkOn, TakesAnyWidth) {
  expect_right(make_stack(7, {37, 21, 5, 3}, {Activation::Relu, 0, {}}, true), 2, 2);
  expect_right(make_stack(1, {1, 1}, {Activation::Relu, 0, {}}, true), 2, 1);
}

TEST_P(CpuNetworkOn, TakesGreyNetworksAndLeakyOnes) {
  expect_right(make_stack(10, {24, 8, 1}, {Activation::LeakyRelu, 0.2F, {}}, true), 2, 2);
}

TEST_P(CpuNetworkOn, MakesTheSameFacesInAnyCompany) {
  const LayerStack stack = make_stack(20, {48, 16, 3}, {Activation::Relu, 0, {}}, false);
  CpuNetwork network(*dcgan_stages(stack), *GetParam());
  WorkerPool one(1);
  WorkerPool three(3);
  const auto latents = some_latents(37, 20);
  const auto together = network.generate(latents, three);
  for (std::size_t i = 0; i < latents.size(); ++i)
    EXPECT_EQ(network.generate(std::span(latents).subspan(i, 1), one).front(), together[i]) << i;
}

TEST(DcganStages, OtherNetworksAreNone) {
  LayerStack stack = make_stack(10, {8, 4, 3}, {Activation::Relu, 0, {}}, false);
  EXPECT_TRUE(dcgan_stages(stack));
  const auto changed = [&](auto change) {
    LayerStack other = stack;
    change(other);
    return dcgan_stages(other).has_value();
  };
  EXPECT_FALSE(changed([](LayerStack& s) { s.layers.pop_back(); })) << "no tanh";
  EXPECT_FALSE(changed([](LayerStack& s) { s.layers.emplace_back(ScaleLayer{2, 0}); }));
  EXPECT_FALSE(changed([](LayerStack& s) { s.layers[0] = LatentLayer{LatentKind::Sphere}; }));
  EXPECT_FALSE(changed(
      [](LayerStack& s) { std::get<ConvTranspose2dLayer>(s.layers[4]).output_padding = 1; }));
  EXPECT_FALSE(changed([](LayerStack& s) {
    s.layers[3] = ActivationLayer{Activation::Gelu, 0, {}};
  }));
  EXPECT_FALSE(changed([](LayerStack& s) {
    std::get<BatchNormLayer>(s.layers[2]).running_mean.clear();
    std::get<BatchNormLayer>(s.layers[2]).running_var.clear();
  })) << "a norm of the batch";
  EXPECT_FALSE(dcgan_stages(LayerStack{}));
}

TEST(InstructionSet, TheEnvironmentLeavesFasterOnesOut) {
  setenv("FACEMORPH_MAX_ISA", "generic", 1);
  EXPECT_EQ(available_kernels(), std::vector<const Kernels*>{kGenericKernels});
  EXPECT_EQ(best_kernels(NumberFormat::Float32), kGenericKernels);
  EXPECT_EQ(best_kernels(NumberFormat::BFloat16), nullptr);
  unsetenv("FACEMORPH_MAX_ISA");
  EXPECT_EQ(available_kernels().back(), kGenericKernels);
}

}  // namespace
}  // namespace facemorph
