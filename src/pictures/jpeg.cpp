#include "base/error.hpp"
#include "pictures/decode.hpp"
#include "pictures/decoders.hpp"

// jpeglib.h needs FILE and does not say so.
#include <cstdio>

#include <jpeglib.h>

#include <jerror.h>

#include <algorithm>
#include <array>
#include <csetjmp>

namespace facemorph {
namespace {

// About a second: so many pixels, or, where every scan goes over all of them, so many blocks.
constexpr std::uint64_t kMostPixels = 1'000'000'000;
constexpr std::uint64_t kMostBlockVisits = 40'000'000;
constexpr int kMostScans = 500;
constexpr std::size_t kMostBytesInScans = std::size_t{50} << 20U;
constexpr std::size_t kMostBytesArithmetic = std::size_t{10} << 20U;  ///< not by Huffman's codes
constexpr std::uint64_t kBytesPerBlock = 128;  ///< of coefficients, where there are several scans

/// What of a picture never came, or came damaged, in rows of blocks.
struct Damage {
  bool any = false;
  JDIMENSION row = 0;   ///< the last that was hit, in part
  JDIMENSION more = 0;  ///< besides one
};

/// One decoding. libjpeg reports errors by a call that must not return: a jump back from C to
/// guarded(), past nothing that has a destructor.
class Reader {
 public:
  Reader(Bytes bytes, std::size_t memory);
  ~Reader() { jpeg_destroy_decompress(&info_); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  Decoded decode(int least_side);

 private:
  template <typename Call>
  void guarded(Call call) {
    if (setjmp(escape_) != 0) throw Error("a damaged JPEG picture: " + std::string(text_.data()));
    call();
  }
  static Reader& of(jpeg_common_struct* info) { return *static_cast<Reader*>(info->client_data); }
  static Reader& of(jpeg_decompress_struct* info) {
    return *static_cast<Reader*>(info->client_data);
  }
  void set_up_errors();
  void set_up_source(Bytes bytes);

  void check_header();
  std::uint64_t blocks() const;
  void choose_scale(int least_side);
  /// Of pictures in several scans, all have to be read before the first row is known.
  void read_scans();
  void begin_scan();
  void check_scans() const;
  Image read_rows(int least_side);
  void to_rgb(std::vector<std::uint8_t>& row) const;
  void note_damage(int code);
  void check_damage() const;
  bool matters() const;

  jpeg_decompress_struct info_{};
  jpeg_error_mgr errors_{};
  jpeg_source_mgr source_{};
  std::jmp_buf escape_{};
  std::array<char, JMSG_LENGTH_MAX> text_{};
  std::size_t memory_;
  Bytes exif_;
  int scans_ = 0;
  unsigned components_ = 0;  ///< that scans have brought, a bit each
  Damage damage_;
};

Reader::Reader(Bytes bytes, std::size_t memory) : memory_(memory) {
  set_up_errors();
  guarded([&] { jpeg_create_decompress(&info_); });
  set_up_source(bytes);
}

void Reader::set_up_errors() {
  info_.err = jpeg_std_error(&errors_);
  info_.client_data = this;
  errors_.error_exit = [](j_common_ptr info) {
    Reader& reader = of(info);
    info->err->format_message(info, reader.text_.data());
    std::longjmp(reader.escape_, 1);
  };
  errors_.emit_message = [](j_common_ptr info, int level) {
    if (level < 0) of(info).note_damage(info->err->msg_code);
  };
  errors_.output_message = [](j_common_ptr) {};
}

void Reader::set_up_source(Bytes bytes) {
  source_.next_input_byte = reinterpret_cast<const JOCTET*>(bytes.data());
  source_.bytes_in_buffer = bytes.size();
  source_.init_source = [](j_decompress_ptr) {};
  source_.fill_input_buffer = [](j_decompress_ptr info) -> boolean {
    static constexpr std::array<JOCTET, 2> kEnd = {0xFF, JPEG_EOI};
    info->src->next_input_byte = kEnd.data();
    info->src->bytes_in_buffer = kEnd.size();
    return TRUE;
  };
  source_.skip_input_data = [](j_decompress_ptr info, long count) {
    const std::size_t skipped =
        std::min(static_cast<std::size_t>(std::max(count, 0L)), info->src->bytes_in_buffer);
    info->src->next_input_byte += skipped;
    info->src->bytes_in_buffer -= skipped;
  };
  source_.resync_to_restart = jpeg_resync_to_restart;
  source_.term_source = [](j_decompress_ptr) {};
  info_.src = &source_;
  jpeg_set_marker_processor(&info_, JPEG_APP0 + 1, [](j_decompress_ptr info) -> boolean {
    jpeg_source_mgr& source = *info->src;
    const Bytes rest(reinterpret_cast<const std::byte*>(source.next_input_byte),
                     source.bytes_in_buffer);
    const std::size_t size = rest.size() < 2 ? 0
                                             : std::to_integer<std::size_t>(rest[0]) << 8U |
                                                   std::to_integer<std::size_t>(rest[1]);
    const Bytes body = rest.first(std::min(std::max<std::size_t>(size, 2), rest.size()));
    if (size >= 2 && starts_with(body.subspan(2), kExifPrefix) && of(info).exif_.empty())
      of(info).exif_ = body.subspan(2);
    source.skip_input_data(info, static_cast<long>(body.size()));
    return TRUE;
  });
}

void Reader::check_header() {
  guarded([&] { jpeg_read_header(&info_, TRUE); });
  check_pixels(info_.image_width, info_.image_height, kMostPixels);
  if (source_.bytes_in_buffer > (info_.arith_code != 0                  ? kMostBytesArithmetic
                                 : jpeg_has_multiple_scans(&info_) != 0 ? kMostBytesInScans
                                                                        : kMostPictureBytes))
    throw Error("a JPEG picture so large in a kind that takes long to decode");
  if (info_.num_components != 1 && info_.num_components != 3 && info_.num_components != 4)
    throw Error("a JPEG picture with " + std::to_string(info_.num_components) + " channels");
  info_.out_color_space = info_.num_components == 1   ? JCS_GRAYSCALE
                          : info_.num_components == 3 ? JCS_RGB
                                                      : JCS_CMYK;
}

std::uint64_t Reader::blocks() const {
  std::uint64_t blocks = 0;
  for (int i = 0; i < info_.num_components; ++i)
    blocks +=
        std::uint64_t{info_.comp_info[i].width_in_blocks} * info_.comp_info[i].height_in_blocks;
  return blocks;
}

/// The strongest reduction that keeps 2 * least_side pixels on the shorter side.
void Reader::choose_scale(int least_side) {
  const std::uint64_t side = std::min(info_.image_width, info_.image_height);
  info_.scale_denom = 8;
  info_.scale_num = 8;
  while (least_side > 0 && info_.scale_num > 1 &&
         side * (info_.scale_num - 1) / 8 >= 2 * static_cast<std::uint64_t>(least_side))
    --info_.scale_num;
}

Decoded Reader::decode(int least_side) {
  check_header();
  choose_scale(least_side);
  if (jpeg_has_multiple_scans(&info_) != 0)
    read_scans();
  else
    guarded([&] { jpeg_start_decompress(&info_); });
  return {read_rows(least_side), exif_orientation(exif_)};
}

void Reader::read_scans() {
  const std::uint64_t taken = blocks() * kBytesPerBlock;
  if (taken >= memory_)
    throw Error("a progressive JPEG picture of " + std::to_string(info_.image_width) + " x " +
                std::to_string(info_.image_height) +
                ", too large for the memory that one may take");
  memory_ -= taken;
  begin_scan();
  info_.buffered_image = TRUE;
  guarded([&] { jpeg_start_decompress(&info_); });
  for (int result = 0; result != JPEG_REACHED_EOI;) {
    guarded([&] { result = jpeg_consume_input(&info_); });
    if (result == JPEG_REACHED_SOS) begin_scan();
  }
  check_scans();
  guarded([&] { jpeg_start_output(&info_, info_.input_scan_number); });
}

void Reader::begin_scan() {
  ++scans_;
  if (scans_ > kMostScans ||
      static_cast<std::uint64_t>(scans_) * blocks() > kMostBlockVisits + blocks())
    throw Error("a JPEG picture that comes in " + std::to_string(scans_) +
                " scans or more, which would take too long");
  for (int i = 0; i < info_.comps_in_scan; ++i)
    components_ |= 1U << static_cast<unsigned>(info_.cur_comp_info[i]->component_index);
}

/// What is missing of the finer ones is only blurred.
void Reader::check_scans() const {
  constexpr int kCoarse = 5;
  check_damage();
  bool complete = components_ + 1 == 1U << static_cast<unsigned>(info_.num_components);
  if (info_.progressive_mode != 0) {
    for (int i = 0; i < info_.num_components; ++i)
      complete = complete && info_.coef_bits[i][0] >= 0;
    for (int k = 1; k <= kCoarse; ++k)
      complete = complete && info_.coef_bits[0][k] >= 0;
  }
  if (!complete) throw Error("a JPEG picture that is cut off: most of it is missing");
}

Image Reader::read_rows(int least_side) {
  const Extent extent{static_cast<int>(info_.output_width), static_cast<int>(info_.output_height)};
  Shrinker shrinker(extent, shrunk_size(extent, least_side, memory_));
  std::vector<std::uint8_t> row(static_cast<std::size_t>(extent.width) *
                                static_cast<std::size_t>(info_.output_components));
  for (int y = 0; y < extent.height; ++y) {
    JSAMPROW pointer = row.data();
    guarded([&] { jpeg_read_scanlines(&info_, &pointer, 1); });
    check_damage();
    to_rgb(row);
    shrinker.add({row.data(), info_.out_color_space == JCS_GRAYSCALE ? 1 : 3, y, extent.width});
  }
  return shrinker.finish();
}

/// Of CMYK, in place. Adobe's programs, and all that follow them, store how little ink there is.
void Reader::to_rgb(std::vector<std::uint8_t>& row) const {
  if (info_.out_color_space != JCS_CMYK) return;
  const unsigned inverted = info_.saw_Adobe_marker != 0 ? 0 : 255;
  std::uint8_t* out = row.data();
  for (const std::uint8_t* in = out; in != row.data() + row.size(); in += 4) {
    const unsigned light = in[3] ^ inverted;
    for (std::size_t c = 0; c < 3; ++c)
      *out++ = static_cast<std::uint8_t>(((in[c] ^ inverted) * light + 127) / 255);
  }
}

/// Whether what a scan brings is more than the last sharpness of a picture.
bool Reader::matters() const {
  constexpr int kCoarse = 5;
  if (info_.progressive_mode == 0) return true;
  return info_.Ah == 0 && info_.Ss <= kCoarse &&
         (info_.Ss == 0 || info_.cur_comp_info[0]->component_index == 0);
}

/// Most warnings are of no importance: bytes too many, no end marker.
void Reader::note_damage(int code) {
  if (code != JWRN_HIT_MARKER && code != JWRN_HUFF_BAD_CODE && code != JWRN_ARITH_BAD_CODE &&
      code != JWRN_MUST_RESYNC)
    return;
  if (!matters()) return;
  const JDIMENSION row = std::min(info_.input_iMCU_row, info_.total_iMCU_rows - 1);
  // Without restart markers everything below is lost, too.
  if (info_.restart_interval == 0)
    damage_.more = std::max(damage_.more, info_.total_iMCU_rows - 1 - row);
  else if (damage_.any && damage_.row != row)
    ++damage_.more;
  damage_.any = true;
  damage_.row = row;
}

/// Grey halves of faces teach nothing; a few blocks more or less do no harm.
void Reader::check_damage() const {
  constexpr JDIMENSION kLeastRows = 4;
  constexpr JDIMENSION kShare = 32;
  const JDIMENSION all = info_.total_iMCU_rows;
  if (!damage_.any || (damage_.more * kShare <= all && all >= kLeastRows)) return;
  throw Error("a JPEG picture that is cut off or damaged: up to " +
              std::to_string(std::min<JDIMENSION>(100, (damage_.more + 1) * 100 / all)) +
              " % of it is missing");
}

}  // namespace

Decoded decode_jpeg(Bytes bytes, int least_side, std::size_t memory) {
  return Reader(bytes, memory).decode(least_side);
}

}  // namespace facemorph
