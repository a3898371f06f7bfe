#pragma once

#include "app/actions.hpp"
#include "app/panels/stage_view.hpp"
#include "app/panels/timeline_view.hpp"
#include "app/train/train_view.hpp"
#include "app/window_state.hpp"
#include "ui/ui.hpp"
#include "viewer/viewer.hpp"

#include <filesystem>
#include <string>

// One function per panel, each in a file of its own: it draws the viewer into its area and calls
// the viewer for what a person does there. Panels keep nothing but what is only about looks.

namespace facemorph {

/// What the side panel's tabs need besides the viewer.
struct SideParts {
  WindowState& window;
  TrainView& train;
  Dialogs& dialogs;
};

void draw_menu_bar(Ui& ui, const ActionContext& context);
void draw_stage(Ui& ui, Viewer& viewer, StageView& stage, const Rect& area);
void draw_gallery(Ui& ui, Viewer& viewer, MeantFaces& meant, const Rect& area);
/// A tab each; those are drawn while a model is open.
void draw_side_panel(Ui& ui, Viewer& viewer, const SideParts& parts, const Rect& area);
void draw_latent_tab(Ui& ui, Viewer& viewer);
void draw_directions_tab(Ui& ui, Viewer& viewer);
void draw_pad_tab(Ui& ui, Viewer& viewer, MeantFaces& meant);
void draw_sum_tab(Ui& ui, Viewer& viewer, MeantFaces& meant);
void draw_model_tab(Ui& ui, Viewer& viewer);
void draw_train_tab(Ui& ui, Viewer& viewer, const SideParts& parts);
void draw_assumptions(Ui& ui, Viewer& viewer);  ///< a part of the model tab
/// The walk: its time line and how it moves.
void draw_walk(Ui& ui, Viewer& viewer, MeantFaces& meant, TimelineView& timeline, const Rect& area);
float walk_height(const Ui& ui, const Viewer& viewer);
void draw_timeline(Ui& ui, Viewer& viewer, MeantFaces& meant, TimelineView& view, const Rect& area);
float timeline_height(const Ui& ui, const Viewer& viewer);
/// A diamond that sets a key of a track at the playhead, or takes it away.
void draw_key_button(Ui& ui, Viewer& viewer, const std::string& name, const Track& target);
void draw_status_bar(Ui& ui, Viewer& viewer, const WindowState& window, const Rect& area);
void draw_notices(Ui& ui, Viewer& viewer, const Rect& stage_area);
/// What is being exported or recorded, over the stage.
void draw_recording(Ui& ui, Viewer& viewer, const Rect& stage_area);

/// A panel: a window without decoration in a fixed place.
class PanelScope {
 public:
  PanelScope(const char* name, const Rect& area, ImGuiWindowFlags flags = 0);
  ~PanelScope();
  PanelScope(const PanelScope&) = delete;
  PanelScope& operator=(const PanelScope&) = delete;
};

}  // namespace facemorph
