#pragma once

#include "app/ui.hpp"
#include "app/viewer.hpp"

namespace facemorph {

enum class TileAction { None, Show, ToggleFavourite, AddToWalk, RemoveFromWalk };

struct TileStyle {
  float size = 64.0F;             ///< pixels
  bool current = false;           ///< this face is on the stage
  bool removable = false;         ///< offers "remove" instead of "favourite" and "add to walk"
  const char* caption = nullptr;  ///< small text in the lower left corner
};

/// A face as a clickable picture; its small buttons appear under the pointer. Draws at the cursor.
/// `name` is the control's name in Ui::widgets().
TileAction draw_face_tile(Ui& ui, Viewer& viewer, const char* name, const Face& face,
                          const TileStyle& style);

/// What every panel does with a tile's action, except RemoveFromWalk.
void apply_tile_action(Viewer& viewer, const Face& face, TileAction action);

}  // namespace facemorph
