#include "checkpoint/pickle/pickle_input.hpp"

#include "base/error.hpp"

#include <bit>
#include <string>

namespace facemorph::pickle {
namespace {

// Checkpoints hold names and numbers as text, some kilobytes of it.
constexpr std::size_t kMaxText = std::size_t{64} << 20;
constexpr std::size_t kMaxLine = 65'536;

}  // namespace

void damaged(const char* what) {
  throw Error(std::string("its pickle is damaged (") + what + "). Fetch or save the file again.");
}

std::uint8_t Input::byte() {
  if (position_ >= bytes_.size()) damaged("it ends too early");
  return std::to_integer<std::uint8_t>(bytes_[position_++]);
}

std::uint64_t Input::little(unsigned count) {
  std::uint64_t value = 0;
  for (unsigned i = 0; i < count; ++i)
    value |= std::uint64_t{byte()} << (8 * i);
  return value;
}

double Input::big_endian_double() {
  std::uint64_t value = 0;
  for (int i = 0; i < 8; ++i)
    value = (value << 8U) | byte();
  return std::bit_cast<double>(value);
}

std::string_view Input::text(std::uint64_t length) {
  if (length > bytes_.size() - position_) damaged("a text is longer than the file");
  if (length > kMaxText - text_taken_) damaged("it holds far too much text");
  const std::string_view result(reinterpret_cast<const char*>(bytes_.data()) + position_, length);
  position_ += length;
  text_taken_ += length;
  return result;
}

std::string_view Input::line() {
  const std::size_t start = position_;
  while (byte() != '\n')
    if (position_ - start > kMaxLine) damaged("a line is far too long");
  return {reinterpret_cast<const char*>(bytes_.data()) + start, position_ - start - 1};
}

}  // namespace facemorph::pickle
