#include "base/error.hpp"
#include "base/file_bytes.hpp"
#include "base/files.hpp"
#include "base/hardware.hpp"
#include "videos/frame_writers.hpp"
#include "videos/video_session.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <deque>
#include <future>

namespace facemorph {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSettingsText = "facemorph-export";

fs::path frame_path(const fs::path& folder, std::size_t index) {
  return folder / frame_name(index);
}

/// What has to be the same for an export to go on where it was cut short.
std::string settings_text(const VideoSettings& settings) {
  return std::to_string(settings.width) + "x" + std::to_string(settings.height) + " at " +
         settings.fps.text() + (settings.alpha ? " with alpha; " : "; ") + settings.recipe;
}

std::size_t whole_frames(const fs::path& folder) {
  std::size_t count = 0;
  while (is_there(frame_path(folder, count)))
    ++count;
  return count;
}

bool is_of_this_export(const fs::path& folder, const VideoSettings& settings) {
  try {
    const PngTexts texts = read_png_texts(frame_path(folder, 0));
    const auto text = [&](const char* key) {
      const auto found = texts.find(key);
      return found == texts.end() ? std::string() : found->second;
    };
    return text(kSettingsText) == settings_text(settings) && text(kSessionText) == settings.session;
  } catch (const Error&) {
    return false;
  }
}

/// Numbered PNG files, written on a few threads.
class FrameFolder : public FrameWriter {
 public:
  FrameFolder(fs::path folder, const VideoSettings& settings)
      : folder_(std::move(folder)), settings_(settings) {
    if (is_there(folder_) && !fs::is_directory(folder_))
      throw Error(folder_.string() + " is a file; give a folder.");
    if (is_there(frame_path(folder_, 0))) take_over();
    fs::create_directories(folder_);
  }

  std::size_t resumed() const override { return resumed_; }

  void write(const Image& frame) override {
    const auto most = static_cast<std::size_t>(cores());
    while (writing_.size() >= most)
      wait_for_oldest();
    writing_.push_back(std::async(std::launch::async, [this, frame, index = next_++] {
      PngTexts texts;
      if (index == 0) texts = {{kSettingsText, settings_text(settings_)}};
      if (index == 0 && !settings_.session.empty()) texts[kSessionText] = settings_.session;
      write_png(frame_path(folder_, index), frame, texts, settings_.alpha);
    }));
  }

  fs::path finish(const std::function<void(double)>& progress) override {
    while (!writing_.empty())
      wait_for_oldest();
    if (progress) progress(1);
    return folder_;
  }

  void discard() override {
    for (std::future<void>& frame : writing_)
      frame.wait();
    writing_.clear();
  }

  std::size_t frames() const { return next_; }

 private:
  void take_over() {
    if (settings_.resume && is_of_this_export(folder_, settings_)) {
      next_ = resumed_ = whole_frames(folder_);
      return;
    }
    if (!settings_.replace)
      throw Error(folder_.string() +
                  (settings_.resume
                       ? " holds the frames of another export. Choose another folder, or add "
                         "--force to replace them."
                       : " holds frames already. Choose another folder, go on with them "
                         "(--resume), or replace them (--force)."));
    for (std::size_t i = whole_frames(folder_); i-- > 0;)
      fs::remove(frame_path(folder_, i));
  }

  void wait_for_oldest() {
    std::future<void> frame = std::move(writing_.front());
    writing_.pop_front();
    frame.get();
  }

  fs::path folder_;
  VideoSettings settings_;
  std::size_t next_ = 0;
  std::size_t resumed_ = 0;
  std::deque<std::future<void>> writing_;
};

struct FreeArchive {
  void operator()(archive* object) const { archive_write_free(object); }
  void operator()(archive_entry* object) const { archive_entry_free(object); }
};

/// A folder first, whose files go into a zip archive in the end.
class FrameArchive : public FrameWriter {
 public:
  FrameArchive(const fs::path& path, const VideoSettings& settings)
      : path_(path),
        settings_(settings),
        folder_(path_in(path.parent_path(), path.stem().string(), ".part.frames")),
        frames_(folder_, unfinished(settings)) {}

  std::size_t resumed() const override { return frames_.resumed(); }
  void write(const Image& frame) override { frames_.write(frame); }
  void discard() override { frames_.discard(); }

  fs::path finish(const std::function<void(double)>& progress) override {
    frames_.finish({});
    const fs::path target = landing_path(path_);
    const fs::path complete = unfinished_path(target);
    try {
      zip_into(complete, progress);
    } catch (...) {
      std::error_code ignored;
      fs::remove(complete, ignored);
      throw;
    }
    const fs::path landed = land(complete, target, settings_.replace);
    fs::remove_all(folder_);
    return landed;
  }

 private:
  /// A part folder of another export is only in the way.
  static VideoSettings unfinished(VideoSettings settings) {
    settings.replace = true;
    return settings;
  }

  void zip_into(const fs::path& complete, const std::function<void(double)>& progress) {
    const std::unique_ptr<archive, FreeArchive> zip(archive_write_new());
    archive_write_set_format_zip(zip.get());
    archive_write_zip_set_compression_store(zip.get());  // PNG is deflated already
    check(*zip, archive_write_open_filename(zip.get(), complete.c_str()));
    for (std::size_t i = 0; i < frames_.frames(); ++i) {
      const fs::path path = frame_path(folder_, i);
      const FileBytes file(path);
      const std::unique_ptr<archive_entry, FreeArchive> entry(archive_entry_new());
      archive_entry_set_pathname(entry.get(), path.filename().c_str());
      archive_entry_set_size(entry.get(), static_cast<la_int64_t>(file.bytes().size()));
      archive_entry_set_filetype(entry.get(), AE_IFREG);
      archive_entry_set_perm(entry.get(), 0644);
      check(*zip, archive_write_header(zip.get(), entry.get()));
      if (archive_write_data(zip.get(), file.bytes().data(), file.bytes().size()) < 0)
        check(*zip, ARCHIVE_FATAL);
      if (progress) progress(static_cast<double>(i + 1) / static_cast<double>(frames_.frames()));
    }
    check(*zip, archive_write_close(zip.get()));
  }

  void check(archive& zip, int code) const {
    if (code >= ARCHIVE_WARN) return;
    throw Error(write_problem(path_, archive_errno(&zip)) + " The frames are kept in " +
                folder_.string() + ".");
  }

  fs::path path_;
  VideoSettings settings_;
  fs::path folder_;
  FrameFolder frames_;
};

}  // namespace

std::string frame_name(std::size_t index) {
  std::array<char, 32> name{};
  std::snprintf(name.data(), name.size(), "frame-%06zu.png", index);
  return name.data();
}

std::unique_ptr<FrameWriter> open_frame_folder(const fs::path& path,
                                               const VideoSettings& settings) {
  return std::make_unique<FrameFolder>(path, settings);
}

std::unique_ptr<FrameWriter> open_frame_archive(const fs::path& path,
                                                const VideoSettings& settings) {
  return std::make_unique<FrameArchive>(path, settings);
}

}  // namespace facemorph
