#include "base/error.hpp"
#include "pictures/decoders.hpp"

#include <png.h>

#include <algorithm>
#include <array>
#include <csetjmp>
#include <cstring>

namespace facemorph {
namespace {

// About a second.
constexpr std::uint64_t kMostPixels = 100'000'000;
constexpr std::uint64_t kMostRaw = 600'000'000;  ///< bytes that are packed in the file
constexpr std::uint64_t kMostPacked = 1032;      ///< bytes that deflate makes one of

constexpr int kPasses = 7;

/// One decoding, row by row. libpng reports errors by a call that must not return: a jump back from
/// C to guarded(), past nothing that has a destructor.
class Reader {
 public:
  explicit Reader(Bytes bytes);
  ~Reader() { png_destroy_read_struct(&png_, &info_, nullptr); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  Image decode(int least_side, std::size_t memory);

 private:
  template <typename Call>
  void guarded(Call call) {
    if (setjmp(escape_) != 0) throw Error("a damaged PNG picture: " + std::string(text_.data()));
    call();
  }
  void read_header();
  void choose_format();
  void read_pass(int pass, Shrinker& shrinker);

  Bytes rest_;
  std::jmp_buf escape_{};
  std::array<char, 128> text_{};
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
  Extent extent_;
  bool interlaced_ = false;
  std::vector<std::uint8_t> row_;
};

Reader::Reader(Bytes bytes) : rest_(bytes) {
  png_ = png_create_read_struct(
      PNG_LIBPNG_VER_STRING, this,
      [](png_structp png, png_const_charp text) {
        auto& reader = *static_cast<Reader*>(png_get_error_ptr(png));
        std::strncpy(reader.text_.data(), text, reader.text_.size() - 1);
        std::longjmp(reader.escape_, 1);
      },
      [](png_structp, png_const_charp) {});
  if (png_ != nullptr) info_ = png_create_info_struct(png_);
  if (info_ == nullptr) throw std::bad_alloc();
  png_set_read_fn(png_, this, [](png_structp png, png_bytep out, std::size_t size) {
    Bytes& rest = static_cast<Reader*>(png_get_io_ptr(png))->rest_;
    if (size > rest.size()) png_error(png, "it is cut off");
    std::memcpy(out, rest.data(), size);
    rest = rest.subspan(size);
  });
}

/// Texts, profiles and previews are passed over: a few bytes of them can become megabytes.
void Reader::read_header() {
  static constexpr std::array<png_byte, 10> kChunksRead = {'g', 'A', 'M', 'A', 0,
                                                           's', 'R', 'G', 'B', 0};
  guarded([&] {
    png_set_keep_unknown_chunks(png_, PNG_HANDLE_CHUNK_NEVER, nullptr, -1);
    png_set_keep_unknown_chunks(png_, PNG_HANDLE_CHUNK_AS_DEFAULT, kChunksRead.data(), 2);
    png_read_info(png_, info_);
  });
  const std::uint64_t width = png_get_image_width(png_, info_);
  const std::uint64_t height = png_get_image_height(png_, info_);
  const std::uint64_t raw = png_get_rowbytes(png_, info_) * height;
  if (raw / kMostPacked > rest_.size())
    throw Error("a damaged PNG picture: too short for its size");
  check_pixels(width, height, kMostPixels);
  if (raw > kMostRaw)
    throw Error("a picture of " + std::to_string(width) + " x " + std::to_string(height) +
                ", more than Facemorph decodes (600 MB unpacked)");
  extent_ = {static_cast<int>(width), static_cast<int>(height)};
  interlaced_ = png_get_interlace_type(png_, info_) == PNG_INTERLACE_ADAM7;
}

/// Eight bits a channel, in sRGB. What does not say what its numbers mean is sRGB already, however
/// many bits they have.
void Reader::choose_format() {
  guarded([&] {
    png_set_expand(png_);
    png_set_scale_16(png_);
    png_fixed_point gamma = 0;
    if (png_get_gAMA_fixed(png_, info_, &gamma) == 0) gamma = PNG_DEFAULT_sRGB;
    png_set_gamma_fixed(png_, PNG_DEFAULT_sRGB, gamma);
    png_read_update_info(png_, info_);
  });
  row_.resize(png_get_rowbytes(png_, info_));
}

/// The pixels of a pass stand apart in both directions; without interlacing, there is one of all.
void Reader::read_pass(int pass, Shrinker& shrinker) {
  const int first = interlaced_ ? static_cast<int>(PNG_PASS_START_COL(pass)) : 0;
  const int step = interlaced_ ? 1 << PNG_PASS_COL_SHIFT(pass) : 1;
  const int first_row = interlaced_ ? static_cast<int>(PNG_PASS_START_ROW(pass)) : 0;
  const int row_step = interlaced_ ? 1 << PNG_PASS_ROW_SHIFT(pass) : 1;
  const int count = (extent_.width - first + step - 1) / step;
  if (count <= 0) return;
  const int channels = png_get_channels(png_, info_);
  for (int y = first_row; y < extent_.height; y += row_step) {
    guarded([&] { png_read_row(png_, row_.data(), nullptr); });
    shrinker.add({row_.data(), channels, y, count, first, step});
  }
}

Image Reader::decode(int least_side, std::size_t memory) {
  read_header();
  Shrinker shrinker(extent_, shrunk_size(extent_, least_side, memory));
  choose_format();
  for (int pass = 0; pass < (interlaced_ ? kPasses : 1); ++pass)
    read_pass(pass, shrinker);
  return shrinker.finish();
}

}  // namespace

Decoded decode_png(Bytes bytes, int least_side, std::size_t memory) {
  return {Reader(bytes).decode(least_side, memory), exif_orientation(png_exif(bytes))};
}

}  // namespace facemorph
