#include "checkpoint/formats/readers.hpp"

#include "checkpoint/onnx/onnx_reader.hpp"

#include <array>

namespace facemorph {
namespace {

// Every other zip archive is refused by the reader of what torch.save wrote.
constexpr std::array<ContainerReader, 8> kReaders = {{
    {Container::Npz, "NumPy npz", is_npz, read_npz},
    {Container::TorchScript, "TorchScript", is_torch_script, read_torch_zip},
    {Container::CppArchive, "LibTorch C++ archive", is_cpp_archive, read_torch_zip},
    {Container::CppArchive, "LibTorch C++ archive", is_torch_json, read_torch_json},
    {Container::TorchZip, "PyTorch zip", is_zip, read_torch_zip},
    {Container::TorchLegacy, "PyTorch legacy", is_torch_legacy, read_torch_legacy},
    {Container::Onnx, "ONNX", looks_like_onnx, read_onnx_checkpoint},
    {Container::Safetensors, "safetensors", is_safetensors, read_safetensors},
}};

}  // namespace

std::span<const ContainerReader> container_readers() {
  return kReaders;
}

}  // namespace facemorph
