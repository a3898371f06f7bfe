#include "runs/data_set.hpp"

#include "base/error.hpp"
#include "base/hardware.hpp"
#include "pictures/decode.hpp"
#include "runs/picture_files.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <fstream>
#include <limits>
#include <mutex>
#include <new>
#include <optional>
#include <thread>

namespace facemorph {
namespace {

/// The largest picture that is read, decoded, cropped and on its way to its size.
constexpr std::uint64_t kMostPictureBytes = std::uint64_t{1600} << 20U;

std::optional<std::uint64_t> number_in(const char* path) {
  std::ifstream file(path);
  std::uint64_t number = 0;
  return file >> number ? std::optional(number) : std::nullopt;  // "max" is none
}

/// What a container leaves of the machine's memory.
std::uint64_t container_memory() {
  const auto most = number_in("/sys/fs/cgroup/memory.max");
  const auto used = number_in("/sys/fs/cgroup/memory.current");
  if (!most || !used) return std::numeric_limits<std::uint64_t>::max();
  return *most > *used ? *most - *used : 0;
}

/// Memory that can be had without swapping.
std::uint64_t available_memory() {
  std::ifstream file("/proc/meminfo");
  std::string key;
  for (std::uint64_t kilobytes = 0; file >> key >> kilobytes; file.ignore(64, '\n'))
    if (key == "MemAvailable:") return std::min(kilobytes * 1024, container_memory());
  return std::min(std::uint64_t{4} << 30U, container_memory());
}

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

struct Prepared {
  std::string name;
  std::size_t place = 0;
  std::vector<std::uint8_t> planes;  ///< empty: skipped, or more than fits into the memory
  std::string problem;
};

/// Reads files one after the other and prepares them on several threads, keeping the order.
class Loader {
 public:
  Loader(PictureFiles& files, const DataSetOptions& options, std::uint64_t memory)
      : files_(files), options_(options), memory_(memory) {}

  std::vector<Prepared> run(std::size_t& other_files) {
    // Each may be at work on a huge picture.
    const int threads = static_cast<int>(std::min<std::uint64_t>(
        static_cast<std::uint64_t>(options_.threads > 0 ? options_.threads : cores()),
        available_memory() / kMostPictureBytes));
    {
      std::vector<std::jthread> workers;
      for (int i = 0; i < std::max(threads, 1); ++i)
        workers.emplace_back([this] { work(); });
    }
    if (failure_) std::rethrow_exception(failure_);
    other_files = other_files_;
    return std::move(pictures_);
  }

 private:
  void work() try {
    while (auto job = take()) {
      auto& [index, file] = *job;
      Prepared prepared{file.name, file.place, {}, file.problem};
      if (prepared.problem.empty()) try {
          prepared.planes = prepare_picture(file.bytes, options_);
        } catch (const Error& error) {
          prepared.problem = error.what();
        } catch (const std::bad_alloc&) {
          prepared.problem = "a picture too large for the memory";
        }
      put(index, std::move(prepared));
    }
  } catch (...) {
    const std::lock_guard lock(mutex_);
    if (!failure_) failure_ = std::current_exception();
  }

  std::optional<std::pair<std::size_t, PictureFile>> take() {
    const std::lock_guard lock(mutex_);
    while (!failure_) {
      if (options_.stop.stop_requested()) throw_stopped();
      std::optional<PictureFile> file = files_.next();
      if (!file) return std::nullopt;
      if (!has_picture_name(file->name)) {
        ++other_files_;
        continue;
      }
      pictures_.emplace_back();
      return std::pair(pictures_.size() - 1, *std::move(file));
    }
    return std::nullopt;
  }

  void put(std::size_t index, Prepared prepared) {
    const std::lock_guard lock(mutex_);
    if (bytes_ + prepared.planes.size() > memory_) leave_out(prepared);
    bytes_ += prepared.planes.size();
    pictures_[index] = std::move(prepared);
    if (options_.progress) options_.progress(++done_);
  }

  /// It will be read again whenever it is needed.
  void leave_out(Prepared& prepared) {
    if (!files_.can_read_again())
      throw Error("The pictures do not fit into the " + std::to_string(memory_ >> 20U) +
                  " MB of memory that they may take, and a .tar archive cannot be read piece by "
                  "piece. Unpack it into a folder, or pack a .zip.");
    prepared.planes = {};
  }

  [[noreturn]] static void throw_stopped() { throw Error("Reading the pictures was stopped."); }

  PictureFiles& files_;
  const DataSetOptions& options_;
  std::uint64_t memory_;
  std::mutex mutex_;
  std::vector<Prepared> pictures_;
  std::size_t other_files_ = 0;
  std::size_t done_ = 0;
  std::uint64_t bytes_ = 0;
  std::exception_ptr failure_;
};

}  // namespace

std::vector<std::uint8_t> prepare_picture(std::span<const std::byte> file,
                                          const DataSetOptions& options) {
  Image image = decode_picture(file, options.image_size);
  flatten(image);
  if (options.crop == Crop::Centre && image.width != image.height) image = centre_square(image);
  if (image.width != options.image_size || image.height != options.image_size)
    image = resize(image, options.image_size, options.image_size, Filter::Lanczos3);
  return to_planes(image, options.channels);
}

DataSet::DataSet(const std::filesystem::path& path, const DataSetOptions& options)
    : options_(options) {
  std::shared_ptr<PictureFiles> files = open_picture_files(path);
  const std::uint64_t memory = options.memory > 0 ? options.memory : available_memory() / 2;
  for (Prepared& picture : Loader(*files, options, memory).run(other_files_)) {
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
  if (!pictures_.empty()) return;
  if (skipped_.empty())
    throw Error(path.string() +
                " holds no JPEG, PNG or WebP pictures, in its sub-folders neither.");
  throw Error("None of the " + std::to_string(skipped_.size()) + " pictures of " + path.string() +
              " could be read. The first, " + skipped_.front().name + ", is " +
              skipped_.front().reason + ".");
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
