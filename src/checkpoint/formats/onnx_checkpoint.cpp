#include "checkpoint/formats/readers.hpp"
#include "checkpoint/onnx/onnx_reader.hpp"

namespace facemorph {

Checkpoint read_onnx_checkpoint(std::span<const std::byte> bytes) {
  Checkpoint checkpoint;
  checkpoint.stack = read_onnx(bytes);
  checkpoint.metadata["producer"] = onnx_producer(bytes);
  return checkpoint;
}

}  // namespace facemorph
