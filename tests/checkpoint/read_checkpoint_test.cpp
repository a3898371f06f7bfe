#include "base/error.hpp"
#include "checkpoint/fixtures.hpp"
#include "checkpoint/generator/generator.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

namespace facemorph {
namespace {

using nlohmann::json;
using testing::checkpoint_index;
using testing::checkpoints;
using ::testing::ElementsAre;

std::vector<double> sums(const TensorTable& tensors) {
  std::vector<double> result;
  for (const auto& [name, tensor] : tensors.entries()) {
    if (name.ends_with("num_batches_tracked")) continue;
    const std::vector<float> values = to_floats(tensor);
    result.push_back(std::accumulate(values.begin(), values.end(), 0.0));
  }
  return result;
}

void expect_tensors(const TensorTable& tensors, const json& expected) {
  const Tensor* weight = tensors.find("main.0.weight");
  ASSERT_NE(weight, nullptr);
  EXPECT_EQ(dtype_name(weight->dtype), expected["dtype"].get<std::string>());
  const std::vector<float> values = to_floats(*weight);
  EXPECT_EQ(std::vector<float>(values.begin(), values.begin() + 8),
            expected["first_weights"].get<std::vector<float>>());
  EXPECT_THAT(sums(tensors), ::testing::Pointwise(::testing::DoubleNear(1e-6),
                                                  expected["sums"].get<std::vector<double>>()));
}

TEST(ReadCheckpoint, OpensEveryContainerAndNamingStyle) {
  const json files = checkpoint_index();
  ASSERT_GE(files.size(), 60U);
  for (const json& expected : files) {
    const std::string name = expected["file"];
    SCOPED_TRACE(name);
    const Checkpoint checkpoint = read_checkpoint(checkpoints() / name);
    EXPECT_EQ(container_name(checkpoint.container), expected["container"].get<std::string>());
    const OpenedGenerator opened = open_generator(checkpoint);
    const GeneratorArch arch{expected["nz"], expected["ngf"], expected["nc"],
                             expected["image_size"]};
    EXPECT_EQ(opened.arch, arch);
    EXPECT_EQ(opened.state_dict_path, expected["state_dict"].get<std::string>());
    EXPECT_EQ(opened.other_choices, expected["others"].get<std::vector<std::string>>());
    expect_tensors(opened.tensors, expected);
  }
}

TEST(ReadCheckpoint, ReadsFromMemoryAsFromAFile) {
  const auto path = checkpoints() / "zip.pth";
  const Checkpoint from_file = read_checkpoint(path);
  const Checkpoint from_memory = read_checkpoint(testing::bytes_of(path), "memory");
  EXPECT_EQ(from_memory.state_dicts.front().tensors, from_file.state_dicts.front().tensors);
}

TEST(ReadCheckpoint, NamesTheMemoryInMessages) {
  const std::vector<std::byte> nothing(10);
  try {
    read_checkpoint(nothing, "the dropped file");
    ADD_FAILURE() << "it opened";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), ::testing::StartsWith("the dropped file: "));
  }
}

TEST(ReadCheckpoint, AnotherStateDictCanBeChosen) {
  const Checkpoint checkpoint = read_checkpoint(checkpoints() / "ema-first.pth");
  const OpenedGenerator averaged = open_generator(checkpoint);
  const OpenedGenerator raw = open_generator(checkpoint, "G");
  EXPECT_EQ(raw.state_dict_path, "G");
  EXPECT_THAT(raw.other_choices, ElementsAre("G_ema"));
  EXPECT_NE(*raw.tensors.find("main.0.weight"), *averaged.tensors.find("main.0.weight"));
}

TEST(ReadCheckpoint, AChoiceThatIsNotThereNamesThoseThatAre) {
  const Checkpoint checkpoint = read_checkpoint(checkpoints() / "ema-first.pth");
  try {
    open_generator(checkpoint, "nobody");
    ADD_FAILURE() << "it opened";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("'G_ema', 'G'"));
  }
}

TEST(ReadCheckpoint, KeepsSafetensorsMetadata) {
  const Checkpoint checkpoint = read_checkpoint(checkpoints() / "metadata.safetensors");
  EXPECT_EQ(checkpoint.metadata.at("step"), "9");
  EXPECT_EQ(checkpoint.metadata.at("brackets"), "[[[{");
}

TEST(ReadCheckpoint, KeepsWhatIsNotAGeneratorToo) {
  std::vector<std::string> paths;
  for (const StateDict& found : read_checkpoint(checkpoints() / "whole-run.pth").state_dicts)
    paths.push_back(found.path);
  EXPECT_THAT(paths, ElementsAre("netG", "", "netD"));  // "" holds fixed_noise; no optimiser
}

TEST(ReadCheckpoint, LayersMayHaveAnyNames) {
  const OpenedGenerator opened =
      open_generator(read_checkpoint(checkpoints() / "named-by-role.pth"));
  EXPECT_TRUE(opened.is_tutorial());
}

}  // namespace
}  // namespace facemorph
