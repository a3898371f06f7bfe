#include "runs/data_set.hpp"

#include "base/error.hpp"
#include "base/memory.hpp"
#include "pictures/decode.hpp"
#include "runs/picture_loader.hpp"

#include <algorithm>

namespace facemorph {
namespace {

/// Transparent pixels over white.
void flatten(Image& image) {
  for (std::size_t i = 0; i < image.rgba.size(); i += 4) {
    const int alpha = image.rgba[i + 3];
    for (std::size_t c = i; alpha < 255 && c < i + 3; ++c)
      image.rgba[c] =
          static_cast<std::uint8_t>((image.rgba[c] * alpha + 255 * (255 - alpha) + 127) / 255);
    image.rgba[i + 3] = 255;
  }
}

Image centre_square(const Image& image) {
  const int side = std::min(image.width, image.height);
  const int left = (image.width - side) / 2;
  const int top = (image.height - side) / 2;
  Image square{side, side, {}};
  square.rgba.reserve(static_cast<std::size_t>(side) * static_cast<std::size_t>(side) * 4);
  for (int y = 0; y < side; ++y) {
    const auto row =
        image.rgba.begin() + (static_cast<std::ptrdiff_t>(top + y) * image.width + left) * 4;
    square.rgba.insert(square.rgba.end(), row, row + static_cast<std::ptrdiff_t>(side) * 4);
  }
  return square;
}

/// Resizing goes along the rows first and keeps all of them as floats: of a tall picture, many
/// times what it takes of the same on its side.
Image resized(const Image& image, int side) {
  if (image.height <= image.width) return resize(image, side, side, Filter::Lanczos3);
  return upright(resize(upright(image, kTransposed), side, side, Filter::Lanczos3), kTransposed);
}

/// Rec. 601 luma, as PIL's convert("L") has it.
std::uint8_t grey(const std::uint8_t* rgb) {
  return static_cast<std::uint8_t>((rgb[0] * 299 + rgb[1] * 587 + rgb[2] * 114 + 500) / 1000);
}

std::vector<std::uint8_t> to_planes(const Image& image, int channels) {
  const std::size_t count = image.rgba.size() / 4;
  std::vector<std::uint8_t> planes(count * static_cast<std::size_t>(channels));
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint8_t* pixel = image.rgba.data() + 4 * i;
    if (channels == 1)
      planes[i] = grey(pixel);
    else
      for (std::size_t c = 0; c < 3; ++c)
        planes[c * count + i] = pixel[c];
  }
  return planes;
}

}  // namespace

std::vector<std::uint8_t> prepare_picture(std::span<const std::byte> file,
                                          const DataSetOptions& options) {
  Image image = decode_picture(file, options.image_size);
  flatten(image);
  if (options.crop == Crop::Centre && image.width != image.height) image = centre_square(image);
  if (image.width != options.image_size || image.height != options.image_size)
    image = resized(image, options.image_size);
  return to_planes(image, options.channels);
}

DataSet::DataSet(const std::filesystem::path& path, const DataSetOptions& options)
    : options_(options) {
  if (options.progress) options.progress({});
  std::shared_ptr<PictureFiles> files = open_picture_files(path, options.stop);
  if (options_.memory == 0) options_.memory = available_memory() / 2;
  LoadedPictures loaded = load_pictures(*files, options_);
  other_files_ = loaded.other_files;
  left_out_ = files->left_out();
  for (LoadedPicture& picture : loaded.pictures) {
    if (!picture.problem.empty())
      skipped_.push_back({std::move(picture.name), std::move(picture.problem)});
    else
      pictures_.push_back({std::move(picture.name), picture.place, std::move(picture.planes)});
  }
  for (std::size_t i = 0; i < size(); ++i)
    if (is_kept(i)) ++kept_;
  if (kept_ < size()) files_ = std::move(files);
  options_.stop = {};
  options_.progress = {};
  if (pictures_.empty()) fail(path);
}

/// There is no picture to learn from.
void DataSet::fail(const std::filesystem::path& path) const {
  std::string text;
  if (skipped_.empty())
    text = path.string() + " holds no JPEG, PNG or WebP pictures, in its sub-folders neither.";
  else
    text = "None of the " + std::to_string(skipped_.size()) + " pictures of " + path.string() +
           " could be read. The first, " + skipped_.front().name + ", is " +
           skipped_.front().reason + ".";
  if (!left_out_.empty())
    text += " Left out was " + left_out_.front().name + ": " + left_out_.front().reason + ".";
  throw Error(text);
}

DataSet::DataSet(std::span<const Image> images, int channels) : kept_(images.size()) {
  options_.image_size = images.front().width;
  options_.channels = channels;
  for (const Image& image : images)
    pictures_.push_back({std::to_string(size()), size(), to_planes(image, channels)});
}

std::uint64_t DataSet::bytes() const {
  const auto side = static_cast<std::uint64_t>(image_size());
  return kept_ * static_cast<std::uint64_t>(channels()) * side * side;
}

std::vector<std::uint8_t> DataSet::read(std::size_t index) const {
  const Picture& picture = pictures_[index];
  if (is_kept(index)) return picture.planes;
  const PictureFile file = files_->read_again(picture.place);
  if (!file.problem.empty()) throw Error(file.problem);
  return prepare_picture(file.bytes, options_);
}

Image DataSet::image(std::size_t index) const {
  const std::vector<std::uint8_t> planes = read(index);
  const std::size_t count = planes.size() / static_cast<std::size_t>(channels());
  Image image{image_size(), image_size(), std::vector<std::uint8_t>(4 * count, 255)};
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t c = 0; c < 3; ++c)
      image.rgba[4 * i + c] = planes[(channels() == 1 ? 0 : c) * count + i];
  return image;
}

}  // namespace facemorph
