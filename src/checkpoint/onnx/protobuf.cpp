#include "checkpoint/onnx/protobuf.hpp"

#include "base/error.hpp"

#include <bit>

namespace facemorph::protobuf {
namespace {

[[noreturn]] void damaged() {
  throw Error("this ONNX file is damaged or cut off. Fetch or export it again.");
}

}  // namespace

std::span<const std::byte> Reader::take(std::uint64_t count) {
  if (count > rest_.size()) damaged();
  const auto taken = rest_.first(count);
  rest_ = rest_.subspan(count);
  return taken;
}

std::uint64_t Reader::varint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const auto byte = static_cast<std::uint64_t>(take(1).front());
    value |= (byte & 0x7FU) << shift;
    if (byte < 0x80U) return value;
  }
  damaged();
}

bool Reader::next(Field& field) {
  if (rest_.empty()) return false;
  const std::uint64_t tag = varint();
  if (tag >> 3U == 0 || tag >> 32U != 0) damaged();
  field = {static_cast<std::uint32_t>(tag >> 3U), static_cast<Wire>(tag & 7U), 0, {}};
  switch (field.wire) {
    case Wire::Varint:
      field.value = varint();
      return true;
    case Wire::Fixed64:
      field.bytes = take(8);
      return true;
    case Wire::Bytes:
      field.bytes = take(varint());
      return true;
    case Wire::Fixed32:
      field.bytes = take(4);
      return true;
  }
  damaged();
}

void Writer::raw_varint(std::uint64_t value) {
  for (; value >= 0x80U; value >>= 7U)
    bytes_.push_back(static_cast<std::byte>(value | 0x80U));
  bytes_.push_back(static_cast<std::byte>(value));
}

void Writer::varint(std::uint32_t number, std::uint64_t value) {
  raw_varint(std::uint64_t{number} << 3U);
  raw_varint(value);
}

void Writer::fixed32(std::uint32_t number, float value) {
  raw_varint(std::uint64_t{number} << 3U | 5U);
  const auto bits = std::bit_cast<std::uint32_t>(value);
  for (unsigned shift = 0; shift < 32; shift += 8)
    bytes_.push_back(static_cast<std::byte>(bits >> shift));
}

void Writer::bytes(std::uint32_t number, std::span<const std::byte> bytes) {
  raw_varint(std::uint64_t{number} << 3U | 2U);
  raw_varint(bytes.size());
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
}

void Writer::text(std::uint32_t number, std::string_view text) {
  bytes(number, std::as_bytes(std::span(text)));
}

}  // namespace facemorph::protobuf
