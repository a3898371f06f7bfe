#pragma once

#include "app/window_state.hpp"
#include "ui/ui.hpp"
#include "viewer/morph_editor.hpp"
#include "viewer/thumbnails.hpp"

#include <memory>
#include <optional>

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

/// Faces as clickable pictures, in every panel, which a hand can drag between them.
class FaceTiles {
 public:
  /// Notes in `meant` which face a person means; somebody else clears it before every frame.
  FaceTiles(Ui& ui, MorphEditor& editor, Thumbnails& thumbnails, MeantFaces& meant)
      : ui_(ui), editor_(editor), thumbnails_(thumbnails), meant_(meant) {}

  /// Draws at the cursor; its small buttons appear under the pointer. `name` is the control's name
  /// in Ui::widgets().
  TileAction draw(const char* name, const Face& face, const TileStyle& style);
  /// Does what the action says, except RemoveFromWalk.
  void apply(const Face& face, TileAction action);
  /// Makes the item drawn last a handle to drag this face by.
  void offer(const Face& face);
  /// The face that was dropped on the item drawn last, if one was.
  std::optional<Face> dropped();
  /// The small picture of a latent; null until there is one.
  const ImageTexture* picture(const Latent& latent) {
    return ui_.textures.of(thumbnails_.get(latent));
  }

 private:
  Ui& ui_;
  MorphEditor& editor_;
  Thumbnails& thumbnails_;
  MeantFaces& meant_;
};

}  // namespace facemorph
