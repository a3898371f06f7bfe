#include "app/panels/panels.hpp"

#include <array>
#include <cstdio>
#include <string>

namespace facemorph {
namespace {

void draw_fact(Ui& ui, const char* name, const std::string& value) {
  ui.dim_text(name);
  ImGui::SameLine(ui.px(96));
  ImGui::PushTextWrapPos(0.0F);
  ImGui::TextUnformatted(value.c_str());
  ImGui::PopTextWrapPos();
}

std::string in_millions(std::int64_t count) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f million", static_cast<double>(count) / 1e6);
  return text;
}

void draw_facts(Ui& ui, const OpenModel& open) {
  const Model& model = *open.get();
  {
    const FontScope font(ui.fonts.title);
    ImGui::TextUnformatted(model.name.c_str());
  }
  draw_fact(ui, "Pictures",
            std::to_string(model.arch.image_size) + " × " + std::to_string(model.arch.image_size) +
                (model.arch.nc == 1 ? ", grey" : ", colour"));
  draw_fact(ui, "Latent", std::to_string(model.arch.nz) + " dimensions");
  if (model.network) draw_fact(ui, "Network", network_text(*model.network));
  draw_fact(ui, "Weights", in_millions(model.parameters));
  draw_fact(ui, "File", std::string(container_name(model.container)));
  draw_fact(ui, "Folder",
            open.bundled() ? "comes with Facemorph" : model.path.parent_path().string());
}

void draw_state_dict_choice(Ui& ui, OpenModel& model) {
  const auto& network = model.get()->network;
  if (!network || network->other_choices.empty()) return;
  ui.dim_text("Weights taken from");
  const auto shown = [](const std::string& path) {
    return path.empty() ? std::string("(top level)") : path;
  };
  if (ui.begin_combo("##state dict", "This file holds several generators: choose which one to show",
                     shown(network->state_dict_path).c_str(), -1)) {
    for (const std::string& path : network->other_choices)
      if (ImGui::Selectable(shown(path).c_str()))
        model.open({std::filesystem::path(model.get()->path), path, {}, false});
    ImGui::EndCombo();
  }
}

void draw_health(Ui& ui, OpenModel& open) {
  const Model& model = *open.get();
  if (!model.network) return;
  ui.heading("Batch norm");
  if (model.recalibrated) {
    ui.paragraph("Re-estimated from random latents, for this window only. The file is unchanged.");
    return;
  }
  if (open.health()) ui.paragraph(open.health()->text.c_str());
  if (ui.button("Recalibrate batch norm",
                "Re-estimates the running means and variances from random latents. It mends "
                "checkpoints that "
                "look broken because they were only ever sampled in training mode.",
                -1, open.wants_recalibration()))
    open.recalibrate();
}

void draw_device(Ui& ui, OpenModel& model) {
  ui.heading("Device");
  ui.paragraph((model.engine_info().device_text + ", " + model.engine_info().backend).c_str());
  if (model.cuda_present() &&
      ui.begin_combo("##device", "Where the network runs",
                     std::string(device_name(model.device())).c_str(), -1)) {
    for (const Device device : {Device::Cpu, Device::Cuda})
      if (ImGui::Selectable(std::string(device_name(device)).c_str(), device == model.device()))
        model.choose_device(device);
    ImGui::EndCombo();
  }
}

void draw_filter(Ui& ui, Filter& filter) {
  static constexpr std::array<const char*, 4> kNames = {"Nearest: the network's own pixels",
                                                        "Bilinear: soft", "Catmull-Rom: crisp",
                                                        "Lanczos 3: sharpest"};
  ui.heading("Enlarging");
  const auto current = static_cast<std::size_t>(filter);
  if (ui.begin_combo("##filter", "How the small picture is drawn large", kNames[current], -1)) {
    for (std::size_t i = 0; i < kNames.size(); ++i) {
      if (ImGui::Selectable(kNames[i], i == current)) filter = static_cast<Filter>(i);
      ui.record_item(std::string("filter ") + std::to_string(i));
    }
    ImGui::EndCombo();
  } else {
    ui.record_item("filter");
  }
}

}  // namespace

void draw_model_tab(Ui& ui, OpenModel& model, Filter& filter) {
  ImGui::BeginChild("model");
  const float gap = ui.px(8);
  draw_facts(ui, model);
  draw_state_dict_choice(ui, model);
  for (const std::string& note : model.get()->notes)
    ui.paragraph(note.c_str());
  ImGui::Dummy({0, gap});
  draw_assumptions(ui, model);
  ImGui::Dummy({0, gap});
  draw_health(ui, model);
  ImGui::Dummy({0, gap});
  draw_filter(ui, filter);
  ImGui::Dummy({0, gap});
  draw_device(ui, model);
  ImGui::EndChild();
}

}  // namespace facemorph
