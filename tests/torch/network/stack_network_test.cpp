#include "torch/network/stack_network.hpp"

#include "torch/network/fixtures.hpp"
#include "torch/network/torch_testing.hpp"

namespace facemorph {
namespace {

using testing::expect_near;
using testing::Fixture;
using testing::fixtures;

LayerStack stack_of(const Fixture& python) {
  return build_stack(python.arch(), python.table("state/"));
}

TEST(StackNetwork, EvalModeGivesPythonsNumbers) {
  for (const Fixture& python : fixtures("generator")) {
    const StackNetwork network(stack_of(python));
    expect_near(network.forward(to_torch(python.tensor("input"))), python.tensor("eval"),
                python.name());
  }
}

TEST(StackNetwork, BatchStatisticsGivePythonsTrainMode) {
  for (const Fixture& python : fixtures("generator")) {
    const StackNetwork network(stack_of(python));
    expect_near(network.forward_with_batch_statistics(to_torch(python.tensor("input"))),
                python.tensor("train"), python.name());
  }
}

TEST(StackNetwork, ForwardLeavesItsInputAlone) {
  const Fixture python = fixtures("generator").front();
  const torch::Tensor input = to_torch(python.tensor("input"));
  const torch::Tensor copy = input.clone();
  StackNetwork(stack_of(python)).forward(input);
  EXPECT_TRUE(torch::equal(input, copy));
}

TEST(StackNetwork, RecalibrationGivesPythonsCumulativeAverages) {
  for (const Fixture& python : fixtures("generator")) {
    SCOPED_TRACE(python.name());
    const torch::Tensor batches = to_torch(python.tensor("recalibration_input"));
    const LayerStack before = stack_of(python);
    const LayerStack after = recalibrated(before, batches.unbind(0));
    TensorTable table = python.table("state/");
    store_statistics(after, table);
    const TensorTable recalibrated = python.table("recalibrated/");
    for (const auto& [name, expected] : recalibrated.entries())
      if (!name.ends_with("num_batches_tracked"))
        expect_near(to_torch(*table.find(name)), expected, name);
    for (std::size_t i = 0; i < before.layers.size(); ++i)
      if (const auto* conv = std::get_if<ConvTranspose2dLayer>(&before.layers[i])) {
        EXPECT_EQ(conv->weight, std::get<ConvTranspose2dLayer>(after.layers[i]).weight);
      }
  }
}

}  // namespace
}  // namespace facemorph
