#include "base/error.hpp"
#include "checkpoint/formats/readers.hpp"
#include "checkpoint/formats/safetensors_checksum.hpp"
#include "checkpoint/formats/safetensors_types.hpp"
#include "checkpoint/generator/names.hpp"
#include "checkpoint/stack/stack_file.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstring>

namespace facemorph {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxHeader = std::size_t{16} << 20;
constexpr std::size_t kMaxTensors = 5'000;
constexpr std::size_t kMaxValues = 200'000;  // all numbers, texts, lists and names of a header
constexpr int kMaxDepth = 4;
constexpr std::size_t kMaxDimensions = 16;

[[noreturn]] void damaged(const std::string& what) {
  throw Error("this safetensors file is damaged (" + what + "). Fetch or save it again.");
}

std::uint64_t header_length(std::span<const std::byte> bytes) {
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), sizeof length);
  return length;
}

/// `names` takes the tensors' names in file order, which Json forgets.
Json parse_header(std::string_view text, std::vector<std::string>& names) {
  std::size_t values = 0;
  const auto watch = [&](int depth, Json::parse_event_t event, Json& parsed) {
    if (++values > kMaxValues || depth > kMaxDepth) damaged("its header is not that of tensors");
    if (event == Json::parse_event_t::key && depth == 1) names.push_back(parsed.get<std::string>());
    return true;
  };
  Json header = Json::parse(text, watch, false);
  if (!header.is_object()) damaged("its header is not JSON");
  if (header.size() != names.size()) damaged("two tensors have one name");
  return header;
}

/// Takes tensors out of the data after the header, and remembers which bytes were taken.
class Data {
 public:
  explicit Data(std::span<const std::byte> bytes) : bytes_(bytes) {}

  Tensor read(const Json& entry, const std::string& name) {
    if (!entry.is_object()) damaged("'" + name + "' is not described");
    Tensor tensor{dtype_of(entry, name), {}, {}};
    std::uint64_t size = dtype_size(tensor.dtype);
    for (const Json& side : entry.at("shape")) {
      if (!side.is_number_unsigned() || tensor.shape.size() >= kMaxDimensions)
        damaged("'" + name + "' has an impossible shape");
      const auto value = side.get<std::uint64_t>();
      if (value > bytes_.size() || (value != 0 && size > bytes_.size() / value))
        damaged("'" + name + "' is larger than the file");
      size *= value;
      tensor.shape.push_back(static_cast<std::int64_t>(value));
    }
    const Extent extent = extent_of(entry, name);
    if (extent.end - extent.begin != size)
      damaged("'" + name + "' has another size than its shape says");
    const auto source = bytes_.subspan(extent.begin, size);
    tensor.bytes = std::vector<std::byte>(source.begin(), source.end());
    return tensor;
  }

 private:
  struct Extent {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
  };

  static DType dtype_of(const Json& entry, const std::string& name) {
    const auto text = entry.at("dtype").get<std::string>();
    for (const auto& [known, dtype] : kSafetensorsTypes)
      if (text == known) return dtype;
    throw Error("the tensor '" + name + "' has the type " + printable(text) +
                ", which Facemorph does not read. Save it as F32 or F16.");
  }

  Extent extent_of(const Json& entry, const std::string& name) {
    const Json& offsets = entry.at("data_offsets");
    if (!offsets.is_array() || offsets.size() != 2 || !offsets[0].is_number_unsigned() ||
        !offsets[1].is_number_unsigned())
      damaged("'" + name + "' has no place");
    const Extent extent{offsets[0].get<std::uint64_t>(), offsets[1].get<std::uint64_t>()};
    if (extent.begin > extent.end || extent.end > bytes_.size())
      damaged("'" + name + "' reaches beyond the file's end; the file may be cut off");
    refuse_overlap(extent, name);
    return extent;
  }

  /// Overlaps could make a small file take much memory.
  void refuse_overlap(const Extent& extent, const std::string& name) {
    if (extent.begin == extent.end) return;
    const auto next = taken_.upper_bound(extent.begin);
    if (next != taken_.end() && next->second.begin < extent.end)
      damaged("'" + name + "' overlaps another tensor");
    if (next != taken_.begin() && std::prev(next)->second.end > extent.begin)
      damaged("'" + name + "' overlaps another tensor");
    taken_.emplace(extent.begin, extent);
  }

  std::span<const std::byte> bytes_;
  std::map<std::uint64_t, Extent> taken_;
};

std::map<std::string, std::string> metadata_of(const Json& json) {
  std::map<std::string, std::string> metadata;
  if (!json.is_object()) return metadata;
  for (const auto& [key, value] : json.items())
    if (value.is_string()) metadata[key] = value.get<std::string>();
  metadata.erase(std::string(kChecksumKey));
  return metadata;
}

Checkpoint read_tensors(std::string_view header_text, std::span<const std::byte> bytes) {
  std::vector<std::string> names;
  const Json header = parse_header(header_text, names);
  if (names.size() > kMaxTensors + 1) damaged("it names more than 5,000 tensors");
  Checkpoint checkpoint;
  StateDict& state_dict = checkpoint.state_dicts.emplace_back();
  Data data(bytes);
  for (const std::string& name : names) {
    if (name == "__metadata__")
      checkpoint.metadata = metadata_of(header.at(name));
    else
      state_dict.tensors.set(without_wrappers(name), data.read(header.at(name), printable(name)));
  }
  if (state_dict.tensors.empty())
    throw Error("this safetensors file holds no tensors. Choose the generator's file.");
  return checkpoint;
}

/// Our own files of networks that are not the tutorial's say how to run them.
Checkpoint with_stack(Checkpoint checkpoint) {
  const auto arch = checkpoint.metadata.find(kArchKey);
  const auto stack = checkpoint.metadata.find(kStackKey);
  if (arch != checkpoint.metadata.end() && arch->second == "stack" &&
      stack != checkpoint.metadata.end() && !checkpoint.state_dicts.empty())
    checkpoint.stack = stack_from(stack->second, checkpoint.state_dicts.front().tensors);
  return checkpoint;
}

}  // namespace

bool is_safetensors(std::span<const std::byte> bytes) {
  return bytes.size() > 8 && bytes[8] == std::byte{'{'} &&
         header_length(bytes) < (std::uint64_t{1} << 40U);
}

Checkpoint read_safetensors(std::span<const std::byte> bytes) {
  const std::uint64_t length = header_length(bytes);
  if (length > bytes.size() - 8)
    damaged("its header claims " + std::to_string(length) + " bytes, the whole file has " +
            std::to_string(bytes.size()));
  if (length > kMaxHeader) damaged("its header is far too long");
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()) + 8, length);
  if (!is_intact(text, bytes.subspan(8 + length)))
    damaged("its contents have changed since they were written");
  try {
    return with_stack(read_tensors(text, bytes.subspan(8 + length)));
  } catch (const Json::exception&) {
    damaged("its header is not that of tensors");
  }
}

}  // namespace facemorph
