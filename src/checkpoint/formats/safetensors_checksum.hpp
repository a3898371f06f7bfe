#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace facemorph {

/// In the metadata of files that Facemorph writes: a hash of all else, so that a byte that a bad
/// disk or a bad copy has changed is noticed. Files of others, and of earlier versions, have none.
inline constexpr std::string_view kChecksumKey = "facemorph.checksum";
/// What stands there while the hash is taken.
inline constexpr std::string_view kNoChecksum = "00000000000000000000000000000000";

/// Puts the checksum into a header that has kNoChecksum.
void seal(std::string& header, std::span<const std::byte> data);
/// Whether a header's checksum, if it has one, is right.
bool is_intact(std::string_view header, std::span<const std::byte> data);

}  // namespace facemorph
