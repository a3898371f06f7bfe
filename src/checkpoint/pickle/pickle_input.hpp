#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace facemorph::pickle {

/// Throws Error: the pickle is damaged, for this reason.
[[noreturn]] void damaged(const char* what);

/// Takes values off the front of a pickle; running out throws Error.
class Input {
 public:
  explicit Input(std::span<const std::byte> bytes) : bytes_(bytes) {}

  std::size_t position() const { return position_; }
  std::uint8_t byte();
  /// Little-endian, of 1 to 8 bytes.
  std::uint64_t little(unsigned count);
  double big_endian_double();
  /// The next `length` bytes, which stay where they are. Bounded, together with all others.
  std::string_view text(std::uint64_t length);
  /// Up to the next newline, which is taken too. Bounded.
  std::string_view line();

 private:
  std::span<const std::byte> bytes_;
  std::size_t position_ = 0;
  std::size_t text_taken_ = 0;
};

}  // namespace facemorph::pickle
