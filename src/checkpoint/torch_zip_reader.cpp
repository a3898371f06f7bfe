#include "base/error.hpp"
#include "checkpoint/readers.hpp"
#include "checkpoint/torch_tensors.hpp"
#include "checkpoint/zip_archive.hpp"

#include <algorithm>
#include <cstring>
#include <map>

namespace facemorph {
namespace {

/// "archive/" of "archive/data.pkl"; the folder may have any name, or none.
std::string root_of(const ZipArchive& archive) {
  for (const std::string& name : archive.names())
    if (name == "data.pkl" || name.ends_with("/data.pkl"))
      return name.substr(0, name.size() - std::strlen("data.pkl"));
  const bool numpy = std::ranges::any_of(archive.names(),
                                         [](const std::string& n) { return n.ends_with(".npy"); });
  if (numpy)
    throw Error("this is a NumPy archive (.npz). Facemorph opens PyTorch and safetensors files.");
  throw Error(
      "this is a zip archive, but not one that torch.save wrote (it has no data.pkl). If the "
      "checkpoint is inside, unpack it first.");
}

void check_byte_order(ZipArchive& archive, const std::string& root) {
  if (!archive.contains(root + "byteorder")) return;
  const std::vector<std::byte> bytes = archive.read(root + "byteorder");
  const std::string order(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (order.starts_with("big"))
    throw Error(
        "this file was saved on a big-endian machine, which Facemorph does not read. Save it again "
        "on a PC, or as safetensors.");
}

}  // namespace

Checkpoint read_torch_zip(std::span<const std::byte> bytes) {
  ZipArchive archive(bytes);
  const std::string root = root_of(archive);
  check_byte_order(archive, root);
  const bool script = archive.contains(root + "constants.pkl");
  const std::vector<std::byte> pickle_bytes = archive.read(root + "data.pkl");
  const pickle::Document document = pickle::parse(pickle_bytes, script);

  std::map<std::string, std::vector<std::byte>>
      storages;  // read once, however many tensors share one
  TensorBuilder builder(
      document,
      [&](const std::string& key) -> std::span<const std::byte> {
        auto [place, fresh] = storages.try_emplace(key);
        if (fresh) place->second = archive.read(root + "data/" + key);
        return place->second;
      },
      tensor_budget(bytes.size()));
  Checkpoint checkpoint;
  checkpoint.container = script ? Container::TorchScript : Container::TorchZip;
  checkpoint.state_dicts = find_state_dicts(document, builder);
  return checkpoint;
}

}  // namespace facemorph
