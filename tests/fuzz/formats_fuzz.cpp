// Throws bytes at the readers of ONNX files and of stack descriptions: anything but success or
// facemorph::Error is a bug. What was read must survive being written and read again.
// Built with clang by `./dev fuzz`.

#include "base/error.hpp"
#include "checkpoint/onnx/onnx_reader.hpp"
#include "checkpoint/onnx/onnx_writer.hpp"
#include "checkpoint/stack/stack_file.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

using namespace facemorph;

namespace {

void read_as_onnx(std::span<const std::byte> bytes) {
  looks_like_onnx(bytes);
  const LayerStack stack = read_onnx(bytes);
  const LayerStack again = stack_from(stack_json(stack), stack_tensors(stack));
  if (again.layers.size() != stack.layers.size()) std::abort();
  if (read_onnx(to_onnx(stack)).image_size != stack.image_size) std::abort();
}

void read_as_description(const std::string& text) {
  TensorTable tensors;
  tensors.set("layers.0.weight", from_floats(std::vector<float>(64, 0.5F), {4, 1, 4, 4}));
  tensors.set("layers.1.weight", from_floats({1}, {1}));
  stack_from(text, tensors);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    if (size > 0 && data[0] == '{')
      read_as_description({reinterpret_cast<const char*>(data), size});
    else
      read_as_onnx({reinterpret_cast<const std::byte*>(data), size});
  } catch (const Error&) {
  }
  return 0;
}
