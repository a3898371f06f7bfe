#include "base/error.hpp"
#include "checkpoint/readers.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstring>

namespace facemorph {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMaxHeader = 32U << 20U;
constexpr std::size_t kMaxTensors = 5'000;

constexpr std::array<std::pair<std::string_view, DType>, 10> kTypes = {{{"F16", DType::Float16},
                                                                        {"BF16", DType::BFloat16},
                                                                        {"F32", DType::Float32},
                                                                        {"F64", DType::Float64},
                                                                        {"U8", DType::UInt8},
                                                                        {"I8", DType::Int8},
                                                                        {"I16", DType::Int16},
                                                                        {"I32", DType::Int32},
                                                                        {"I64", DType::Int64},
                                                                        {"BOOL", DType::Bool}}};

[[noreturn]] void damaged(const std::string& what) {
  throw Error("this safetensors file is damaged (" + what + "). Fetch or save it again.");
}

std::uint64_t header_length(std::span<const std::byte> bytes) {
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), sizeof length);
  return length;
}

DType dtype_of(const Json& entry, const std::string& name) {
  const std::string text = entry.at("dtype").get<std::string>();
  for (const auto& [known, dtype] : kTypes)
    if (text == known) return dtype;
  throw Error("the tensor '" + name + "' has the type " + text.substr(0, 20) +
              ", which Facemorph does not read. Convert it to F32 or F16.");
}

struct Extent {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

Tensor read_tensor(const Json& entry, const std::string& name, std::span<const std::byte> data,
                   std::vector<Extent>& extents) {
  Tensor tensor;
  tensor.dtype = dtype_of(entry, name);
  std::uint64_t bytes = dtype_size(tensor.dtype);
  for (const Json& side : entry.at("shape")) {
    if (!side.is_number_unsigned() || tensor.shape.size() >= 16)
      damaged("'" + name + "' has an impossible shape");
    const auto value = side.get<std::uint64_t>();
    if (value > data.size() || (value != 0 && bytes > data.size() / value))
      damaged("'" + name + "' is larger than the file");
    bytes *= value;
    tensor.shape.push_back(static_cast<std::int64_t>(value));
  }
  const Json& offsets = entry.at("data_offsets");
  if (!offsets.is_array() || offsets.size() != 2 || !offsets[0].is_number_unsigned() ||
      !offsets[1].is_number_unsigned())
    damaged("'" + name + "' has no place");
  const Extent extent{offsets[0].get<std::uint64_t>(), offsets[1].get<std::uint64_t>()};
  if (extent.begin > extent.end || extent.end > data.size())
    damaged("'" + name + "' reaches beyond the file's end");
  if (extent.end - extent.begin != bytes)
    damaged("'" + name + "' has another size than its shape says");
  extents.push_back(extent);
  const auto source = data.subspan(extent.begin, bytes);
  tensor.bytes.assign(source.begin(), source.end());
  return tensor;
}

void check_overlaps(std::vector<Extent> extents) {
  std::ranges::sort(extents, {}, &Extent::begin);
  for (std::size_t i = 1; i < extents.size(); ++i)
    if (extents[i].begin < extents[i - 1].end) damaged("tensors overlap");
}

Checkpoint read_header(const Json& header, std::span<const std::byte> data) {
  Checkpoint checkpoint;
  checkpoint.container = Container::Safetensors;
  checkpoint.state_dicts.emplace_back();
  std::vector<Extent> extents;
  if (header.size() > kMaxTensors) damaged("it names more than 5,000 tensors");
  for (const auto& [name, entry] : header.items()) {
    if (name == "__metadata__") {
      for (const auto& [key, value] : entry.items())
        if (value.is_string()) checkpoint.metadata[key] = value.get<std::string>();
      continue;
    }
    if (!entry.is_object()) damaged("'" + name.substr(0, 80) + "' is not described");
    checkpoint.state_dicts.front().tensors.set(
        name, read_tensor(entry, name.substr(0, 80), data, extents));
  }
  check_overlaps(std::move(extents));
  if (checkpoint.state_dicts.front().tensors.empty())
    throw Error("this safetensors file holds no tensors. Choose the generator's file.");
  return checkpoint;
}

/// Gives up on deep nesting before the JSON parser's own stack does.
bool too_deep(std::string_view text) {
  int depth = 0;
  for (const char c : text) {
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    if (depth > 16) return true;
  }
  return false;
}

}  // namespace

bool looks_like_safetensors(std::span<const std::byte> bytes) {
  return bytes.size() > 8 && bytes[8] == std::byte{'{'} &&
         header_length(bytes) < (std::uint64_t{1} << 40U);
}

Checkpoint read_safetensors(std::span<const std::byte> bytes) {
  const std::uint64_t length = header_length(bytes);
  if (length > bytes.size() - 8)
    damaged("its header claims " + std::to_string(length) + " bytes, the file has " +
            std::to_string(bytes.size()));
  if (length > kMaxHeader) damaged("its header is far too long");
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()) + 8, length);
  if (too_deep(text)) damaged("its header is not that of tensors");
  const Json header = Json::parse(text, nullptr, false);
  if (!header.is_object()) damaged("its header is not JSON");
  try {
    return read_header(header, bytes.subspan(8 + length));
  } catch (const Json::exception&) {
    damaged("its header is not that of tensors");
  }
}

std::vector<std::byte> to_safetensors(const TensorTable& tensors,
                                      const std::map<std::string, std::string>& metadata) {
  Json header = Json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  std::size_t offset = 0;
  for (const auto& [name, tensor] : tensors.entries()) {
    const auto* type =
        std::ranges::find(kTypes, tensor.dtype, [](const auto& row) { return row.second; });
    header[name] = {{"dtype", type->first},
                    {"shape", tensor.shape},
                    {"data_offsets", {offset, offset + tensor.bytes.size()}}};
    offset += tensor.bytes.size();
  }
  std::string text = header.dump();
  text.append((8 - text.size() % 8) % 8, ' ');  // data starts aligned
  const std::uint64_t length = text.size();
  std::vector<std::byte> bytes(sizeof length + text.size());
  bytes.reserve(bytes.size() + offset);
  std::memcpy(bytes.data(), &length, sizeof length);
  std::memcpy(bytes.data() + sizeof length, text.data(), text.size());
  for (const auto& [name, tensor] : tensors.entries())
    bytes.insert(bytes.end(), tensor.bytes.begin(), tensor.bytes.end());
  return bytes;
}

}  // namespace facemorph
