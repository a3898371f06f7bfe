#include "ui/icons.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace facemorph {
namespace {

/// Places points given in units of half the icon's size.
struct Pen {
  ImDrawList& list;
  ImVec2 centre;
  float half;
  ImU32 colour;
  float stroke;

  ImVec2 at(float x, float y) const { return {centre.x + x * half, centre.y + y * half}; }
  void line(float x0, float y0, float x1, float y1) const {
    list.AddLine(at(x0, y0), at(x1, y1), colour, stroke);
  }
};

void star(const Pen& pen, bool filled) {
  std::array<ImVec2, 10> points;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const float angle = std::numbers::pi_v<float> * (static_cast<float>(i) / 5.0F - 0.5F);
    const float radius = i % 2 == 0 ? 0.95F : 0.42F;
    points[i] = pen.at(radius * std::cos(angle), radius * std::sin(angle));
  }
  const auto count = static_cast<int>(points.size());
  if (filled) {
    // Concave: a fan of triangles around the centre.
    for (std::size_t i = 0; i < points.size(); ++i)
      pen.list.AddTriangleFilled(pen.centre, points[i], points[(i + 1) % points.size()],
                                 pen.colour);
  }
  pen.list.AddPolyline(points.data(), count, pen.colour, ImDrawFlags_Closed, pen.stroke);
}

void dice(const Pen& pen) {
  pen.list.AddRect(pen.at(-0.8F, -0.8F), pen.at(0.8F, 0.8F), pen.colour, pen.half * 0.35F, 0,
                   pen.stroke);
  const float dot = std::max(1.0F, pen.half * 0.15F);
  for (const auto& [x, y] :
       {std::pair{-0.38F, -0.38F}, {0.38F, 0.38F}, {0.0F, 0.0F}, {-0.38F, 0.38F}, {0.38F, -0.38F}})
    pen.list.AddCircleFilled(pen.at(x, y), dot, pen.colour);
}

void padlock(const Pen& pen, bool locked) {
  pen.list.AddRectFilled(pen.at(-0.62F, -0.08F), pen.at(0.62F, 0.8F), pen.colour, pen.half * 0.18F);
  const float pi = std::numbers::pi_v<float>;
  const ImVec2 hinge = locked ? pen.at(0.0F, -0.18F) : pen.at(0.42F, -0.28F);
  pen.list.PathArcTo(hinge, pen.half * 0.4F, pi, 2 * pi);
  pen.list.PathStroke(pen.colour, 0, pen.stroke);
  const float x = locked ? -0.4F : 0.02F;
  pen.line(x, locked ? -0.18F : -0.28F, x, 0.0F);
  if (locked) pen.line(0.4F, -0.18F, 0.4F, 0.0F);
}

void circled(const Pen& pen, bool warning) {
  pen.list.AddCircle(pen.centre, pen.half * 0.9F, pen.colour, 0, pen.stroke);
  const float dot = std::max(1.0F, pen.half * 0.13F);
  pen.list.AddCircleFilled(pen.at(0, warning ? 0.45F : -0.42F), dot, pen.colour);
  pen.line(0, warning ? -0.5F : -0.1F, 0, warning ? 0.12F : 0.5F);
}

}  // namespace

void draw_icon(ImDrawList& list, Icon icon, ImVec2 centre, float size, ImU32 colour) {
  const Pen pen{list, centre, size * 0.5F, colour, std::max(1.2F, size / 11.0F)};
  switch (icon) {
    case Icon::Play:
      list.AddTriangleFilled(pen.at(-0.55F, -0.8F), pen.at(0.85F, 0), pen.at(-0.55F, 0.8F), colour);
      break;
    case Icon::Pause:
      list.AddRectFilled(pen.at(-0.65F, -0.75F), pen.at(-0.15F, 0.75F), colour, pen.half * 0.12F);
      list.AddRectFilled(pen.at(0.15F, -0.75F), pen.at(0.65F, 0.75F), colour, pen.half * 0.12F);
      break;
    case Icon::Star:
      star(pen, false);
      break;
    case Icon::StarFilled:
      star(pen, true);
      break;
    case Icon::Plus:
      pen.line(-0.75F, 0, 0.75F, 0);
      pen.line(0, -0.75F, 0, 0.75F);
      break;
    case Icon::Cross:
      pen.line(-0.6F, -0.6F, 0.6F, 0.6F);
      pen.line(-0.6F, 0.6F, 0.6F, -0.6F);
      break;
    case Icon::Dice:
      dice(pen);
      break;
    case Icon::Locked:
      padlock(pen, true);
      break;
    case Icon::Unlocked:
      padlock(pen, false);
      break;
    case Icon::Left:
      pen.line(0.3F, -0.65F, -0.35F, 0);
      pen.line(-0.35F, 0, 0.3F, 0.65F);
      break;
    case Icon::Right:
      pen.line(-0.3F, -0.65F, 0.35F, 0);
      pen.line(0.35F, 0, -0.3F, 0.65F);
      break;
    case Icon::Info:
      circled(pen, false);
      break;
    case Icon::Warning:
      circled(pen, true);
      break;
    case Icon::Key:
      list.AddQuad(pen.at(0, -0.8F), pen.at(0.8F, 0), pen.at(0, 0.8F), pen.at(-0.8F, 0), colour,
                   pen.stroke);
      break;
    case Icon::KeySet:
      list.AddQuadFilled(pen.at(0, -0.8F), pen.at(0.8F, 0), pen.at(0, 0.8F), pen.at(-0.8F, 0),
                         colour);
      break;
  }
}

}  // namespace facemorph
