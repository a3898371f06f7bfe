#include "base/error.hpp"
#include "pictures/decoders.hpp"

#include <turbojpeg.h>

#include <algorithm>
#include <memory>
#include <span>

namespace facemorph {
namespace {

// A run of end-of-block codes describes 32767 blocks of 64 pixels in a few bytes.
constexpr std::uint64_t kPixelsPerByte = 1'000'000;

struct Destroy {
  void operator()(void* decoder) const { tjDestroy(decoder); }
};
using Decoder = std::unique_ptr<void, Destroy>;

const std::uint8_t* data_of(Bytes bytes) {
  return reinterpret_cast<const std::uint8_t*>(bytes.data());
}

/// The strongest reduction that keeps 2 * least_side pixels on the shorter side.
tjscalingfactor choose_scale(int width, int height, int least_side) {
  int count = 0;
  const tjscalingfactor* factors = tjGetScalingFactors(&count);
  tjscalingfactor best{1, 1};
  if (least_side <= 0) return best;
  for (const tjscalingfactor& factor : std::span(factors, static_cast<std::size_t>(count))) {
    const int side = TJSCALED(std::min(width, height), factor);
    const bool smaller = factor.num * best.denom < best.num * factor.denom;
    if (smaller && side >= 2 * least_side) best = factor;
  }
  return best;
}

}  // namespace

Image decode_jpeg(Bytes bytes, int least_side) {
  const Decoder decoder(tjInitDecompress());
  int width = 0;
  int height = 0;
  int subsampling = 0;
  int colours = 0;
  if (tjDecompressHeader3(decoder.get(), data_of(bytes), bytes.size(), &width, &height,
                          &subsampling, &colours) != 0)
    throw Error("a damaged JPEG picture: " + std::string(tjGetErrorStr2(decoder.get())));
  if (colours == TJCS_CMYK || colours == TJCS_YCCK)
    throw Error("a JPEG picture in CMYK; save it as RGB");
  check_size(static_cast<std::uint64_t>(width), static_cast<std::uint64_t>(height), bytes,
             kPixelsPerByte);
  const tjscalingfactor scale = choose_scale(width, height, least_side);
  Image image{TJSCALED(width, scale), TJSCALED(height, scale), {}};
  image.rgba.resize(static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height) *
                    4);
  // A truncated picture is an error too: grey halves of faces teach nothing. Progressive files of
  // a million scans would take hours.
  if (tjDecompress2(decoder.get(), data_of(bytes), bytes.size(), image.rgba.data(), image.width, 0,
                    image.height, TJPF_RGBA, TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS) != 0)
    throw Error("a damaged JPEG picture: " + std::string(tjGetErrorStr2(decoder.get())));
  return image;
}

}  // namespace facemorph
