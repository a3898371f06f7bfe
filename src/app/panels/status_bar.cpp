#include "app/panels/panels.hpp"

#include <cstdio>
#include <string>

namespace facemorph {
namespace {

std::string format(const char* pattern, double value) {
  char text[64];
  std::snprintf(text, sizeof text, pattern, value);
  return text;
}

/// Nothing until there are frames enough to tell.
std::string slowest_text(const WindowState& window) {
  return window.slow_milliseconds > 0 ? format(" (99 %% below %.1f)", window.slow_milliseconds)
                                      : std::string();
}

void draw_item(Ui& ui, const std::string& text, const char* tip, bool last = false) {
  ui.dim_text(text.c_str());
  ui.tooltip(tip);
  if (last) return;
  ImGui::SameLine(0, ui.px(12));
  ImGui::PushStyleColor(ImGuiCol_Text, palette::kLine);
  ImGui::TextUnformatted("|");
  ImGui::PopStyleColor();
  ImGui::SameLine(0, ui.px(12));
}

}  // namespace

void draw_status_bar(Ui& ui, const OpenModel& model, const Stage& stage, const WindowState& window,
                     const Rect& area) {
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {ui.px(12), ui.px(6)});
  const PanelScope panel("Status", area,
                         ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
  ImGui::PopStyleVar();
  const FontScope font(ui.fonts.small);
  draw_item(
      ui,
      window.frames_per_second > 0
          ? format("%.0f fps", window.frames_per_second) +
                format(", %.1f ms a frame", window.frame_milliseconds) + slowest_text(window)
          : std::string("idle"),
      "How often the window is drawn, and how long that takes without the graphics card's part; "
      "also what 99 of 100 frames stay below. Nothing is drawn while nothing changes. View › Save "
      "frame times writes them to a file.");
  if (!model.get()) {
    draw_item(ui, model.loading() ? "loading the model …" : "no model",
              "Open one from the File menu", true);
    return;
  }
  const EngineStats stats = stage.stats();
  draw_item(ui, format("%.1f ms a face", stats.milliseconds_per_call),
            "Time the network takes for the face on the stage");
  draw_item(ui, format("%.0f faces/s", stats.faces_per_second),
            "Faces generated in the last second, stage and gallery");
  draw_item(ui, model.engine_info().device_text, "Where the network runs");
  const GeneratorArch& arch = model.get()->arch;
  const std::string size = std::to_string(arch.image_size);
  draw_item(
      ui, model.get()->name + "  ·  " + size + " × " + size + "  ·  nz " + std::to_string(arch.nz),
      "The open model: details are in the Model tab", true);
  if (!model.loading()) return;
  ImGui::SameLine(0, ui.px(12));
  ImGui::TextUnformatted("loading …");
}

}  // namespace facemorph
