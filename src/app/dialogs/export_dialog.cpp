#include "app/dialogs/export_dialog.hpp"

#include "base/error.hpp"
#include "record/composer.hpp"
#include "session/session_file.hpp"
#include "ui/choice.hpp"
#include "ui/dialog.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

namespace facemorph {
namespace {

namespace fs = std::filesystem;

constexpr float kLabel = 110;

constexpr std::array<std::pair<VideoQuality, const char*>, 3> kQualities = {
    {{VideoQuality::Small, "Small file"},
     {VideoQuality::Good, "Good"},
     {VideoQuality::Best, "Best, large"}}};
constexpr std::array<std::pair<Dither, const char*>, 3> kDithers = {
    {{Dither::Diffusion, "Diffused"}, {Dither::Ordered, "Patterned"}, {Dither::None, "None"}}};
constexpr std::array<std::pair<Layout, const char*>, 3> kLayouts = {
    {{Layout::Face, "The morph"},
     {Layout::Grid, "A grid of morphs"},
     {Layout::Sources, "The morph between its faces"}}};

void label(Ui& ui, const char* text) {
  ImGui::AlignTextToFramePadding();
  ui.dim_text(text);
  ImGui::SameLine(ui.px(kLabel));
}

std::string caption_of(const Viewer& viewer) {
  if (viewer.session_path().empty()) return "Facemorph";
  const std::string name = viewer.session_path().filename().string();
  return name.substr(0, name.size() - std::string_view(kSessionExtension).size());
}

void draw_rate(Ui& ui, ExportSettings& video, float width) {
  const double most = info_of(video.format).most_fps;
  auto per_second = static_cast<float>(video.fps.per_second());
  if (!ui.number("video fps", "Pictures a second; 23.976, 29.97 and 59.94 are television's",
                 &per_second, {1, 1, most}, "%.5g a second", width))
    return;
  if (const auto rate = frame_rate_of(static_cast<double>(per_second))) video.fps = *rate;
}

}  // namespace

bool ExportDialog::prepare(const ActionContext& context) {
  Viewer& viewer = context.viewer;
  if (!viewer.model.get()) return false;
  viewer.recorder.probe();
  name_.propose(viewer.proposed_video(), {});
  std::snprintf(caption_.data(), caption_.size(), "%s", caption_of(viewer).c_str());
  viewer.settings.video.filter = viewer.settings.filter;
  part_ = viewer.editor.region.has_value();
  return true;
}

Dialog::Look ExportDialog::look(const Ui& ui, const ActionContext& context) const {
  (void)context;
  return {"Export a video", "export window", {ui.px(520), 0}};
}

/// Another format wants another ending.
void ExportDialog::rename_for(const Viewer& viewer) {
  if (!name_.typed()) {
    name_.propose(viewer.proposed_video(), {});
    return;
  }
  fs::path path = name_.path();
  const bool known = video_format_of(path).has_value();
  if (known) path.replace_extension();
  path += info_of(viewer.settings.video.format).extension;
  name_.change(path);
}

void ExportDialog::draw_format(Ui& ui, Viewer& viewer) {
  ExportSettings& video = viewer.settings.video;
  label(ui, "Format");
  const std::string now(info_of(video.format).title);
  if (ui.begin_combo("##format", "What to write", now.c_str(), -1)) {
    for (const VideoFormatInfo& info : video_formats()) {
      const std::string reason = viewer.recorder.why_unavailable(info.format);
      const std::string text = std::string(info.title) + "  –  " + std::string(info.about);
      ImGui::BeginDisabled(!reason.empty());
      if (ImGui::Selectable(text.c_str(), info.format == video.format)) {
        video.format = info.format;
        if (video.fps.per_second() > info.most_fps) video.fps = info.most_fps;
        video.transparent = video.transparent && info.alpha;
        rename_for(viewer);
      }
      ImGui::EndDisabled();
      ui.record_item("format: " + std::string(info.name));
      if (!reason.empty()) ui.tooltip(reason.c_str());
    }
    ImGui::EndCombo();
  } else {
    ui.record_item("format");
  }
  label(ui, video.format == VideoFormat::Gif ? "Colours" : "Quality");
  if (video.format == VideoFormat::Gif)
    draw_choice(ui, "dither", "How the 256 colours are mixed", &video.dither, kDithers, -1);
  else
    draw_choice(ui, "quality", "Size of the file against quality", &video.quality, kQualities, -1);
}

void ExportDialog::draw_picture(Ui& ui, Viewer& viewer) {
  ExportSettings& video = viewer.settings.video;
  const float gap = ImGui::GetStyle().ItemSpacing.x;
  label(ui, "Picture");
  const float room = ImGui::GetContentRegionAvail().x;
  const bool grid = video.layout == Layout::Grid;
  const float number = ui.px(64);
  draw_choice(ui, "layout", "What stands in it", &video.layout, kLayouts,
              grid ? room - 2 * (number + gap) : room);
  if (grid) {
    ImGui::SameLine();
    ui.number("columns", "Columns", &video.columns, {1, 1, 16}, "%d ×", number);
    ImGui::SameLine();
    ui.number("rows", "Rows", &video.rows, {1, 1, 16}, "%d", number);
  }
  label(ui, "Size");
  ui.number("video size", "Width; the height follows", &video.size, {1, kLeastSize, kMostSize},
            "%d pixels wide", (room - gap) / 2);
  ImGui::SameLine();
  draw_rate(ui, video, (room - gap) / 2);
  label(ui, "Caption");
  ui.checkbox("##captioned", "A line of text below the picture", &captioned_);
  ImGui::SameLine();
  ImGui::BeginDisabled(!captioned_);
  ImGui::SetNextItemWidth(-1);
  ImGui::InputText("##caption", caption_.data(), caption_.size());
  ui.control("caption", Focus::Kind::Field);
  ImGui::EndDisabled();
  video.caption = captioned_ ? caption_.data() : "";
  if (!info_of(video.format).alpha) return;
  label(ui, "");
  ui.checkbox("Transparent", "Nothing behind the faces and the caption", &video.transparent);
}

void ExportDialog::draw_time(Ui& ui, Viewer& viewer) {
  ExportSettings& video = viewer.settings.video;
  const float gap = ImGui::GetStyle().ItemSpacing.x;
  label(ui, "Time");
  const float room = ImGui::GetContentRegionAvail().x;
  ui.number("loops", "How often to go through it", &video.loops, {1, 1, 1000},
            video.loops == 1 ? "once" : "%d times", (room - gap) / 2);
  if (std::isinf(viewer.editor.duration())) {
    auto seconds = static_cast<float>(video.seconds);
    ImGui::SameLine();
    ui.number("drift seconds", "A drift never ends: how much of it", &seconds, {0.1, 0.1, 3600},
              "%.1f s long", (room - gap) / 2);
    video.seconds = std::max(0.1, static_cast<double>(seconds));
  } else if (viewer.editor.region) {
    ImGui::SameLine();
    ui.checkbox("Marked part", "Only what is marked on the time line", &part_);
  }
  video.range.reset();
  if (part_ && viewer.editor.region)
    video.range = {viewer.editor.region->from, viewer.editor.region->to};
}

/// Players go by the ending.
fs::path ExportDialog::with_ending(const fs::path& name, VideoFormat format) {
  return video_format_of(name) == format
             ? name
             : fs::path(name.string() + std::string(info_of(format).extension));
}

void ExportDialog::draw_path(Ui& ui, const Viewer& viewer) {
  label(ui, "File");
  const VideoFormat format = viewer.settings.video.format;
  name_.draw(ui, "video path", "Where to write it", [format](const fs::path& name) {
    return format == VideoFormat::PngFolder ? name / frame_name(0) : with_ending(name, format);
  });
}

void ExportDialog::draw_summary(Ui& ui, Viewer& viewer) {
  ExportSettings& video = viewer.settings.video;
  std::string problem;
  std::string summary;
  try {
    const FramePlan plan(viewer.editor.state, video);
    const EngineInfo& engine = viewer.model.engine_info();
    const FrameShape shape =
        shape_of_frame(video, plan.columns(), plan.rows(), engine.width, engine.height);
    std::array<char, 128> text{};
    std::snprintf(text.data(), text.size(), "%zu frames, %.1f s, %d × %d pixels", plan.count(),
                  plan.seconds(), shape.width, shape.height);
    summary = text.data();
  } catch (const Error& error) {
    problem = error.what();
  }
  if (name_.empty()) problem = "Give the file a name.";
  if (viewer.recorder.exporting()) problem = "Another video is being written.";
  if (name_.taken()) summary += ". Something of that name is there already.";
  const std::string ending(info_of(video.format).extension);
  if (with_ending(name_.path(), video.format) != name_.path())
    summary += ". " + ending + " is added to the name.";
  if (name_.needs_folder() && video.format != VideoFormat::PngFolder)
    summary += ". Its folder is not there yet; it will be made.";
  if (name_.waiting()) summary += ". Looking whether that name is free …";
  ImGui::Dummy({0, ui.px(2)});
  ui.paragraph((problem.empty() ? summary : problem).c_str());
  ImGui::Dummy({0, ui.px(4)});
  draw_buttons(ui, viewer, problem.empty());
}

void ExportDialog::draw_buttons(Ui& ui, Viewer& viewer, bool possible) {
  ExportSettings& video = viewer.settings.video;
  const float width = ui.px(110);
  const bool resumable = name_.taken() && video.format == VideoFormat::PngFolder;
  align_buttons(resumable ? 3 : 2, width);
  if (ui.button("Cancel", "Write nothing", width)) end();
  ImGui::SameLine();
  ImGui::BeginDisabled(!possible);
  bool resume = false;
  if (resumable) {
    resume = ui.button("Resume", "Go on with an export of the same that was cut short", width);
    ImGui::SameLine();
  }
  const bool start = ui.button(name_.taken() ? "Replace" : "Export",
                               "Write the video in the background", width, true);
  ImGui::EndDisabled();
  if (!possible || !(name_.confirm(start) || resume)) return;
  video.replace = start && name_.taken();
  video.resume = resume;
  viewer.export_video(with_ending(name_.path(), video.format));
  end();
}

void ExportDialog::draw(Ui& ui, const ActionContext& context) {
  Viewer& viewer = context.viewer;
  draw_format(ui, viewer);
  draw_picture(ui, viewer);
  draw_time(ui, viewer);
  draw_path(ui, viewer);
  draw_summary(ui, viewer);
}

}  // namespace facemorph
