#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

/// The wire format of protocol buffers, as far as ONNX files need it. A library would bring its own
/// parser of every message in the schema; this one keeps views into the file and cannot grow.
namespace facemorph::protobuf {

enum class Wire : std::uint8_t { Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5 };

struct Field {
  std::uint32_t number = 0;
  Wire wire = Wire::Varint;
  std::uint64_t value = 0;           ///< of a Varint
  std::span<const std::byte> bytes;  ///< of the others; part of the message

  /// Bytes as text; empty for numbers.
  std::string_view text() const {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
};

/// Walks over the fields of one message, which must outlive it.
class Reader {
 public:
  explicit Reader(std::span<const std::byte> message) : rest_(message) {}

  /// The next field; false at the end. Throws Error when the message is damaged.
  bool next(Field& field);
  /// Numbers without tags, as packed fields have. Throws Error when there is none.
  std::uint64_t varint();
  bool at_end() const { return rest_.empty(); }

 private:
  std::span<const std::byte> take(std::uint64_t count);

  std::span<const std::byte> rest_;
};

/// Appends fields to a message.
class Writer {
 public:
  void varint(std::uint32_t number, std::uint64_t value);
  void fixed32(std::uint32_t number, float value);
  void bytes(std::uint32_t number, std::span<const std::byte> bytes);
  void text(std::uint32_t number, std::string_view text);
  void message(std::uint32_t number, const Writer& message) { bytes(number, message.bytes_); }

  std::vector<std::byte> finish() { return std::move(bytes_); }

 private:
  void raw_varint(std::uint64_t value);

  std::vector<std::byte> bytes_;
};

}  // namespace facemorph::protobuf
