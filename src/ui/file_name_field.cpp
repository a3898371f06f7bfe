#include "ui/file_name_field.hpp"

#include "base/files.hpp"

#include <cstdio>
#include <utility>

namespace facemorph {

namespace fs = std::filesystem;
namespace {

/// A field that is open for typing keeps a text of its own.
int replace_text(ImGuiInputTextCallbackData* data) {
  const auto* text = static_cast<const std::string*>(data->UserData);
  if (text->empty()) return 0;
  data->DeleteChars(0, data->BufTextLen);
  data->InsertChars(0, text->c_str());
  data->SelectAll();
  return 0;
}

}  // namespace

void FileNameField::change(const fs::path& path) {
  std::snprintf(text_.data(), text_.size(), "%s", path.string().c_str());
  set_ = true;
  looked_for_.reset();
  taken_.reset();
  needs_folder_ = false;
}

void FileNameField::show(const fs::path& path) {
  typed_ = proposing_ = waits_ = false;
  change(path);
}

void FileNameField::propose(const fs::path& path, const std::string& ending) {
  show(path);
  proposing_ = true;
  lane_.emplace(backstage_, Workers::Manner::Prompt);
  lane_->run<fs::path>([path, ending] { return unused_path(path, ending); },
                       [this](const fs::path& free) {
                         proposing_ = false;
                         change(free);
                       },
                       [this](const std::string&) { proposing_ = false; });
}

void FileNameField::draw(Ui& ui, const char* name, const char* tip, const Target& target) {
  std::string news = std::exchange(set_, false) ? text_.data() : "";
  ImGui::SetNextItemWidth(-1);
  if (ImGui::InputText((std::string("##") + name).c_str(), text_.data(), text_.size(),
                       ImGuiInputTextFlags_CallbackAlways, replace_text, &news) &&
      news.empty()) {
    typed_ = true;
    proposing_ = waits_ = false;
  }
  ui.control(name, Focus::Kind::Field);
  ui.tooltip(tip);
  if (!proposing_) look_for(target(path()));
}

void FileNameField::look_for(const fs::path& target) {
  if (looked_for_ == target) return;
  looked_for_ = target;
  taken_.reset();
  lane_.emplace(backstage_, Workers::Manner::Prompt);
  lane_->run<Answer>(
      [target] {
        std::error_code ignored;  // writing there says what is wrong
        return Answer{
            fs::exists(fs::symlink_status(target, ignored)),
            target.empty() || fs::is_directory(fs::absolute(target).parent_path(), ignored)};
      },
      [this](const Answer& answer) {
        taken_ = answer.taken;
        needs_folder_ = !answer.folder;
      },
      [this](const std::string&) { taken_ = false; });
}

bool FileNameField::confirm(bool pressed) {
  if (pressed && taken_) return true;
  if (pressed) waits_ = true;
  if (!waits_ || !taken_) return false;
  waits_ = false;
  return !*taken_;
}

}  // namespace facemorph
