#pragma once

#include "viewer/morph_editor.hpp"

#include <optional>

namespace facemorph {

/// Which part of the walk the time line shows, and the key that a hand holds there: what is only
/// about looks.
class TimelineView {
 public:
  /// Where it is drawn: moments lie between two places, in pixels.
  void place(float left, float right, double total);
  float x_of(double seconds) const;
  double seconds_at(float x) const;
  double first() const { return first_; }
  double last() const { return first_ + span_; }
  float pixels_per_second() const;

  /// Enlarges by a factor around a moment that stays where it is.
  void zoom(double factor, double around);
  void pan(double seconds);
  void show_all();
  bool zoomed() const { return zoom_ > 1; }

  /// Seconds between two labelled marks of the ruler, so that they are at least `pixels` apart.
  double mark_step(float pixels) const;
  /// The nearest mark, key or playhead within `reach` pixels of a moment, else the moment itself.
  /// What is held attracts nothing to itself.
  double snapped(const MorphEditor& editor, double seconds, float reach, float mark_pixels) const;

  /// A key under a hand.
  struct Grip {
    MorphEditor::KeyRef key;
    double offset = 0;    ///< from the hand to the key
    double origin = 0;    ///< where the key was
    float pressed_x = 0;  ///< where the hand went down
    bool moved = false;   ///< a drag and not a click
  };
  std::optional<Grip> grip;
  std::optional<double> region_start;  ///< of a region that is being drawn

 private:
  void keep_inside();

  float left_ = 0;
  float right_ = 1;
  double total_ = 1;
  double zoom_ = 1;
  double first_ = 0;
  double span_ = 1;
};

}  // namespace facemorph
