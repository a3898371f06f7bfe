#pragma once

#include "pictures/image.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include <jpeglib.h>
#include <png.h>
#include <webp/encode.h>

// Pictures as files, as cameras, editors and browsers write them.

namespace facemorph::testing {

using Encoded = std::vector<std::byte>;

inline Encoded bytes_of(const void* data, std::size_t size) {
  const auto* begin = static_cast<const std::byte*>(data);
  return {begin, begin + size};
}

inline Encoded bytes_of(const std::string& text) {
  return bytes_of(text.data(), text.size());
}

/// The EXIF block of a camera that was held in some way, without what stands before it in a JPEG.
inline std::string exif_block(int orientation) {
  std::string exif("MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0", 19);
  exif += static_cast<char>(orientation);
  return exif + std::string(6, '\0');
}

struct JpegOptions {
  J_COLOR_SPACE stored = JCS_YCbCr;  ///< JCS_GRAYSCALE, JCS_CMYK, JCS_YCCK
  bool adobe = true;                 ///< with CMYK: inverted, as Adobe's marker says
  bool progressive = false;
  bool separate = false;       ///< one scan a channel
  bool small_colours = false;  ///< 4:2:0
  int restart_rows = 0;
  int quality = 95;
  std::string exif{};
};

/// A row as the encoder takes it; ink is what is missing of white.
inline std::vector<std::uint8_t> jpeg_row(const Image& image, int y, const JpegOptions& options) {
  const bool ink = options.stored == JCS_CMYK || options.stored == JCS_YCCK;
  std::vector<std::uint8_t> row;
  for (int x = 0; x < image.width; ++x) {
    const std::uint8_t* pixel = image.rgba.data() + 4 * (y * image.width + x);
    for (int c = 0; c < (options.stored == JCS_GRAYSCALE ? 1 : 3); ++c)
      row.push_back(static_cast<std::uint8_t>(ink && !options.adobe ? 255 - pixel[c] : pixel[c]));
    if (ink) row.push_back(options.adobe ? 255 : 0);
  }
  return row;
}

inline void begin_jpeg(jpeg_compress_struct& info, const Image& image, const JpegOptions& options) {
  static constexpr jpeg_scan_info kSeparate[] = {
      {1, {0}, 0, 63, 0, 0}, {1, {1}, 0, 63, 0, 0}, {1, {2}, 0, 63, 0, 0}};
  const bool ink = options.stored == JCS_CMYK || options.stored == JCS_YCCK;
  info.image_width = static_cast<JDIMENSION>(image.width);
  info.image_height = static_cast<JDIMENSION>(image.height);
  info.in_color_space = options.stored == JCS_GRAYSCALE ? JCS_GRAYSCALE : ink ? JCS_CMYK : JCS_RGB;
  info.input_components = info.in_color_space == JCS_RGB ? 3 : ink ? 4 : 1;
  jpeg_set_defaults(&info);
  jpeg_set_colorspace(&info, options.stored);
  jpeg_set_quality(&info, options.quality, TRUE);
  for (int c = 0; c < info.num_components && !options.small_colours; ++c)
    info.comp_info[c].h_samp_factor = info.comp_info[c].v_samp_factor = 1;
  if (options.progressive) jpeg_simple_progression(&info);
  if (options.separate) {
    info.scan_info = kSeparate;
    info.num_scans = 3;
  }
  info.restart_in_rows = options.restart_rows;
  if (!options.adobe) info.write_Adobe_marker = FALSE;
  jpeg_start_compress(&info, TRUE);
  const std::string exif = std::string("Exif\0\0", 6) + options.exif;
  if (!options.exif.empty())
    jpeg_write_marker(&info, JPEG_APP0 + 1, reinterpret_cast<const JOCTET*>(exif.data()),
                      static_cast<unsigned>(exif.size()));
}

inline Encoded jpeg_of(const Image& image, const JpegOptions& options = {}) {
  jpeg_compress_struct info{};
  jpeg_error_mgr errors{};
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char* data = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&info, &data, &size);
  begin_jpeg(info, image, options);
  for (int y = 0; y < image.height; ++y) {
    std::vector<std::uint8_t> row = jpeg_row(image, y, options);
    JSAMPROW pointer = row.data();
    jpeg_write_scanlines(&info, &pointer, 1);
  }
  jpeg_finish_compress(&info);
  Encoded bytes = bytes_of(data, size);
  jpeg_destroy_compress(&info);
  std::free(data);
  return bytes;
}

