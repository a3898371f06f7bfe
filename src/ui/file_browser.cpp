#include "ui/file_browser.hpp"

#include "base/error.hpp"
#include "base/files.hpp"

#include <algorithm>
#include <cstdio>
#include <tuple>

namespace facemorph {
namespace {

namespace fs = std::filesystem;

/// Of folders and likely files, and as many of the others: more cannot be looked through.
constexpr std::size_t kMaxEntries = 20'000;

/// Of a file; empty when it is gone meanwhile.
std::string size_text(const fs::directory_entry& item) {
  std::error_code error;
  const auto bytes = static_cast<double>(item.file_size(error));
  if (error) return {};
  std::array<char, 32> text{};
  if (bytes < 1e6)
    std::snprintf(text.data(), text.size(), "%.0f kB", std::max(1.0, bytes / 1e3));
  else if (bytes < 1e9)
    std::snprintf(text.data(), text.size(), "%.1f MB", bytes / 1e6);
  else
    std::snprintf(text.data(), text.size(), "%.1f GB", bytes / 1e9);
  return text.data();
}

/// Absolute, and without a slash at its end, so that the folder above it is its parent.
fs::path tidied(const fs::path& path) {
  std::error_code ignored;
  const fs::path tidy = fs::absolute(path, ignored).lexically_normal();
  return tidy.has_filename() ? tidy : tidy.parent_path();
}

/// Itself, or the nearest one above it that is there.
fs::path nearest_folder(fs::path folder) {
  std::error_code ignored;
  while (!fs::is_directory(folder, ignored) && folder != folder.root_path())
    folder = folder.parent_path();
  return folder;
}

/// A path as people type it.
fs::path typed_path(const std::string& text, const fs::path& folder) {
  if (text == "~") return tidied(home_folder());
  if (text.starts_with("~/")) return tidied(home_folder() / text.substr(2));
  return tidied(folder / text);
}

bool is_folder(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found)
    throw Error(path.string() + " does not exist. Check the name and the folder.");
  if (error) throw Error(path.string() + " cannot be opened: " + error.message() + ".");
  return fs::is_directory(status);
}

}  // namespace

FileBrowser::FileBrowser(Options options, Backstage& backstage)
    : options_(std::move(options)),
      folders_(backstage, Workers::Manner::Prompt),
      system_dialog_(backstage) {}

FileBrowser::~FileBrowser() {
  close();
}

FileBrowser::Listing FileBrowser::list(const fs::path& folder, const Options& options,
                                       const std::stop_token& stop) {
  Listing listing;
  listing.folder = nearest_folder(folder);
  std::size_t bright = 0;
  std::size_t dim = 0;
  try {
    for (const fs::directory_entry& item : fs::directory_iterator(listing.folder)) {
      if (stop.stop_requested()) return listing;
      std::error_code error;  // links may lead nowhere
      Entry entry{item.path(), item.path().filename().string(), {}, item.is_directory(error)};
      if (entry.name.starts_with('.')) continue;
      if (!entry.folder && !item.is_regular_file(error)) continue;
      entry.likely = !entry.folder && options.likely(entry.path);
      if (entry.folder)
        ++listing.counts.folders;
      else if (options.counted != nullptr && options.counted(entry.path))
        ++listing.counts.counted;
      std::size_t& count = entry.folder || entry.likely ? bright : dim;
      if (count++ >= kMaxEntries) continue;
      if (!entry.folder) entry.size = size_text(item);
      listing.entries.push_back(std::move(entry));
    }
  } catch (const fs::filesystem_error& error) {
    throw Error(listing.folder.string() + " cannot be read: " + error.code().message() + ".");
  }
  listing.left_out = bright + dim - listing.entries.size();
  std::ranges::sort(listing.entries, {}, [](const Entry& e) {
    return std::tuple<bool, bool, const std::string&>(!e.folder, !e.likely, e.name);
  });
  return listing;
}

void FileBrowser::show_path() {
  std::snprintf(typed_.data(), typed_.size(), "%s", folder_.string().c_str());
}

void FileBrowser::open(const fs::path& folder) {
  has_system_dialog_ = has_system_dialog();
  go(tidied(folder));
}

void FileBrowser::close() {
  listing_.request_stop();
  looking_up_.request_stop();
  system_dialog_.close();
  chosen_.reset();
}

void FileBrowser::go(const fs::path& folder) {
  folder_ = folder;
  entries_.clear();
  left_out_ = 0;
  counts_.reset();
  problem_.clear();
  selected_.clear();
  show_path();
  looking_up_.request_stop();
  listing_.request_stop();  // the person has gone elsewhere meanwhile
  listing_ = {};
  folders_.run<Listing>([folder, options = options_,
                         stop = listing_.get_token()] { return list(folder, options, stop); },
                        [this, stop = listing_.get_token()](Listing listing) {
                          if (stop.stop_requested()) return;
                          entries_ = std::move(listing.entries);
                          counts_ = listing.counts;
                          left_out_ = listing.left_out;
                          if (listing.folder == folder_) return;
                          folder_ = std::move(listing.folder);
                          show_path();
                        },
                        [this, stop = listing_.get_token()](const std::string& reason) {
                          if (stop.stop_requested()) return;
                          problem_ = reason;
                          counts_ = Counts();
                        });
}

