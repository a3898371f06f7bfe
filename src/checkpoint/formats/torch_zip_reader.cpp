#include "base/error.hpp"
#include "checkpoint/formats/readers.hpp"
#include "checkpoint/formats/torch_tensors.hpp"
#include "checkpoint/formats/zip_archive.hpp"

#include <algorithm>
#include <cstring>
#include <map>
#include <optional>

namespace facemorph {
namespace {

constexpr std::string_view kPickle = "data.pkl";

[[noreturn]] void refuse_other_archive(const ZipArchive& archive) {
  const auto any_ends = [&](std::string_view ending) {
    return std::ranges::any_of(archive.names(),
                               [&](const std::string& name) { return name.ends_with(ending); });
  };
  if (any_ends(".pth") || any_ends(".pt") || any_ends(".safetensors"))
    throw Error("this is a zip archive with a checkpoint inside. Unpack it and open that file.");
  throw Error(
      "this is a zip archive, but not one that torch.save wrote (it has no data.pkl). If a "
      "checkpoint is inside, unpack it first.");
}

/// "archive/" of "archive/data.pkl"; the folder may have any name, or none. The outermost wins.
std::optional<std::string> root_of(const ZipArchive& archive) {
  const std::string* best = nullptr;
  const auto depth = [](const std::string& name) { return std::ranges::count(name, '/'); };
  for (const std::string& name : archive.names())
    if (name == kPickle || name.ends_with("/data.pkl"))
      if (best == nullptr || depth(name) < depth(*best)) best = &name;
  if (best == nullptr) return std::nullopt;
  return best->substr(0, best->size() - kPickle.size());
}

void check_byte_order(ZipArchive& archive, const std::string& root) {
  if (!archive.contains(root + "byteorder")) return;
  const std::vector<std::byte> bytes = archive.read(root + "byteorder");
  const std::string_view order(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (order.starts_with("big"))
    throw Error(
        "this file was saved on a big-endian machine, which Facemorph does not read. Save "
        "it again on a PC, or as safetensors.");
}

/// C++ programs save modules as TorchScript archives that hold tensors but nothing to run.
bool has_forward(ZipArchive& archive, const std::string& root) {
  return std::ranges::any_of(archive.names(), [&](const std::string& name) {
    if (!name.starts_with(root + "code/") || !name.ends_with(".py")) return false;
    const std::vector<std::byte> bytes = archive.read(name);
    const std::string_view source(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return source.find("def forward") != std::string_view::npos;
  });
}

bool is_script(const ZipArchive& archive, const std::string& root) {
  return archive.contains(root + "constants.pkl");
}

/// Whether it is what TorchScript writes, with something to run or without.
bool is_script_archive(std::span<const std::byte> bytes, bool with_forward) {
  if (!is_zip(bytes)) return false;
  ZipArchive archive(bytes);
  const auto root = root_of(archive);
  return root && is_script(archive, *root) && has_forward(archive, *root) == with_forward;
}

}  // namespace

bool is_zip(std::span<const std::byte> bytes) {
  constexpr std::string_view kZip = "PK\x03\x04";
  return bytes.size() >= kZip.size() && std::memcmp(bytes.data(), kZip.data(), kZip.size()) == 0;
}

bool is_torch_script(std::span<const std::byte> bytes) {
  return is_script_archive(bytes, true);
}

bool is_cpp_archive(std::span<const std::byte> bytes) {
  return is_script_archive(bytes, false);
}

Checkpoint read_torch_zip(std::span<const std::byte> bytes) {
  ZipArchive archive(bytes);
  const auto outermost = root_of(archive);
  if (!outermost) refuse_other_archive(archive);
  const std::string& root = *outermost;
  check_byte_order(archive, root);
  const std::vector<std::byte> pickle_bytes = archive.read(root + std::string(kPickle));
  const pickle::Document document = pickle::parse(pickle_bytes, is_script(archive, root));

  std::map<std::string, std::vector<std::byte>> storages;  // read once, though tensors may share
  TensorBuilder builder(
      document,
      [&](const std::string& key) -> std::span<const std::byte> {
        const auto [place, fresh] = storages.try_emplace(key);
        if (fresh) place->second = archive.read(root + "data/" + key);
        return place->second;
      },
      tensor_budget(bytes.size()));
  Checkpoint checkpoint;
  checkpoint.state_dicts = find_state_dicts(document, builder);
  return checkpoint;
}

}  // namespace facemorph
