#include "torch/network/stack_script.hpp"

#include "checkpoint/stack/stack_check.hpp"
#include "checkpoint/stack/stack_file.hpp"
#include "torch/network/dcgan.hpp"
#include "torch/network/torch_errors.hpp"

#include <torch/csrc/jit/api/module.h>

#include <algorithm>
#include <sstream>
#include <string_view>

namespace facemorph {
namespace {

/// "layers.3.weight" as the name of an attribute, which has no dots.
std::string attribute_name(const std::string& tensor_name) {
  std::string name = "layer" + tensor_name.substr(std::string_view("layers.").size());
  std::ranges::replace(name, '.', '_');
  return name;
}

bool is_buffer(const std::string& name) {
  return name.find("running_") != std::string::npos || name.ends_with(".values");
}

torch::jit::Module module_of(const LayerStack& stack) {
  torch::jit::Module module("__torch__.FacemorphGenerator");
  const TensorTable tensors = stack_tensors(stack);
  for (const NamedTensor& entry : tensors.entries())
    module.register_parameter(attribute_name(entry.name), to_torch(entry.tensor),
                              is_buffer(entry.name));
  module.register_attribute("training", c10::BoolType::get(), false);
  module.define(forward_source(stack));
  return module;
}

}  // namespace

std::vector<std::byte> to_torchscript(const LayerStack& stack) {
  check_stack(stack);
  std::ostringstream stream;
  with_plain_errors("This network cannot be written as TorchScript",
                    [&] { module_of(stack).save(stream); });
  const std::string text = std::move(stream).str();
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

}  // namespace facemorph
