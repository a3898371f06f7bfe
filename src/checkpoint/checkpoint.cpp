#include "checkpoint/checkpoint.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "checkpoint/readers.hpp"

#include <cstring>

namespace facemorph {
namespace {

bool begins(std::span<const std::byte> bytes, std::string_view prefix) {
  return bytes.size() >= prefix.size() &&
         std::memcmp(bytes.data(), prefix.data(), prefix.size()) == 0;
}

bool is_tar(std::span<const std::byte> bytes) {
  return bytes.size() > 262 && std::memcmp(bytes.data() + 257, "ustar", 5) == 0;
}

/// What a file that is no checkpoint is, and what to do about it.
std::string explain(std::span<const std::byte> bytes) {
  using namespace std::string_view_literals;
  if (begins(bytes, "version https://git-lfs"))
    return "this is a Git LFS pointer, not the file itself. Run 'git lfs pull' in its repository, "
           "or download the file.";
  if (begins(bytes, "<!DOCTYPE") || begins(bytes, "<!doctype") || begins(bytes, "<html") ||
      begins(bytes, "<HTML"))
    return "this is a web page, saved in place of the checkpoint. Use the page's download link.";
  if (begins(bytes, "\x89PNG") || begins(bytes, "\xFF\xD8\xFF") || begins(bytes, "GIF8") ||
      begins(bytes, "RIFF"))
    return "this is a picture, not a checkpoint. Choose the generator's weights, often called "
           "netG.pth.";
  if (begins(bytes, "\x89HDF"))
    return "this is an HDF5 (Keras) file. Facemorph opens PyTorch and safetensors files.";
  if (begins(bytes, "\x93NUMPY")) return "this is a NumPy array, not a checkpoint.";
  if (begins(bytes, "\x1F\x8B") || begins(bytes, "BZh") ||
      begins(bytes,
             "\xFD"
             "7zXZ") ||
      begins(bytes, "7z\xBC\xAF") || begins(bytes, "Rar!"))
    return "this is a compressed archive. Unpack it and open the checkpoint inside.";
  if (is_tar(bytes))
    return "this is a tar archive. Unpack it and open the checkpoint inside (PyTorch before 0.2 is "
           "too old to read).";
  if (begins(bytes, "\x80\x02"sv) || begins(bytes, "\x80\x03"sv) || begins(bytes, "\x80\x04"sv) ||
      begins(bytes, "\x80\x05"sv))
    return "this is a plain Python pickle, not a file that torch.save wrote. Save the weights with "
           "torch.save(netG.state_dict(), \"netG.pth\").";
  if (begins(bytes, "{") || begins(bytes, "["))
    return "this is a text file (JSON), not a checkpoint.";
  return "this is no checkpoint that Facemorph knows. It opens what torch.save wrote (.pth, .pt), "
         "TorchScript archives and .safetensors files.";
}

Checkpoint read_any(std::span<const std::byte> bytes) {
  if (begins(bytes, "PK\x03\x04")) return read_torch_zip(bytes);
  if (looks_like_torch_legacy(bytes)) return read_torch_legacy(bytes);
  if (looks_like_safetensors(bytes)) return read_safetensors(bytes);
  throw Error(explain(bytes));
}

}  // namespace

std::string_view container_name(Container container) {
  switch (container) {
    case Container::TorchZip:
      return "PyTorch zip";
    case Container::TorchLegacy:
      return "PyTorch legacy";
    case Container::TorchScript:
      return "TorchScript";
    case Container::Safetensors:
      return "safetensors";
  }
  return "unknown";
}

Checkpoint read_checkpoint(std::span<const std::byte> bytes, const std::string& name) {
  try {
    return read_any(bytes);
  } catch (const Error& error) {
    throw Error(name + ": " + error.what());
  }
}

Checkpoint read_checkpoint(const std::filesystem::path& path) {
  const MappedFile file(path);
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
                     ": the name must end in .safetensors, .pth or .pt, which chooses the format.");
}

}  // namespace facemorph
