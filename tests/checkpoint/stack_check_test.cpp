#include "checkpoint/stack/stack_check.hpp"

#include "base/error.hpp"
#include "checkpoint/stacks.hpp"

#include <gmock/gmock.h>

#include <limits>

namespace facemorph {
namespace {

using testing::StackMaker;

std::string message_of(const LayerStack& stack) {
  try {
    check_stack(stack);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

/// The maker's first stack with one layer changed.
template <typename L>
LayerStack changed(std::size_t index, void (*change)(L&)) {
  LayerStack stack = StackMaker().convolutions();
  change(std::get<L>(stack.layers.at(index)));
  return stack;
}

void expect_refused(const LayerStack& stack, const std::string& says) {
  EXPECT_THAT(message_of(stack), ::testing::HasSubstr(says));
}

TEST(StackCheck, EveryKindOfLayerPasses) {
  for (const auto& [name, stack] : StackMaker().all())
    EXPECT_EQ(message_of(stack), "") << name;
}

TEST(StackCheck, ShapesAreThoseBetweenTheLayers) {
  const std::vector<FeatureShape> shapes = feature_shapes(StackMaker().upsampling());
  ASSERT_EQ(shapes.size(), 17U);
  EXPECT_EQ(shapes[0], (FeatureShape{5, 1, 1, true}));
  EXPECT_EQ(shapes[1], (FeatureShape{12, 1, 1, false}));
  EXPECT_EQ(shapes[5], (FeatureShape{32, 2, 2, true}));
  EXPECT_EQ(shapes[13], (FeatureShape{16, 16, 16, true}));
  EXPECT_EQ(shapes[14], (FeatureShape{4, 32, 32, true}));
}

TEST(StackCheck, NamesTheLayerThatDoesNotFit) {
  expect_refused(
      changed<ConvTranspose2dLayer>(0, [](auto& l) { l.in_channels = 7; }),
      "layer 0 (conv_transpose2d) does not fit: it takes 7 channels, but gets [6, 1, 1]");
  expect_refused(
      changed<ConvTranspose2dLayer>(3, [](auto& l) { l.weight = std::vector<float>(5); }),
      "layer 3 (conv_transpose2d) does not fit: its weight has 5 numbers");
  expect_refused(changed<ConvTranspose2dLayer>(3, [](auto& l) { l.output_padding = 2; }),
                 "output_padding is 2");
  expect_refused(changed<BatchNormLayer>(1, [](auto& l) { l.running_var.pop_back(); }),
                 "running_var has 7 numbers, not 8");
  expect_refused(changed<BatchNormLayer>(1, [](auto& l) { l.eps = -1; }), "eps");
  expect_refused(changed<Conv2dLayer>(5, [](auto& l) { l.padding = 65; }), "padding is 65");
  expect_refused(changed<Conv2dLayer>(5, [](auto& l) { l.padding = 9; }), "cannot mirror 9 pixels");
  expect_refused(changed<Conv2dLayer>(7, [](auto& l) { l.stride = 0; }), "stride is 0");
  expect_refused(
      changed<ScaleLayer>(14, [](auto& l) { l.factor = std::numeric_limits<float>::quiet_NaN(); }),
      "factor is an impossible number");
  expect_refused(changed<ActivationLayer>(2, [](auto& l) { l.slopes = {1, 2, 3}; }), "slopes");
}

TEST(StackCheck, LayersThatTakeMapsGetNoVectors) {
  StackMaker make;
  expect_refused({5, 1, 4, {make.linear(5, 16), make.up(16, 1, 4, 1, 0)}},
                 "takes feature maps, but gets a vector [16]");
  expect_refused({5, 1, 4, {make.linear(5, 16)}}, "this network makes [16]");
  expect_refused({5, 1, 4, {make.linear(6, 16)}}, "takes 6 features, but gets [5, 1, 1]");
  expect_refused({5, 1, 4, {make.linear(5, 16), ReshapeLayer{1, 4, 5}}}, "makes [1, 4, 5] of [16]");
}

TEST(StackCheck, TheResultIsThePictureThatTheStackPromises) {
  LayerStack stack = StackMaker().convolutions();
  stack.image_size = 32;
  expect_refused(stack, "this network makes [3, 16, 16], but the file says [3, 32, 32]");
  stack = StackMaker().convolutions();
  stack.layers.erase(stack.layers.begin() + 12, stack.layers.end());
  expect_refused(stack, "pictures of 1 or 3 channels");
  stack.nz = 0;
  expect_refused(stack, "latent size is 0");
}

TEST(StackCheck, UnreasonableMemoryAndWorkAreRefused) {
  StackMaker make;
  LayerStack stack{4, 3, 64, {make.up(4, 3, 4, 1, 0)}};
  for (int i = 0; i < 20; ++i)
    stack.layers.emplace_back(UpsampleLayer{64, UpsampleMode::Nearest});
  expect_refused(stack, "layer 2 (upsample) does not fit: it would make [3, 16384, 16384]");
  stack.layers = {make.up(4, 1, 64, 1, 0), UpsampleLayer{32, UpsampleMode::Nearest}};
  for (int i = 0; i < 100; ++i)
    stack.layers.emplace_back(make.conv(1, 1, 61, 30));
  expect_refused(stack, "far more work");
  stack.layers.assign(600, ScaleLayer{});
  expect_refused(stack, "600 layers");
}

}  // namespace
}  // namespace facemorph
