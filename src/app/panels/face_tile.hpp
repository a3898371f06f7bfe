#pragma once

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

/// Faces as clickable pictures, in every panel, and the one that a hand drags between them.
class FaceTiles {
 public:
  FaceTiles(Ui& ui, MorphEditor& editor, Thumbnails& thumbnails)
      : ui_(ui), editor_(editor), thumbnails_(thumbnails) {}

  void begin_frame() { pointed_.reset(); }
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
  /// The face under the pointer, in any panel.
  const std::optional<Face>& pointed() const { return pointed_; }

 private:
  Ui& ui_;
  MorphEditor& editor_;
  Thumbnails& thumbnails_;
  Face dragged_;
  std::optional<Face> pointed_;
};

}  // namespace facemorph
