#include "runs/picture_files.hpp"

#include "base/error.hpp"
#include "base/input_file.hpp"
#include "pictures/decode.hpp"
#include "runs/picture_sources.hpp"
#include "runs/run_files.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

namespace facemorph {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBeginning = 32;
static_assert(kBeginning >= kPictureBeginning && kBeginning >= kLogBeginning.size());

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

constexpr const char* kWanted =
    "Give a folder, or a .zip or .tar archive, of JPEG, PNG or WebP pictures.";

std::vector<std::byte> beginning_of(const fs::path& path) try {
  return InputFile(path).read(kBeginning);
} catch (const Error& error) {
  throw Error(path.string() + " is " + error.what() + ". " + kWanted);
}

/// Throws for what is known by its first bytes, and that we do not open.
void refuse_others(const fs::path& path) {
  struct Kind {
    std::string_view magic;
    const char* text;
  };
  constexpr const char* kEncrypted =
      " is encrypted. Decrypt and unpack it, and give the folder that the pictures are in.";
  static constexpr std::array<Kind, 5> kKinds = {
      {{"7z\xBC\xAF\x27\x1C",
        " is a 7-Zip archive, which Facemorph does not open. Unpack it, and give the folder."},
       {"Rar!\x1A\x07",
        " is a RAR archive, which Facemorph does not open. Unpack it, and give the folder."},
       {"Salted__", kEncrypted},
       {"-----BEGIN PGP MESSAGE", kEncrypted},
       {"age-encryption.org/", kEncrypted}}};
  const std::vector<std::byte> beginning = beginning_of(path);
  if (begins_as_picture(beginning))
    throw Error(path.string() + " is a single picture. Give the folder that it is in.");
  for (const Kind& kind : kKinds)
    if (text_of(beginning).starts_with(kind.magic)) throw Error(path.string() + kind.text);
  const std::string extension = path.extension().string();
  if (extension == ".gpg" || extension == ".pgp") throw Error(path.string() + kEncrypted);
}

}  // namespace

bool has_picture_name(const std::string& name) {
  static constexpr std::array<std::string_view, 6> kExtensions = {".jpg", ".jpeg", ".jfif",
                                                                  ".jpe", ".png",  ".webp"};
  std::string extension = fs::path(name).extension().string();
  std::ranges::transform(extension, extension.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::ranges::find(kExtensions, extension) != kExtensions.end();
}

bool is_hidden(const fs::path& path) {
  return std::ranges::any_of(path, [](const fs::path& part) {
    const std::string text = part.string();
    return (text.starts_with('.') && text != "." && text != "..") || text == "__MACOSX";
  });
}

bool begins_as_run_log(std::span<const std::byte> beginning) {
  return text_of(beginning).starts_with(kLogBeginning);
}

LeftOutFolder left_out_run(const std::string& name) {
  return {name, "a training run, whose pictures are faces that Facemorph has made"};
}

void read_picture(PictureFile& file, const ReadMore& read) {
  file.is_picture = has_picture_name(file.name);
  try {
    read(file.bytes, kBeginning);
    if (!begins_as_picture(file.bytes)) return;  // the decoder will say so
    file.is_picture = true;
    constexpr std::size_t kBlock = 1 << 18;
    for (std::size_t before = 0; before != file.bytes.size();) {
      before = file.bytes.size();
      if (before > kMostPictureBytes) throw Error(kTooLarge);
      read(file.bytes, kBlock);
    }
  } catch (const Error& error) {
    file.bytes.clear();
    file.problem = error.what();
  }
}

void throw_reading_stopped() {
  throw Error("Reading the pictures was stopped.");
}

std::string plain_name(const std::string& name) {
  return fs::path(name).lexically_normal().generic_string();
}

std::string link_target(const std::string& link, const std::string& target) {
  return plain_name((fs::path(link).parent_path() / target).generic_string());
}

void ArchiveNames::see(const PictureFile& file) {
  const fs::path path(plain_name(file.name));
  if (file.is_picture) pictures_.emplace(path.generic_string(), file.link.value_or(file.place));
  if (path.filename() == kLogName && begins_as_run_log(file.bytes))
    runs_.insert(path.parent_path().empty() ? "" : path.parent_path().generic_string() + "/");
}

bool ArchiveNames::is_of_run(const std::string& name) const {
  const std::string plain = plain_name(name);
  return std::ranges::any_of(runs_, [&](const std::string& run) { return plain.starts_with(run); });
}

std::vector<LeftOutFolder> ArchiveNames::runs() const {
  std::vector<LeftOutFolder> all;
  for (const std::string& run : runs_)
    all.push_back(left_out_run(run.empty() ? "." : run));
  return all;
}

std::optional<std::size_t> ArchiveNames::place_of(const std::string& name) const {
  const auto found = pictures_.find(name);
  return found == pictures_.end() ? std::nullopt : std::optional(found->second);
}

bool ArchiveNames::has_folder(const std::string& name) const {
  const std::string folder = name.ends_with('/') ? name : name + "/";
  const auto found = pictures_.lower_bound(folder);
  return found != pictures_.end() && found->first.starts_with(folder);
}

bool is_picture_file(const fs::path& path) {
  if (has_picture_name(path.filename().string())) return true;
  try {
    return begins_as_picture(InputFile(path).read(kPictureBeginning));
  } catch (const Error&) {
    return false;
  }
}

std::unique_ptr<PictureFiles> open_picture_files(const fs::path& path,
                                                 const std::stop_token& stop) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found)
    throw Error(path.string() + " does not exist. " + kWanted);
  if (error) throw Error(path.string() + " could not be opened: " + error.message() + ".");
  if (fs::is_directory(status)) return open_folder(path, stop);
  refuse_others(path);
  if (auto zip = open_zip(path)) return zip;
  return open_tar(path, stop);
}

}  // namespace facemorph
