#include "base/error.hpp"
#include "checkpoint/formats/readers.hpp"
#include "checkpoint/formats/torch_tensors.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <map>

namespace facemorph {
namespace {

// The pickled integer 0x1950a86a20f9469cfc6c, then STOP.
constexpr std::array<unsigned char, 13> kMagic = {0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9,
                                                  0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E};
// PROTO and its number; protocol 4 has a FRAME of nine bytes more.
constexpr std::array<std::size_t, 2> kMagicPlaces = {2, 11};

[[noreturn]] void damaged(const std::string& what) {
  throw Error("the file is damaged or cut off (" + what + "). Fetch or save it again.");
}

/// Pickles and storages follow each other; this takes them off the front.
class Cursor {
 public:
  explicit Cursor(std::span<const std::byte> bytes) : bytes_(bytes) {}

  pickle::Document next_pickle() {
    pickle::Document document = pickle::parse(bytes_, false);
    bytes_ = bytes_.subspan(document.consumed);
    return document;
  }
  std::uint64_t next_number() {
    std::uint64_t value = 0;
    if (bytes_.size() < sizeof value) damaged("it holds less data than it says");
    std::memcpy(&value, bytes_.data(), sizeof value);
    bytes_ = bytes_.subspan(sizeof value);
    return value;
  }
  std::span<const std::byte> next_bytes(std::uint64_t elements, std::size_t element_size) {
    if (elements > bytes_.size() / element_size) damaged("it holds less data than it says");
    const auto result = bytes_.first(elements * element_size);
    bytes_ = bytes_.subspan(result.size());
    return result;
  }

 private:
  std::span<const std::byte> bytes_;
};

/// Element sizes by storage key: the data itself only says how many elements there are.
std::map<std::string, std::size_t> element_sizes(const pickle::Document& document) {
  std::map<std::string, std::size_t> sizes;
  for (const pickle::Node& node : document.nodes) {
    const auto* storage = std::get_if<pickle::Storage>(&node);
    if (storage == nullptr) continue;
    const auto [place, fresh] = sizes.try_emplace(storage->key, dtype_size(storage->dtype));
    if (!fresh && place->second != dtype_size(storage->dtype))
      damaged("tensors disagree about their data's type");
  }
  return sizes;
}

void check_byte_order(const pickle::Document& info) {
  const auto* dict = info.get_if<pickle::Dict>(info.root);
  if (dict == nullptr) return;
  for (const auto& [key, value] : dict->items) {
    const auto* name = info.get_if<std::string>(key);
    const auto* flag = info.get_if<bool>(value);
    if (name != nullptr && flag != nullptr && *name == "little_endian" && !*flag)
      throw Error(
          "this file was saved on a big-endian machine, which Facemorph does not read. "
          "Save it again on a PC, or as safetensors.");
  }
}

using Storages = std::map<std::string, std::span<const std::byte>>;

Storages read_storages(Cursor& cursor, const pickle::Document& keys,
                       const pickle::Document& document) {
  const auto sizes = element_sizes(document);
  const auto* list = keys.get_if<pickle::Sequence>(keys.root);
  if (list == nullptr) damaged("its list of storages is missing");
  Storages storages;
  for (const pickle::Ref item : list->items) {
    const auto* key = keys.get_if<std::string>(item);
    const auto size = key == nullptr ? sizes.end() : sizes.find(*key);
    if (size == sizes.end()) damaged("it stores data that nothing refers to");
    const std::uint64_t elements = cursor.next_number();
    storages[*key] = cursor.next_bytes(elements, size->second);
  }
  return storages;
}

}  // namespace

bool is_torch_legacy(std::span<const std::byte> bytes) {
  return !bytes.empty() && bytes.front() == std::byte{0x80} &&
         std::ranges::any_of(kMagicPlaces, [&](std::size_t place) {
           return bytes.size() >= place + kMagic.size() &&
                  std::memcmp(bytes.data() + place, kMagic.data(), kMagic.size()) == 0;
         });
}

Checkpoint read_torch_legacy(std::span<const std::byte> bytes) {
  Cursor cursor(bytes);
  cursor.next_pickle();  // the magic number
  cursor.next_pickle();  // protocol version
  check_byte_order(cursor.next_pickle());
  const pickle::Document document = cursor.next_pickle();
  const pickle::Document keys = cursor.next_pickle();
  const Storages storages = read_storages(cursor, keys, document);
  TensorBuilder builder(
      document,
      [&](const std::string& key) {
        const auto found = storages.find(key);
        if (found == storages.end()) damaged("the data of a tensor is missing");
        return found->second;
      },
      tensor_budget(bytes.size()));
  Checkpoint checkpoint;
  checkpoint.state_dicts = find_state_dicts(document, builder);
  return checkpoint;
}

}  // namespace facemorph
