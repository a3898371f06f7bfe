#include "checkpoint/formats/safetensors_checksum.hpp"

#include "base/files.hpp"

namespace facemorph {
namespace {

/// Where the checksum's digits begin; npos: there is none.
std::size_t digits_in(std::string_view header) {
  const std::string key = '"' + std::string(kChecksumKey) + "\":\"";
  const std::size_t at = header.find(key);
  if (at == std::string_view::npos) return at;
  const std::size_t digits = at + key.size();
  return digits + kNoChecksum.size() <= header.size() ? digits : std::string_view::npos;
}

std::string checksum_of(std::string header, std::size_t digits, std::span<const std::byte> data) {
  header.replace(digits, kNoChecksum.size(), kNoChecksum);
  header += content_hash(data);
  return content_hash(std::as_bytes(std::span(header)));
}

}  // namespace

void seal(std::string& header, std::span<const std::byte> data) {
  const std::size_t digits = digits_in(header);
  header.replace(digits, kNoChecksum.size(), checksum_of(header, digits, data));
}

bool is_intact(std::string_view header, std::span<const std::byte> data) {
  const std::size_t digits = digits_in(header);
  return digits == std::string_view::npos || header.substr(digits, kNoChecksum.size()) ==
                                                 checksum_of(std::string(header), digits, data);
}

}  // namespace facemorph
