#include "checkpoint/onnx/onnx_reader.hpp"
#include "checkpoint/onnx_files.hpp"
#include "torch/network/stack_network.hpp"

#include <gtest/gtest.h>
#include <torch/types.h>

namespace facemorph {
namespace {

torch::Tensor tensor_of(const nlohmann::json& values, std::vector<std::int64_t> shape) {
  const auto numbers = values.get<std::vector<float>>();
  return torch::tensor(numbers).reshape(shape);
}

TEST(OnnxImages, AreThoseOfPython) {
  for (const auto& entry : testing::onnx_index()) {
    const std::string file = entry.at("file");
    SCOPED_TRACE(file);
    const LayerStack stack = read_onnx(testing::onnx_bytes(file));
    const torch::Tensor latents = tensor_of(entry.at("input"), {-1, stack.nz, 1, 1});
    const torch::Tensor expected =
        tensor_of(entry.at("image"), entry.at("shape").get<std::vector<std::int64_t>>());
    const torch::Tensor images = StackNetwork(stack).forward(latents);
    ASSERT_EQ(images.sizes(), expected.sizes());
    EXPECT_LT((images - expected).abs().max().item<double>(), 1e-4);
  }
}

}  // namespace
}  // namespace facemorph