void FileBrowser::look_up(const fs::path& path) {
  looking_up_.request_stop();
  looking_up_ = {};
  folders_.run<bool>([path] { return is_folder(path); },
                     [this, path, stop = looking_up_.get_token()](bool folder) {
                       if (stop.stop_requested()) return;
                       if (folder)
                         go(path);
                       else
                         choose(path);
                     },
                     [this, stop = looking_up_.get_token()](const std::string& reason) {
                       if (!stop.stop_requested()) problem_ = reason;
                     });
}

bool FileBrowser::can_be_chosen(const fs::path& file) const {
  return options_.expected.empty() || options_.likely(file);
}

void FileBrowser::choose(const fs::path& file) {
  problem_.clear();
  if (can_be_chosen(file))
    chosen_ = file;
  else
    problem_ = file.filename().string() + " is not " + options_.expected + ".";
}

std::optional<fs::path> FileBrowser::take_chosen() {
  return std::exchange(chosen_, std::nullopt);
}

void FileBrowser::draw_entry(Ui& ui, const Entry& entry, fs::path& enter) {
  const bool dim = !entry.folder && !entry.likely;
  ImGui::PushStyleColor(ImGuiCol_Text, dim ? palette::kDim : palette::kText);
  const std::string label = entry.folder ? entry.name + "/" : entry.name;
  const bool was_selected = selected_ == entry.path;
  const bool pressed = ImGui::Selectable(
      label.c_str(), was_selected,
      ImGuiSelectableFlags_AllowDoubleClick | ImGuiSelectableFlags_DontClosePopups);
  ui.control("entry " + entry.name);
  ImGui::PopStyleColor();
  if (dim && !options_.expected.empty()) ui.tooltip(("Not " + options_.expected).c_str());
  if (!entry.size.empty()) {
    ImGui::SameLine(ImGui::GetWindowContentRegionMax().x - ui.px(80));
    ui.dim_text(entry.size.c_str());
  }
  if (!pressed) return;
  const bool again = was_selected && !pressed_by_mouse();
  const bool twice = ImGui::IsMouseDoubleClicked(0);
  // The second click of two may fall on the contents of the folder that the first one entered.
  if (twice && !was_selected) return;
  selected_.clear();
  if (entry.folder)
    enter = entry.path;
  else if (twice || again)
    choose(entry.path);
  else if (can_be_chosen(entry.path))
    selected_ = entry.path;
}

void FileBrowser::draw_entries(Ui& ui, float height) {
  ImGui::PushStyleColor(ImGuiCol_ChildBg, palette::kBackground);
  ImGui::BeginChild("entries", {0, height}, false, ImGuiWindowFlags_AlwaysUseWindowPadding);
  ImGui::PopStyleColor();
  if (!problem_.empty()) {
    ui.paragraph(problem_.c_str());
    ui.record_item("browse problem");
  } else if (!counts_) {
    ui.paragraph("Reading the folder …");
  } else if (entries_.empty()) {
    ui.paragraph("This folder is empty.");
  }
  fs::path enter;
  ImGuiListClipper clipper;
  clipper.Begin(static_cast<int>(entries_.size()));
  while (clipper.Step()) {
    for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
      ImGui::PushID(i);
      draw_entry(ui, entries_[static_cast<std::size_t>(i)], enter);
      ImGui::PopID();
    }
  }
  if (left_out_ > 0) ui.dim_text(("… and " + std::to_string(left_out_) + " more").c_str());
  ImGui::EndChild();
  if (!enter.empty()) go(enter);
}

void FileBrowser::draw(Ui& ui, float foot) {
  if (ui.button("Up", "The folder above this one") && folder_.has_parent_path())
    go(folder_.parent_path());
  ImGui::SameLine();
  ImGui::SetNextItemWidth(-1);
  const bool entered = ImGui::InputText("##path", typed_.data(), typed_.size(),
                                        ImGuiInputTextFlags_EnterReturnsTrue);
  ui.control("path", Focus::Kind::Field);
  if (entered) ui.take_enter();
  ui.tooltip("Type or paste the path of a folder or a file, and press Enter");
  if (entered && typed_.front() != '\0') look_up(typed_path(typed_.data(), folder_));
  draw_entries(ui, -foot);
}

void FileBrowser::draw_system_button(Ui& ui, float width) {
  const auto answer = system_dialog_.take_answer();
  if (answer && !answer->problem.empty())
    problem_ = "The system's dialog could not be shown: " + answer->problem;
  else if (answer && !answer->path.empty() && options_.wanted == SystemChoice::Folder)
    chosen_ = answer->path;
  else if (answer && !answer->path.empty())
    choose(answer->path);
  if (!has_system_dialog_) return;
  ImGui::BeginDisabled(system_dialog_.open());
  if (ui.button("System dialog…", "Choose in the file dialog of your desktop", width))
    system_dialog_.ask(options_.wanted, folder_, options_.title);
  ImGui::EndDisabled();
  ImGui::SameLine();
}

}  // namespace facemorph
