#include "base/error.hpp"
#include "base/utf8.hpp"
#include "checkpoint/formats/checkpoint.hpp"
#include "checkpoint/formats/safetensors_checksum.hpp"
#include "checkpoint/formats/safetensors_types.hpp"
#include "checkpoint/generator/names.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstring>

namespace facemorph {
namespace {

using Json = nlohmann::ordered_json;

std::string_view type_name(DType dtype) {
  const auto* row =
      std::ranges::find(kSafetensorsTypes, dtype, [](const auto& entry) { return entry.second; });
  return row->first;
}

/// Wide elements first, as the reference library lays them out: every tensor is aligned then.
std::vector<const NamedTensor*> data_order(const TensorTable& tensors) {
  std::vector<const NamedTensor*> order;
  for (const NamedTensor& entry : tensors.entries())
    order.push_back(&entry);
  std::ranges::stable_sort(order, std::ranges::greater{}, [](const NamedTensor* entry) {
    return dtype_size(entry->tensor.dtype);
  });
  return order;
}

void check_text(const std::string& text) {
  if (!is_utf8(text))
    throw Error("'" + printable(text) + "' is not UTF-8, which safetensors files must be.");
}

/// Names stand in the table's order, which Facemorph reads back.
std::string header_text(const TensorTable& tensors, const std::vector<const NamedTensor*>& order,
                        const std::map<std::string, std::string>& metadata) {
  std::map<const NamedTensor*, std::size_t> begins;
  std::size_t offset = 0;
  for (const NamedTensor* entry : order) {
    begins[entry] = offset;
    offset += entry->tensor.bytes.size();
  }
  Json header = Json::object();
  for (const auto& [key, value] : metadata) {
    check_text(key);
    check_text(value);
    header["__metadata__"][key] = value;
  }
  header["__metadata__"][kChecksumKey] = kNoChecksum;
  for (const NamedTensor& entry : tensors.entries()) {
    check_text(entry.name);
    const std::size_t begin = begins.at(&entry);
    header[entry.name] = {{"dtype", type_name(entry.tensor.dtype)},
                          {"shape", entry.tensor.shape},
                          {"data_offsets", {begin, begin + entry.tensor.bytes.size()}}};
  }
  std::string text = header.dump();
  text.append((8 - text.size() % 8) % 8, ' ');  // the data begins aligned
  return text;
}

}  // namespace

std::vector<std::byte> to_safetensors(const TensorTable& tensors,
                                      const std::map<std::string, std::string>& metadata) {
  const std::vector<const NamedTensor*> order = data_order(tensors);
  std::string text = header_text(tensors, order, metadata);
  const std::uint64_t length = text.size();
  const std::size_t begin = sizeof length + text.size();
  std::size_t size = begin;
  for (const NamedTensor* entry : order)
    size += entry->tensor.bytes.size();

  std::vector<std::byte> bytes(size);
  std::byte* out = bytes.data();
  const auto append = [&out](const void* source, std::size_t count) {
    if (count > 0) std::memcpy(out, source, count);
    out += count;
  };
  append(&length, sizeof length);
  out += text.size();
  for (const NamedTensor* entry : order)
    append(entry->tensor.bytes.data(), entry->tensor.bytes.size());
  seal(text, std::span<const std::byte>(bytes).subspan(begin));
  std::memcpy(bytes.data() + sizeof length, text.data(), text.size());
  return bytes;
}

}  // namespace facemorph