struct PngOptions {
  int bits = 8;  ///< a channel; 16: every value twice
  bool grey = false;
  bool alpha = false;
  bool interlaced = false;
  double gamma = 0;           ///< of a gAMA chunk; 0: none
  bool srgb = false;          ///< with an sRGB chunk
  std::string exif{};         ///< of an eXIf chunk
  std::string packed_exif{};  ///< as ImageMagick's text
};

/// "\nexif\n      26\n4d4d…\n"
inline std::string raw_profile(const std::string& block) {
  std::string text = "\nexif\n      " + std::to_string(block.size()) + "\n";
  for (const char c : block) {
    char digits[3];
    std::snprintf(digits, sizeof digits, "%02x", static_cast<unsigned char>(c));
    text += digits;
  }
  return text + "\n";
}

inline std::vector<std::uint8_t> png_row(const Image& image, int y, const PngOptions& options) {
  std::vector<std::uint8_t> row;
  for (int x = 0; x < image.width; ++x)
    for (int c = 0; c < 4; ++c) {
      if ((c == 3 && !options.alpha) || (options.grey && (c == 1 || c == 2))) continue;
      const std::uint8_t value =
          image.rgba[static_cast<std::size_t>(4 * (y * image.width + x) + c)];
      row.insert(row.end(), static_cast<std::size_t>(options.bits / 8), value);
    }
  return row;
}

inline void add_png_facts(png_structp png, png_infop info, const PngOptions& options,
                          std::string& text) {
  if (options.gamma > 0) png_set_gAMA(png, info, options.gamma);
  if (options.srgb) png_set_sRGB(png, info, PNG_sRGB_INTENT_PERCEPTUAL);
  std::string exif = options.exif;
  if (!exif.empty())
    png_set_eXIf_1(png, info, static_cast<png_uint_32>(exif.size()),
                   reinterpret_cast<png_bytep>(exif.data()));
  text = raw_profile(options.packed_exif);
  std::string key = "Raw profile type exif";
  png_text entry{};
  entry.compression = PNG_TEXT_COMPRESSION_zTXt;
  entry.key = key.data();
  entry.text = text.data();
  entry.text_length = text.size();
  if (!options.packed_exif.empty()) png_set_text(png, info, &entry, 1);
}

inline Encoded png_of(const Image& image, const PngOptions& options = {}) {
  Encoded bytes;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  png_set_write_fn(
      png, &bytes,
      [](png_structp writer, png_bytep data, std::size_t size) {
        const Encoded more = bytes_of(data, size);
        auto& all = *static_cast<Encoded*>(png_get_io_ptr(writer));
        all.insert(all.end(), more.begin(), more.end());
      },
      [](png_structp) {});
  const int colour = (options.grey ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGB) |
                     (options.alpha ? PNG_COLOR_MASK_ALPHA : 0);
  png_set_IHDR(png, info, static_cast<png_uint_32>(image.width),
               static_cast<png_uint_32>(image.height), options.bits, colour,
               options.interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  std::string text;
  add_png_facts(png, info, options, text);
  png_write_info(png, info);
  const int passes = png_set_interlace_handling(png);
  for (int pass = 0; pass < passes; ++pass)
    for (int y = 0; y < image.height; ++y)
      png_write_row(png, png_row(image, y, options).data());
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  return bytes;
}

/// Lossless, or lossy with `quality` above 0. `exif`: in the container that holds such things.
inline Encoded webp_of(const Image& image, float quality = 0, const std::string& exif = {}) {
  std::uint8_t* data = nullptr;
  const int stride = image.width * 4;
  const std::size_t size =
      quality > 0
          ? WebPEncodeRGBA(image.rgba.data(), image.width, image.height, stride, quality, &data)
          : WebPEncodeLosslessRGBA(image.rgba.data(), image.width, image.height, stride, &data);
  std::string body(reinterpret_cast<const char*>(data), size);
  WebPFree(data);
  if (exif.empty()) return bytes_of(body);
  const auto number = [](std::size_t value, int bytes) {
    std::string text;
    for (int i = 0; i < bytes; ++i)
      text += static_cast<char>(value >> static_cast<unsigned>(8 * i) & 0xFFU);
    return text;
  };
  const auto side = [&](int value) { return number(static_cast<std::size_t>(value - 1), 3); };
  std::string chunks = "WEBPVP8X" + number(10, 4) + number(8, 4) + side(image.width) +
                       side(image.height) + body.substr(12) + "EXIF" + number(exif.size(), 4) +
                       exif;
  if (exif.size() % 2 == 1) chunks += '\0';
  return bytes_of("RIFF" + number(chunks.size(), 4) + chunks);
}

}  // namespace facemorph::testing
