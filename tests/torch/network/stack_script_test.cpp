#include "torch/network/stack_script.hpp"

#include "base/error.hpp"
#include "checkpoint/stacks.hpp"
#include "torch/network/script_network.hpp"
#include "torch/network/stack_network.hpp"

#include <gmock/gmock.h>
#include <torch/csrc/jit/serialization/import.h>
#include <torch/types.h>

#include <sstream>

namespace facemorph {
namespace {

using testing::StackMaker;

torch::jit::Module loaded(const std::vector<std::byte>& bytes) {
  std::istringstream stream(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
  return torch::jit::load(stream);
}

TEST(StackScript, GivesTheStacksImages) {
  torch::manual_seed(1);
  for (const auto& [name, stack] : StackMaker().all()) {
    SCOPED_TRACE(name);
    const torch::Tensor latents = torch::randn({3, stack.nz, 1, 1});
    const torch::Tensor expected = StackNetwork(stack).forward(latents);
    ASSERT_EQ(expected.sizes(),
              torch::IntArrayRef({3, stack.channels, stack.image_size, stack.image_size}));
    torch::jit::Module module = loaded(to_torchscript(stack));
    for (const torch::Tensor& input : {latents, latents.flatten(1)}) {
      const torch::Tensor images = module.forward({input}).toTensor();
      ASSERT_EQ(images.sizes(), expected.sizes());
      EXPECT_LT((images - expected).abs().max().item<double>(), 1e-5);
    }
  }
}

TEST(StackScript, PassesFacemorphsOwnChecks) {
  torch::manual_seed(1);
  for (const auto& [name, stack] : StackMaker().all()) {
    SCOPED_TRACE(name);
    const torch::Tensor latents = torch::randn({3, stack.nz, 1, 1});
    if (stack.image_size < 8) continue;  // too small a picture for strangers' programs
    ScriptNetwork network(to_torchscript(stack), stack.nz, torch::kCPU);
    EXPECT_EQ(network.channels(), stack.channels);
    EXPECT_EQ(network.image_size(), stack.image_size);
    const torch::Tensor difference =
        network.forward(latents) - StackNetwork(stack).forward(latents);
    EXPECT_LT(difference.abs().max().item<double>(), 1e-5);
  }
}

TEST(StackScript, WeightsAreParametersWithoutGradients) {
  const torch::jit::Module module = loaded(to_torchscript(StackMaker().convolutions()));
  std::vector<std::string> names;
  for (const auto& parameter : module.named_parameters()) {
    names.push_back(parameter.name);
    EXPECT_FALSE(parameter.value.requires_grad()) << parameter.name;
  }
  EXPECT_THAT(names, ::testing::Contains("layer0_weight"));
  EXPECT_THAT(names, ::testing::Not(::testing::Contains("layer1_running_mean")));
}

TEST(StackScript, AStackThatCannotRunIsRefused) {
  LayerStack stack = StackMaker().convolutions();
  stack.layers.pop_back();
  stack.channels = 1;
  EXPECT_THROW(to_torchscript(stack), Error);
}

}  // namespace
}  // namespace facemorph
