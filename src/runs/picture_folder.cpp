#include "base/error.hpp"
#include "base/input_file.hpp"
#include "runs/picture_sources.hpp"
#include "runs/run_files.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <utility>

namespace facemorph {
namespace {

namespace fs = std::filesystem;

/// Goes through a folder: real folders first, so that what links lead to has its own name.
class Walk {
 public:
  Walk(fs::path root, std::stop_token stop) : root_(std::move(root)), stop_(std::move(stop)) {
    enter({});
    while (!folders_.empty() || !links_.empty()) {
      if (stop_.stop_requested()) throw_reading_stopped();
      if (!folders_.empty()) {
        const fs::path next = std::move(folders_.back());
        folders_.pop_back();
        enter(next);
      } else {
        const fs::path next = *links_.begin();
        links_.erase(links_.begin());
        follow(next);
      }
    }
    std::ranges::sort(files);
    std::ranges::sort(left_out, {}, &LeftOutFolder::name);
  }

  std::vector<fs::path> files;  ///< as seen from the root
  std::vector<LeftOutFolder> left_out;

 private:
  using Identity = std::pair<dev_t, ino_t>;

  fs::path path_of(const fs::path& name) const { return name.empty() ? root_ : root_ / name; }
  void leave_out(const fs::path& name, std::string reason) {
    left_out.push_back({name.generic_string(), std::move(reason)});
  }
  /// False for a folder that was seen before.
  bool see(const fs::path& name);
  void enter(const fs::path& name);
  void take(const fs::directory_entry& entry, const fs::path& name);
  void follow(const fs::path& link);
  bool is_run(const fs::path& name) const;

  fs::path root_;
  std::stop_token stop_;
  std::vector<fs::path> folders_;  ///< still to enter
  std::set<fs::path> links_;       ///< to folders, still to follow
  std::set<Identity> seen_;
};

bool Walk::see(const fs::path& name) {
  struct stat status {};
  return ::stat(path_of(name).c_str(), &status) != 0 ||
         seen_.insert({status.st_dev, status.st_ino}).second;
}

bool Walk::is_run(const fs::path& name) const {
  try {
    return begins_as_run_log(InputFile(path_of(name) / kLogName).read(kLogBeginning.size()));
  } catch (const Error&) {
    return false;
  }
}

void Walk::enter(const fs::path& name) {
  if (!see(name)) return leave_out(name, "a folder that is in already");
  if (is_run(name)) {
    if (!name.empty()) return left_out.push_back(left_out_run(name.generic_string()));
    throw Error(root_.string() +
                " is a training run, whose pictures are faces that Facemorph has made. Give the "
                "folder of the pictures that it should learn from.");
  }
  std::error_code error;
  fs::directory_iterator entries(path_of(name), error);
  for (; !error && entries != fs::directory_iterator(); entries.increment(error))
    take(*entries, name / entries->path().filename());
  if (!error) return;
  if (name.empty()) throw Error(root_.string() + " could not be listed: " + error.message() + ".");
  leave_out(name, "a folder that could not be listed: " + error.message());
}

void Walk::take(const fs::directory_entry& entry, const fs::path& name) {
  if (is_hidden(name)) return;
  std::error_code error;
  const bool link = entry.is_symlink(error);
  const fs::file_status status = entry.status(error);
  if (fs::is_directory(status)) {
    if (link)
      links_.insert(name);
    else
      folders_.push_back(name);
  } else if (fs::is_regular_file(status) || (link && has_picture_name(name.string()))) {
    files.push_back(name);  // one that leads nowhere will be told as a picture that was not read
  }
}

void Walk::follow(const fs::path& link) {
  std::error_code error;
  const fs::path target = fs::canonical(path_of(link), error);
  if (error) return leave_out(link, "a link that leads nowhere");
  const fs::path home = fs::canonical(path_of(link.parent_path()), error);
  const auto [end, ignored] = std::ranges::mismatch(target, home);
  if (end == target.end())
    return leave_out(link, "a link that leads in a circle, to a folder that it is in");
  enter(link);
}

class Folder : public PictureFiles {
 public:
  Folder(const fs::path& root, const std::stop_token& stop) : root_(root) {
    Walk walk(root, stop);
    names_ = std::move(walk.files);
    left_out_ = std::move(walk.left_out);
  }

  std::optional<PictureFile> next() override {
    if (next_ == names_.size()) return std::nullopt;
    return read_again(next_++);
  }

  double progress() const override {
    return static_cast<double>(next_) /
           static_cast<double>(std::max<std::size_t>(1, names_.size()));
  }

  bool can_read_again() const override { return true; }

  PictureFile read_again(std::size_t place) const override {
    PictureFile file;
    file.name = names_[place].generic_string();
    file.place = place;
    std::optional<InputFile> input;
    read_picture(file, [&](std::vector<std::byte>& bytes, std::size_t count) {
      if (!input) open(input, root_ / names_[place]);
      const std::size_t before = bytes.size();
      bytes.resize(before + count);
      bytes.resize(before + input->read(std::span(bytes).subspan(before)));
    });
    return file;
  }

  bool is_of_run(const std::string&) const override { return false; }
  std::vector<LeftOutFolder> left_out() const override { return left_out_; }

 private:
  static void open(std::optional<InputFile>& input, const fs::path& path) {
    std::error_code error;
    if (fs::is_symlink(path, error) && !fs::exists(path, error))
      throw Error("a link that leads nowhere");
    input.emplace(path);
  }

  fs::path root_;
  std::vector<fs::path> names_;
  std::vector<LeftOutFolder> left_out_;
  std::atomic<std::size_t> next_ = 0;
};

}  // namespace

std::unique_ptr<PictureFiles> open_folder(const fs::path& path, const std::stop_token& stop) {
  return std::make_unique<Folder>(path, stop);
}

}  // namespace facemorph
