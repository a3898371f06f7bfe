#include "app/panels/timeline_view.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace facemorph {
namespace {

constexpr double kMostZoom = 200;
constexpr double kMinorMarks = 5;  ///< between two labelled ones

}  // namespace

void TimelineView::place(float left, float right, double total) {
  left_ = left;
  right_ = std::max(right, left + 1);
  // While a key is held the scale stays, or it would run away from under the hand.
  if (!grip || total_ <= 0) total_ = total;
  keep_inside();
}

void TimelineView::keep_inside() {
  zoom_ = std::clamp(zoom_, 1.0, kMostZoom);
  span_ = total_ / zoom_;
  first_ = std::clamp(first_, 0.0, total_ - span_);
}

float TimelineView::pixels_per_second() const {
  return (right_ - left_) / static_cast<float>(span_);
}

float TimelineView::x_of(double seconds) const {
  return left_ + static_cast<float>((seconds - first_) * static_cast<double>(pixels_per_second()));
}

double TimelineView::seconds_at(float x) const {
  return first_ + static_cast<double>((x - left_) / pixels_per_second());
}

void TimelineView::zoom(double factor, double around) {
  const double share = (around - first_) / span_;
  zoom_ = std::clamp(zoom_ * factor, 1.0, kMostZoom);
  span_ = total_ / zoom_;
  first_ = around - share * span_;
  keep_inside();
}

void TimelineView::pan(double seconds) {
  first_ += seconds;
  keep_inside();
}

void TimelineView::show_all() {
  zoom_ = 1;
  keep_inside();
}

double TimelineView::mark_step(float pixels) const {
  const double least = static_cast<double>(pixels / pixels_per_second());
  const double decade = std::pow(10.0, std::floor(std::log10(std::max(least, 1e-3))));
  for (const double part : {1.0, 2.0, 5.0, 10.0})
    if (decade * part >= least) return decade * part;
  return decade * 10;
}

double TimelineView::snapped(const MorphEditor& editor, double seconds, float reach,
                             float mark_pixels) const {
  const double step = mark_step(mark_pixels) / kMinorMarks;
  double best = std::round(seconds / step) * step;
  const auto attract = [&](double moment) {
    if (std::abs(moment - seconds) < std::abs(best - seconds)) best = moment;
  };
  attract(editor.state.playhead);
  for (std::size_t i = 0; i < editor.state.keys.size(); ++i)
    if (!grip || grip->key != MorphEditor::KeyRef{std::nullopt, i})
      attract(editor.state.keys[i].time.at);
  for (std::size_t track = 0; track < editor.state.tracks.size(); ++track) {
    const std::vector<TrackKey>& keys = editor.state.tracks[track].keys;
    for (std::size_t i = 0; i < keys.size(); ++i)
      if (!grip || grip->key != MorphEditor::KeyRef{track, i}) attract(keys[i].time.at);
  }
  const double distance = std::abs(best - seconds) * static_cast<double>(pixels_per_second());
  return distance <= static_cast<double>(reach) ? best : seconds;
}

}  // namespace facemorph
