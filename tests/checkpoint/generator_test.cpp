#include "checkpoint/generator/generator.hpp"

#include "base/error.hpp"
#include "checkpoint/tables.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace facemorph {
namespace {

using testing::checkpoint_of;
using ::testing::ElementsAre;
using testing::generator_tensors;
using ::testing::HasSubstr;

const GeneratorArch kSmall{5, 2, 3, 32};

/// The tensors under other names, in the given order of the tutorial's.
TensorTable renamed(const TensorTable& tensors, auto&& rename) {
  TensorTable result;
  for (const auto& [name, tensor] : tensors.entries())
    result.set(rename(name), tensor);
  return result;
}

std::string message_of(const Checkpoint& checkpoint) {
  try {
    open_generator(checkpoint);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

class Sizes : public ::testing::TestWithParam<GeneratorArch> {};

TEST_P(Sizes, AreInferredFromShapesAlone) {
  const TensorTable tensors = generator_tensors(GetParam());
  const OpenedGenerator opened = open_generator(checkpoint_of(tensors));
  EXPECT_EQ(opened.arch, GetParam());
  EXPECT_EQ(opened.tensors, tensors);
  EXPECT_TRUE(opened.notes.empty());
}

INSTANTIATE_TEST_SUITE_P(Generator, Sizes,
                         ::testing::Values(GeneratorArch{100, 64, 3, 64},
                                           GeneratorArch{1, 1, 1, 32}, GeneratorArch{7, 3, 3, 16},
                                           GeneratorArch{512, 2, 1, 128},
                                           GeneratorArch{8, 2, 3, 256},
                                           GeneratorArch{4, 1, 3, 512}));

TEST(Generator, ShapesAreTheTutorials) {
  const auto shapes = tutorial_shapes({100, 64, 3, 64});
  ASSERT_EQ(shapes.size(), 5U + 4 * 5U);
  EXPECT_EQ(shapes.front().first, "main.0.weight");
  EXPECT_THAT(shapes.front().second, ElementsAre(100, 512, 4, 4));
  EXPECT_EQ(shapes[1].first, "main.1.weight");
  EXPECT_THAT(shapes[1].second, ElementsAre(512));
  EXPECT_EQ(shapes[5].first, "main.1.num_batches_tracked");
  EXPECT_EQ(shapes.back().first, "main.12.weight");
  EXPECT_THAT(shapes.back().second, ElementsAre(64, 3, 4, 4));
}

TEST(Generator, MetadataNamesTheArchitecture) {
  const auto metadata = generator_metadata({100, 64, 3, 128});
  EXPECT_EQ(metadata.at("facemorph.arch"), "dcgan");
  EXPECT_EQ(metadata.at("facemorph.nz"), "100");
  EXPECT_EQ(metadata.at("facemorph.image_size"), "128");
}

TEST(Generator, LayersStandInTheOrderInWhichTheyRun) {
  const LayerStack stack = open_generator(checkpoint_of(generator_tensors(kSmall))).stack;
  EXPECT_EQ(stack.nz, 5);
  EXPECT_EQ(stack.channels, 3);
  EXPECT_EQ(stack.image_size, 32);
  ASSERT_EQ(stack.layers.size(), 3U * 3 + 2);
  const auto& first = std::get<ConvTranspose2dLayer>(stack.layers[0]);
  EXPECT_EQ(first.stride, 1);
  EXPECT_EQ(first.padding, 0);
  EXPECT_EQ(first.weight.size(), 5U * 8 * 16);
  EXPECT_EQ(std::get<BatchNormLayer>(stack.layers[1]).running_var.size(), 8U);
  EXPECT_EQ(std::get<ActivationLayer>(stack.layers[2]).kind, Activation::Relu);
  const auto& second = std::get<ConvTranspose2dLayer>(stack.layers[3]);
  EXPECT_EQ(second.stride, 2);
  EXPECT_EQ(second.padding, 1);
  EXPECT_EQ(std::get<ActivationLayer>(stack.layers.back()).kind, Activation::Tanh);
}

TEST(Generator, LayerNumbersCountMoreThanTheirOrderInTheFile) {
  const TensorTable tensors = generator_tensors({5, 2, 3, 128});  // has main.10 and main.3
  std::vector<NamedTensor> sorted(tensors.entries());
  std::ranges::sort(sorted, {}, &NamedTensor::name);
  TensorTable shuffled;
  for (NamedTensor& entry : sorted)
    shuffled.set(entry.name, entry.tensor);
  EXPECT_EQ(open_generator(checkpoint_of(shuffled)).tensors, tensors);
}

TEST(Generator, OtherLayerNamesBecomeTheTutorials) {
  const TensorTable tensors = generator_tensors(kSmall);
  const auto other =
      renamed(tensors, [](const std::string& name) { return "net.layers" + name.substr(4); });
  const OpenedGenerator opened = open_generator(checkpoint_of(other));
  EXPECT_EQ(opened.tensors, tensors);
  EXPECT_TRUE(opened.is_tutorial());
}

TEST(Generator, NetworksSideBySideAreChoices) {
  const TensorTable tensors = generator_tensors(kSmall);
  TensorTable both;
  for (const char* part : {"generator.", "generator_ema.", "other."})
    for (const auto& [name, tensor] : tensors.entries())
      both.set(part + name, tensor);
  const Checkpoint checkpoint = checkpoint_of(both, "state_dict");
  const OpenedGenerator opened = open_generator(checkpoint);
  EXPECT_EQ(opened.state_dict_path, "state_dict.generator_ema");
  EXPECT_THAT(opened.other_choices, ElementsAre("state_dict.generator", "state_dict.other"));
  EXPECT_EQ(open_generator(checkpoint, "state_dict.generator").tensors, tensors);
}

TEST(Generator, TensorsThatBelongToItAreNotLeftOutInSilence) {
  TensorTable tensors = generator_tensors(kSmall);
  tensors.set("attention.gamma", from_floats({0.5F}, {1}));
  EXPECT_THAT(message_of(checkpoint_of(tensors)), HasSubstr("'attention.gamma'"));
}

TEST(Generator, AnEmbeddingMakesItConditional) {
  TensorTable tensors = generator_tensors(kSmall);
  tensors.set("label_emb.weight", from_floats(std::vector<float>(50), {10, 5}));
  const OpenedGenerator opened = open_generator(checkpoint_of(tensors));
  EXPECT_EQ(opened.draft.find("class")->options.size(), 10U);
  EXPECT_FALSE(opened.is_tutorial());
}

TEST(Generator, ABrokenFirstChoiceGivesWayToTheNext) {
  TensorTable broken = generator_tensors(kSmall);
  broken.set("main.1.weight", from_floats(std::vector<float>(8, NAN), {8}));
  Checkpoint checkpoint = checkpoint_of(broken, "g_ema");
  checkpoint.state_dicts.push_back({"g", generator_tensors(kSmall)});
  const OpenedGenerator opened = open_generator(checkpoint);
  EXPECT_EQ(opened.state_dict_path, "g");
  EXPECT_THAT(opened.notes, ElementsAre(HasSubstr("'g_ema'")));
  EXPECT_THROW(open_generator(checkpoint, "g_ema"), Error);
}

TEST(Generator, TheLargestTableTellsWhatAFileIs) {
  TensorTable torn = generator_tensors(kSmall);
  torn.set("main.0.weight", from_floats(std::vector<float>(5 * 9 * 16), {5, 9, 4, 4}));
  Checkpoint checkpoint = checkpoint_of(torn, "state_dict");
  TensorTable noise;
  noise.set("fixed_noise", from_floats({1, 2}, {1, 2}));
  checkpoint.state_dicts.insert(checkpoint.state_dicts.begin(), {"", noise});
  EXPECT_THAT(message_of(checkpoint), HasSubstr("'main.0' [5, 9, 4, 4]"));
}

TEST(Generator, ImpossibleStatisticsAreNotedNotRefused) {
  for (const float bad : {NAN, INFINITY, -1.0F}) {
    TensorTable tensors = generator_tensors(kSmall);
    tensors.set("main.1.running_var", from_floats(std::vector<float>(8, bad), {8}));
    EXPECT_THAT(open_generator(checkpoint_of(tensors)).notes,
                ElementsAre(HasSubstr("recalibrating")));
  }
}

TEST(Generator, StatisticsGoBackInTheTensorsOwnTypes) {
  TensorTable tensors = generator_tensors(kSmall);
  tensors.set("main.4.running_mean",
              convert_floats(*tensors.find("main.4.running_mean"), DType::Float16));
  LayerStack stack = build_stack(kSmall, tensors);
  std::get<BatchNormLayer>(stack.layers[1]).running_var.assign(8, 0.5F);
  std::get<BatchNormLayer>(stack.layers[4]).running_mean.assign(4, -0.25F);
  store_statistics(stack, tensors);
  EXPECT_EQ(to_floats(*tensors.find("main.1.running_var")), std::vector<float>(8, 0.5F));
  EXPECT_EQ(to_floats(*tensors.find("main.4.running_mean")), std::vector<float>(4, -0.25F));
  EXPECT_EQ(tensors.find("main.4.running_mean")->dtype, DType::Float16);
}

TEST(Generator, BuildStackNamesTheMissingKey) {
  try {
    build_stack(kSmall, {});
    ADD_FAILURE() << "it was built";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("'main.0.weight'"));
  }
}

}  // namespace
}  // namespace facemorph
