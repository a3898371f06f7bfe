#pragma once

#include "app/window_state.hpp"
#include "ui/ui.hpp"
#include "viewer/viewer.hpp"

namespace facemorph {

enum class TileAction { None, Show, ToggleFavourite, AddToWalk, RemoveFromWalk };

struct TileStyle {
  float size = 64.0F;              ///< pixels
  bool current = false;            ///< this face is on the stage
  bool removable = false;          ///< offers "remove" instead of "favourite" and "add to walk"
  const char* caption = nullptr;   ///< small text in the lower left corner
  const char* show_tip = nullptr;  ///< what a click shows, if its title does not say it
  bool draggable = true;           ///< to other panels
  const char* remove_tip = "Take this face out of the walk";
};

/// A face as a clickable picture; its small buttons appear under the pointer. Draws at the cursor.
/// `name` is the control's name in Ui::widgets().
TileAction draw_face_tile(Ui& ui, Viewer& viewer, MeantFaces& meant, const char* name,
                          const Face& face, const TileStyle& style);

/// Makes the item drawn last a handle to drag this face by.
void offer_face(Ui& ui, Viewer& viewer, const Face& face);

/// The face that was dropped on the item drawn last, if one was.
std::optional<Face> dropped_face();

/// What every panel does with a tile's action, except RemoveFromWalk.
void apply_tile_action(Viewer& viewer, const Face& face, TileAction action);

}  // namespace facemorph
