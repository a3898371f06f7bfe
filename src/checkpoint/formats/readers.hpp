#pragma once

#include "checkpoint/formats/checkpoint.hpp"

#include <algorithm>
#include <span>
#include <string>

namespace facemorph {

class ZipArchive;

/// One function per container, each in a file of its own. They throw Error without the file's name.
Checkpoint read_torch_zip(
    std::span<const std::byte> bytes);  ///< torch.save since 1.6, and TorchScript
Checkpoint read_torch_legacy(std::span<const std::byte> bytes);  ///< torch.save before 1.6
Checkpoint read_safetensors(std::span<const std::byte> bytes);
Checkpoint read_npz(ZipArchive& archive);  ///< numpy.savez, one array a tensor

/// Whether the bytes begin as this container does.
bool looks_like_torch_legacy(std::span<const std::byte> bytes);
bool looks_like_safetensors(std::span<const std::byte> bytes);
bool looks_like_npz(const ZipArchive& archive);

/// What a lone .npy file is.
std::string explain_npy(std::span<const std::byte> bytes);

/// No DCGAN comes near.
inline constexpr std::size_t kMostTensorBytes = std::size_t{2} << 30;

/// Bytes that all tensors of a file may take together: views may repeat data, and zip archives be
/// deflated, but not without end.
inline std::size_t tensor_budget(std::size_t file_size) {
  return std::min(2 * file_size + (std::size_t{64} << 20), kMostTensorBytes);
}

}  // namespace facemorph
