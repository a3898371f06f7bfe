#include "torch/network/dcgan.hpp"

#include "base/error.hpp"
#include "torch/network/fixtures.hpp"
#include "torch/network/torch_testing.hpp"

#include <gmock/gmock.h>
#include <torch/utils.h>

#include <cmath>

namespace facemorph {
namespace {

using ::testing::AllOf;
using testing::expect_near;
using testing::Fixture;
using testing::fixture;
using testing::fixtures;
using ::testing::HasSubstr;
using ::testing::Property;
using ::testing::ThrowsMessage;

/// Both modes give Python's numbers, and train mode leaves Python's statistics behind.
template <typename Network>
void expect_same_as_python(Network& network, const Fixture& python) {
  SCOPED_TRACE(python.name());
  const torch::NoGradGuard no_grad;
  from_table(*network, python.table("state/"));
  const torch::Tensor input = to_torch(python.tensor("input"));
  network->eval();
  expect_near(network->forward(input), python.tensor("eval"), "eval mode");
  network->train();
  expect_near(network->forward(input), python.tensor("train"), "train mode");
  const TensorTable after = to_table(*network);
  const TensorTable expected_after = python.table("after/");
  for (const auto& [name, expected] : expected_after.entries())
    expect_near(to_torch(*after.find(name)), expected, name);
}

TensorTable without(const TensorTable& table, const std::string& name_end) {
  TensorTable rest;
  for (const auto& [name, tensor] : table.entries())
    if (!name.ends_with(name_end)) rest.set(name, tensor);
  return rest;
}

TEST(Networks, GeneratorGivesPythonsNumbers) {
  for (const Fixture& python : fixtures("generator")) {
    Generator network(python.arch());
    expect_same_as_python(network, python);
  }
}

TEST(Networks, DiscriminatorGivesPythonsNumbers) {
  for (const Fixture& python : fixtures("discriminator")) {
    Discriminator network(
        DiscriminatorArch{python.fact("ndf"), python.fact("nc"), python.fact("image_size")});
    expect_same_as_python(network, python);
  }
}

TEST(Networks, TableHasPythonsKeysInPythonsOrderAndRoundTrips) {
  for (const char* kind : {"generator", "discriminator"})
    for (const Fixture& python : fixtures(kind)) {
      SCOPED_TRACE(python.name());
      const TensorTable state = python.table("state/");
      TensorTable ours;
      if (python.kind() == "generator") {
        Generator network(python.arch());
        from_table(*network, state);
        ours = to_table(*network);
      } else {
        Discriminator network(
            DiscriminatorArch{python.fact("ndf"), python.fact("nc"), python.fact("image_size")});
        from_table(*network, state);
        ours = to_table(*network);
      }
      EXPECT_TRUE(ours == state);
    }
}

TEST(Networks, WrongTablesAreRefusedByKey) {
  const Fixture python = fixture("g32_nz7_nc3");
  Generator network(python.arch());
  const TensorTable good = python.table("state/");
  EXPECT_THAT([&] { from_table(*network, without(good, "main.4.running_var")); },
              ThrowsMessage<Error>(HasSubstr("main.4.running_var")));
  TensorTable unexpected = good;
  unexpected.set("main.99.weight", from_floats({1}, {1}));
  EXPECT_THAT([&] { from_table(*network, unexpected); },
              ThrowsMessage<Error>(HasSubstr("main.99.weight")));
  TensorTable misshapen = good;
  misshapen.set("main.0.weight", from_floats({1, 2}, {1, 2}));
  EXPECT_THAT([&] { from_table(*network, misshapen); },
              ThrowsMessage<Error>(AllOf(HasSubstr("main.0.weight"), HasSubstr("[1, 2]"))));
}

TEST(Networks, AWrongTableChangesNothing) {
  const Fixture python = fixture("g32_nz7_nc3");
  Generator network(python.arch());
  const TensorTable before = to_table(*network);
  TensorTable wrong = python.table("state/");
  wrong.set("main.99.weight", from_floats({1}, {1}));
  EXPECT_THROW(from_table(*network, wrong), Error);
  EXPECT_TRUE(to_table(*network) == before);
}

TEST(Networks, MissingBatchCountersAreFine) {
  const Fixture python = fixture("g32_nz7_nc3");
  Generator network(python.arch());
  EXPECT_NO_THROW(from_table(*network, without(python.table("state/"), "num_batches_tracked")));
}

TEST(Networks, HalfPrecisionTablesAreWidened) {
  const Fixture python = fixture("g32_nz7_nc3");
  Generator network(python.arch());
  const TensorTable state = python.table("state/");
  TensorTable table;
  for (const auto& [name, tensor] : state.entries())
    table.set(name, convert_floats(tensor, DType::Float16));
  from_table(*network, table);
  EXPECT_EQ(to_table(*network).find("main.0.weight")->dtype, DType::Float32);
}

TEST(Networks, ImpossibleSizesAreRefused) {
  EXPECT_THROW(Generator(GeneratorArch{100, 64, 3, 48}), Error);
  EXPECT_THROW(Discriminator(DiscriminatorArch{64, 3, 0}), Error);
}

/// Mean and standard deviation of n normal numbers, within five standard errors.
void expect_normal(const torch::Tensor& values, double mean, double deviation) {
  const auto count = static_cast<double>(values.numel());
  EXPECT_NEAR(values.mean().item<double>(), mean, 5 * deviation / std::sqrt(count));
  EXPECT_NEAR(values.std().item<double>(), deviation, 5 * deviation / std::sqrt(2 * count));
}

void expect_tutorial_initialisation(const torch::nn::Module& network) {
  for (const auto& item : network.named_parameters()) {
    SCOPED_TRACE(item.key());
    if (item.value().dim() == 4) {
      expect_normal(item.value(), 0.0, 0.02);
    } else if (item.key().ends_with("weight")) {
      expect_normal(item.value(), 1.0, 0.02);
    } else {
      EXPECT_EQ(item.value().abs().max().item<float>(), 0.0F);
    }
  }
}

TEST(Networks, FreshOnesAreInitialisedAsInTheTutorial) {
  torch::manual_seed(3);
  expect_tutorial_initialisation(*Generator(GeneratorArch{}));
  expect_tutorial_initialisation(*Discriminator(DiscriminatorArch{}));
}

TEST(Networks, FreshGeneratorHasTheTutorialsShapes) {
  const GeneratorArch arch{100, 16, 1, 128};
  const TensorTable table = to_table(*Generator(arch));
  std::size_t matched = 0;
  for (const auto& [name, shape] : tutorial_shapes(arch)) {
    const Tensor* tensor = table.find(name);
    ASSERT_NE(tensor, nullptr) << name;
    EXPECT_EQ(tensor->shape, shape) << name;
    ++matched;
  }
  for (const auto& [name, tensor] : table.entries())
    if (name.ends_with("num_batches_tracked")) ++matched;
  EXPECT_GE(matched, table.size());
}

}  // namespace
}  // namespace facemorph
