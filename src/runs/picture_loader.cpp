#include "runs/picture_loader.hpp"

#include "base/error.hpp"
#include "base/hardware.hpp"
#include "base/memory.hpp"
#include "pictures/decode.hpp"
#include "runs/picture_sources.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <map>
#include <mutex>
#include <new>
#include <optional>
#include <set>
#include <thread>
#include <utility>

namespace facemorph {
namespace {

constexpr auto kTellEvery = std::chrono::milliseconds(250);

class Loader {
 public:
  Loader(PictureFiles& files, const DataSetOptions& options) : files_(files), options_(options) {}

  LoadedPictures run() {
    // Each may be at work on a large picture.
    const auto asked =
        static_cast<std::uint64_t>(options_.threads > 0 ? options_.threads : cores());
    working_ = static_cast<int>(
        std::clamp<std::uint64_t>(available_memory() / kMostPictureMemory, 1, asked));
    {
      std::vector<std::jthread> workers;
      for (int i = working_; i > 0; --i)
        workers.emplace_back([this] { work(); });
      tell();
    }
    if (failure_ && options_.stop.stop_requested()) throw_reading_stopped();
    if (failure_) std::rethrow_exception(failure_);
    for (const auto& [index, place] : links_)
      follow(index, place);
    return result();
  }

 private:
  struct Job {
    std::size_t index = 0;
    PictureFile file;
  };

  void work() {
    try {
      while (const auto job = take())
        put(job->index, prepared(job->file));
    } catch (...) {
      fail();
    }
    const std::lock_guard lock(mutex_);
    --working_;
    finished_.notify_one();
  }

  void fail() {
    const std::lock_guard lock(mutex_);
    if (!failure_) failure_ = std::current_exception();
  }

  /// While the others work.
  void tell() try {
    std::unique_lock lock(mutex_);
    while (!finished_.wait_for(lock, kTellEvery, [this] { return working_ == 0; })) {
      const ReadingProgress progress{done_, files_.progress()};
      lock.unlock();
      if (options_.progress) options_.progress(progress);
      lock.lock();
    }
  } catch (...) {
    fail();
  }

  std::optional<Job> take() {
    const std::lock_guard reading(reading_);
    while (!failed()) {
      if (options_.stop.stop_requested()) throw_reading_stopped();
      std::optional<PictureFile> file = files_.next();
      if (!file) return std::nullopt;
      if (const auto index = begin(*file)) return Job{*index, *std::move(file)};
    }
    return std::nullopt;
  }

  bool failed() {
    const std::lock_guard lock(mutex_);
    return failure_ != nullptr;
  }

  /// The picture's place among all; nothing for what has not to be prepared.
  std::optional<std::size_t> begin(const PictureFile& file) {
    const std::lock_guard lock(mutex_);
    if (!file.is_picture) {
      ++other_files_;
      return std::nullopt;
    }
    const std::size_t index = pictures_.size();
    pictures_.push_back({file.name, file.place, {}, file.problem});
    if (file.link) {
      links_.emplace_back(index, *file.link);
      return std::nullopt;
    }
    places_[file.place] = index;
    return index;
  }

  LoadedPicture prepared(const PictureFile& file) const {
    LoadedPicture loaded{file.name, file.place, {}, file.problem};
    if (loaded.problem.empty()) try {
        loaded.planes = prepare_picture(file.bytes, options_);
      } catch (const Error& error) {
        loaded.problem = error.what();
      } catch (const std::bad_alloc&) {
        loaded.problem = "a picture too large for the memory";
      }
    return loaded;
  }

  void put(std::size_t index, LoadedPicture loaded) {
    const std::lock_guard lock(mutex_);
    if (bytes_ + loaded.planes.size() > options_.memory) leave_out(loaded);
    bytes_ += loaded.planes.size();
    pictures_[index] = std::move(loaded);
    ++done_;
  }

  /// It will be read again whenever it is needed.
  void leave_out(LoadedPicture& loaded) const {
    if (!files_.can_read_again())
      throw Error("The pictures do not fit into the " + std::to_string(options_.memory >> 20U) +
                  " MB of memory that they may take, and a .tar archive cannot be read piece by "
                  "piece. Unpack it into a folder, or pack a .zip.");
    loaded.planes = {};
  }

  /// A link is the picture that it leads to once more, if that is one.
  void follow(std::size_t index, std::size_t place) {
    const auto found = places_.find(place);
    if (found == places_.end()) {
      no_pictures_.insert(index);
      return;
    }
    LoadedPicture copy = pictures_[found->second];
    copy.name = pictures_[index].name;
    put(index, std::move(copy));
  }

  LoadedPictures result() {
    LoadedPictures result{{}, other_files_ + no_pictures_.size()};
    for (std::size_t i = 0; i < pictures_.size(); ++i)
      if (!no_pictures_.contains(i) && !files_.is_of_run(pictures_[i].name))
        result.pictures.push_back(std::move(pictures_[i]));
    return result;
  }

  PictureFiles& files_;
  const DataSetOptions& options_;
  std::mutex reading_;
  std::mutex mutex_;  ///< of what is below
  std::condition_variable finished_;
  int working_ = 0;
  std::vector<LoadedPicture> pictures_;
  std::map<std::size_t, std::size_t> places_;  ///< where the file of a place is among the pictures
  std::vector<std::pair<std::size_t, std::size_t>> links_;  ///< of them, to places
  std::set<std::size_t> no_pictures_;                       ///< links to other files
  std::size_t other_files_ = 0;
  std::size_t done_ = 0;
  std::uint64_t bytes_ = 0;
  std::exception_ptr failure_;
};

}  // namespace

LoadedPictures load_pictures(PictureFiles& files, const DataSetOptions& options) {
  return Loader(files, options).run();
}

}  // namespace facemorph
