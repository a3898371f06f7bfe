#include "checkpoint/formats/checkpoint.hpp"

#include "base/error.hpp"
#include "base/file_bytes.hpp"
#include "base/files.hpp"
#include "checkpoint/formats/readers.hpp"

#include <algorithm>

namespace facemorph {
namespace {

// No DCGAN comes near; reading more would only fill the memory.
constexpr std::size_t kMostBytes = std::size_t{4} << 30;

Checkpoint read_any(std::span<const std::byte> bytes) {
  if (bytes.empty()) throw Error("this file is empty. Fetch it again.");
  const auto readers = container_readers();
  const auto reader = std::ranges::find_if(
      readers, [&](const ContainerReader& known) { return known.recognises(bytes); });
  if (reader == readers.end()) throw Error(explain_unknown(bytes));
  if (bytes.size() > kMostBytes)
    throw Error("this file has " + std::to_string(bytes.size() >> 30U) +
                " GB, far more than a DCGAN. Choose the generator's file, often called netG.pth.");
  Checkpoint checkpoint = reader->read(bytes);
  checkpoint.container = reader->container;
  return checkpoint;
}

}  // namespace

std::string_view container_name(Container container) {
  const auto readers = container_readers();
  return std::ranges::find(readers, container, &ContainerReader::container)->name;
}

Checkpoint read_checkpoint(std::span<const std::byte> bytes, const std::string& name) {
  try {
    return read_any(bytes);
  } catch (const Error& error) {
    throw Error(name + ": " + error.what());
  }
}

Checkpoint read_checkpoint(const std::filesystem::path& path) {
  const FileBytes file(path);
  return read_checkpoint(file.bytes(), path.string());
}

void write_checkpoint(const std::filesystem::path& path, const TensorTable& tensors,
                      const std::map<std::string, std::string>& metadata) {
  const std::string extension = path.extension().string();
  if (extension == ".safetensors")
    write_file_atomically(path, to_safetensors(tensors, metadata));
  else if (extension == ".pth" || extension == ".pt")
    write_file_atomically(path, to_torch_zip(tensors));
  else
    throw UsageError(path.string() +
                     ": the name must end in .safetensors, .pth, .pt, .onnx or .torchscript, which "
                     "chooses the format.");
}

}  // namespace facemorph
