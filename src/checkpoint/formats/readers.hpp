#pragma once

#include "checkpoint/formats/checkpoint.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <string_view>

namespace facemorph {

/// How one container is read. A new one is a line in readers.cpp, a value of Container, and a file
/// of its own.
struct ContainerReader {
  Container container;
  std::string_view name;  ///< for people
  /// Whether the bytes are of this container. Throws Error for what is plainly a damaged one.
  bool (*recognises)(std::span<const std::byte> bytes);
  /// Throws Error without the file's name. The caller fills in the container.
  Checkpoint (*read)(std::span<const std::byte> bytes);
};

/// All of them; the first that recognises a file reads it.
std::span<const ContainerReader> container_readers();

/// What a file is that none of them recognises, and what to do about it.
std::string explain_unknown(std::span<const std::byte> bytes);
/// What a lone .npy file is.
std::string explain_npy(std::span<const std::byte> bytes);

bool is_npz(std::span<const std::byte> bytes);  ///< numpy.savez, one array a tensor
Checkpoint read_npz(std::span<const std::byte> bytes);

bool is_torch_script(std::span<const std::byte> bytes);  ///< torch.jit.save
bool is_cpp_archive(std::span<const std::byte> bytes);   ///< the same, without a program
bool is_torch_json(std::span<const std::byte> bytes);    ///< the same, by LibTorch 1.0 to 1.3
Checkpoint read_torch_json(std::span<const std::byte> bytes);
bool is_zip(std::span<const std::byte> bytes);  ///< torch.save since 1.6, if any
Checkpoint read_torch_zip(std::span<const std::byte> bytes);

bool is_torch_legacy(std::span<const std::byte> bytes);  ///< torch.save before 1.6
Checkpoint read_torch_legacy(std::span<const std::byte> bytes);

Checkpoint read_onnx_checkpoint(std::span<const std::byte> bytes);

bool is_safetensors(std::span<const std::byte> bytes);
Checkpoint read_safetensors(std::span<const std::byte> bytes);

/// No DCGAN comes near.
inline constexpr std::size_t kMostTensorBytes = std::size_t{2} << 30;

/// Bytes that all tensors of a file may take together: views may repeat data, and zip archives be
/// deflated, but not without end.
inline std::size_t tensor_budget(std::size_t file_size) {
  return std::min(2 * file_size + (std::size_t{64} << 20), kMostTensorBytes);
}

}  // namespace facemorph
