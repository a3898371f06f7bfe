// What is written for other programs, run by one: Python.

#include "base/files.hpp"
#include "base/temporary_folder.hpp"
#include "checkpoint/onnx/onnx_writer.hpp"
#include "checkpoint/stacks.hpp"
#include "torch/network/stack_network.hpp"
#include "torch/network/stack_script.hpp"

#include <gtest/gtest.h>
#include <torch/types.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <fstream>

namespace facemorph {
namespace {

namespace fs = std::filesystem;

std::vector<float> values_of(const torch::Tensor& tensor) {
  const torch::Tensor flat = tensor.contiguous();
  return {flat.data_ptr<float>(), flat.data_ptr<float>() + flat.numel()};
}

/// An input and our own images of it, beside the model.
void write_expected(const fs::path& model, const LayerStack& stack) {
  const torch::Tensor latents = torch::randn({3, stack.nz, 1, 1});
  const torch::Tensor images = StackNetwork(stack).forward(latents);
  const nlohmann::json numbers = {
      {"input", values_of(latents)}, {"image", values_of(images)}, {"shape", images.sizes().vec()}};
  std::ofstream(model.string() + ".json") << numbers;
}

std::string python_says(const std::string& models, const fs::path& report) {
  const fs::path script = fs::path(FACEMORPH_TESTS) / "python" / "check_onnx.py";
  const std::string command =
      "/usr/bin/python3 '" + script.string() + "'" + models + " >'" + report.string() + "' 2>&1";
  const int status = std::system(command.c_str());
  std::ifstream file(report);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return status == 0 ? text : "failed: " + text;
}

class Exports : public ::testing::TestWithParam<std::string> {};

TEST_P(Exports, GivePythonTheSameImages) {
  const TemporaryFolder folder;
  torch::manual_seed(1);
  std::string models;
  for (const auto& [name, stack] : testing::StackMaker().all()) {
    const fs::path model = folder / (name + GetParam());
    write_file_atomically(model, GetParam() == ".onnx" ? to_onnx(stack) : to_torchscript(stack));
    write_expected(model, stack);
    models += " '" + model.string() + "'";
  }
  EXPECT_EQ(python_says(models, folder / "report.txt"), "ok\n");
}

INSTANTIATE_TEST_SUITE_P(EveryFormat, Exports, ::testing::Values(".onnx", ".pt"),
                         [](const auto& format) { return format.param.substr(1); });

}  // namespace
}  // namespace facemorph
