#pragma once

#include "app/actions.hpp"
#include "app/panels/face_tile.hpp"
#include "app/panels/stage_view.hpp"
#include "app/panels/timeline_view.hpp"
#include "app/train/train_view.hpp"
#include "app/window_state.hpp"
#include "ui/ui.hpp"
#include "viewer/viewer.hpp"

#include <filesystem>
#include <optional>
#include <string>

// One function per panel, each in a file of its own: it draws the viewer into its area and calls
// the viewer for what a person does there. Panels keep nothing but what is only about looks.

namespace facemorph {

void draw_menu_bar(Ui& ui, const ActionContext& context);
void draw_stage(Ui& ui, Viewer& viewer, StageView& stage, FaceTiles& tiles, const Rect& area);
void draw_gallery(Ui& ui, Viewer& viewer, FaceTiles& tiles, const Rect& area);
/// A tab each; those are drawn while a model is open.
void draw_side_panel(Ui& ui, const ActionContext& context, TrainView& train, FaceTiles& tiles,
                     const Rect& area);
void draw_latent_tab(Ui& ui, MorphEditor& editor);
void draw_directions_tab(Ui& ui, MorphEditor& editor, OpenModel& model);
void draw_pad_tab(Ui& ui, MorphEditor& editor, FaceTiles& tiles);
void draw_sum_tab(Ui& ui, MorphEditor& editor, FaceTiles& tiles);
void draw_model_tab(Ui& ui, OpenModel& model, Filter& filter);
void draw_train_tab(Ui& ui, const ActionContext& context, TrainView& view);
void draw_assumptions(Ui& ui, OpenModel& model);  ///< a part of the model tab
/// The walk: its time line and how it moves.
void draw_walk(Ui& ui, Viewer& viewer, TimelineView& timeline, FaceTiles& tiles, const Rect& area);
float walk_height(const Ui& ui, const MorphEditor& editor);
void draw_timeline(Ui& ui, MorphEditor& editor, TimelineView& view, FaceTiles& tiles,
                   const Rect& area);
float timeline_height(const Ui& ui, const MorphEditor& editor);
/// A diamond that sets a key of a track at the playhead, or takes it away.
void draw_key_button(Ui& ui, MorphEditor& editor, const std::string& name,
                     const TrackTarget& target);
void draw_status_bar(Ui& ui, const OpenModel& model, const Stage& stage, const WindowState& window,
                     const Rect& area);
void draw_notices(Ui& ui, Notices& notices, OpenModel& model, const Rect& stage_area);
/// What is being exported or recorded, over the stage.
void draw_recording(Ui& ui, Recorder& recorder, const Rect& stage_area);

/// A panel: a window without decoration in a fixed place.
class PanelScope {
 public:
  PanelScope(const char* name, const Rect& area, ImGuiWindowFlags flags = 0);
  ~PanelScope();
  PanelScope(const PanelScope&) = delete;
  PanelScope& operator=(const PanelScope&) = delete;
};

}  // namespace facemorph
