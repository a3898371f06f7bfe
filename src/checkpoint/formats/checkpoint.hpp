#pragma once

#include "checkpoint/formats/tensor.hpp"
#include "checkpoint/pickle/module_record.hpp"
#include "checkpoint/stack/layer_stack.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace facemorph {

enum class Container { TorchZip, TorchLegacy, TorchScript, CppArchive, Safetensors, Onnx, Npz };
/// "PyTorch zip", "PyTorch legacy", "TorchScript", "LibTorch C++ archive", "safetensors", "ONNX",
/// "NumPy npz", as readers.cpp names them.
std::string_view container_name(Container container);

/// One state dict found in a file. `path` is where: "" for a bare one, "netG", "models.g_ema" …
/// Prefixes "module." and "_orig_mod." are already stripped from the tensor names.
struct StateDict {
  std::string path;
  TensorTable tensors;
  ModuleRecords modules = {};  ///< of whole networks that were pickled, else empty
};

/// A checkpoint file as a neutral table of named tensors. Nothing in it was executed.
struct Checkpoint {
  Container container = Container::TorchZip;
  std::vector<StateDict> state_dicts;  ///< best candidate for a generator first (EMA first)
  std::optional<LayerStack> stack;     ///< of files that say it all; ONNX has nothing else
  std::map<std::string, std::string> metadata;  ///< safetensors' __metadata__, ONNX's producer
  std::vector<std::string> notes;               ///< what a reader had to assume, for `info`
};

/// Reads any supported container, detected by content and never by name. Pickles are parsed by an
/// allow-listed reader. No size in the file is believed before it is checked against the file's
/// length. Throws Error: what the file is (empty, folder, LFS pointer, HTML page, image, truncated,
/// damaged, unsafe pickle naming the class …) and what to do.
Checkpoint read_checkpoint(const std::filesystem::path& path);
/// The same from memory; `name` is used in messages only.
Checkpoint read_checkpoint(std::span<const std::byte> bytes, const std::string& name);

/// Serialised bytes of a safetensors file. The header keeps the table's order; the data is laid out
/// so that every tensor is aligned, as the reference library does. Throws Error for names that are
/// not UTF-8.
std::vector<std::byte> to_safetensors(const TensorTable& tensors,
                                      const std::map<std::string, std::string>& metadata);
/// Serialised bytes of a file that torch.load(..., weights_only=True) opens as an OrderedDict.
std::vector<std::byte> to_torch_zip(const TensorTable& tensors);

/// Writes by the extension of `path`: .safetensors or .pth/.pt. Atomic.
/// Throws UsageError for another extension, Error when writing fails.
void write_checkpoint(const std::filesystem::path& path, const TensorTable& tensors,
                      const std::map<std::string, std::string>& metadata);

}  // namespace facemorph
