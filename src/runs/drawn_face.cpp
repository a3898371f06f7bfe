#include "runs/drawn_face.hpp"

#include "runs/painting.hpp"

#include <random>
#include <span>

namespace facemorph {
namespace {

constexpr Colour kWhite{0.97, 0.96, 0.94};
constexpr Colour kDark{0.10, 0.07, 0.06};
constexpr double kEverywhere = -1;  // a distance that is inside

/// A colour from a row of them, t from 0 to 1.
Colour along(std::span<const Colour> row, double t) {
  const double place = std::clamp(t, 0.0, 1.0) * static_cast<double>(row.size() - 1);
  const auto i = std::min(static_cast<std::size_t>(place), row.size() - 2);
  return mix(row[i], row[i + 1], place - static_cast<double>(i));
}

Colour skin_colour(double t) {
  static constexpr std::array<Colour, 4> kRow = {
      {{0.98, 0.86, 0.77}, {0.90, 0.72, 0.57}, {0.71, 0.50, 0.36}, {0.43, 0.28, 0.20}}};
  return along(kRow, t);
}
Colour hair_colour(double t) {
  static constexpr std::array<Colour, 5> kRow = {{{0.08, 0.06, 0.06},
                                                  {0.30, 0.18, 0.10},
                                                  {0.58, 0.28, 0.13},
                                                  {0.87, 0.72, 0.44},
                                                  {0.72, 0.72, 0.73}}};
  return along(kRow, t);
}
Colour iris_colour(double t) {
  static constexpr std::array<Colour, 3> kRow = {
      {{0.33, 0.20, 0.10}, {0.32, 0.45, 0.25}, {0.27, 0.48, 0.70}}};
  return along(kRow, t);
}
/// A soft colour of a hue from 0 to 1 (a cosine palette).
Colour hue_colour(double hue, double value, double saturation) {
  const auto channel = [&](double shift) {
    return value * (1 - saturation * (0.5 - 0.5 * std::cos(2 * M_PI * (hue + shift))));
  };
  return {channel(0), channel(1.0 / 3), channel(2.0 / 3)};
}

/// The parts of one face, back to front. Lengths are in halves of the picture's width.
class Painter {
 public:
  Painter(const DrawnFace& face, int size)
      : face_(face),
        painting_(size),
        skin_(skin_colour(face.skin)),
        hair_(hair_colour(face.hair)),
        centre_{0.05 * face.turn, -0.03},
        radii_{0.50 + 0.06 * face.face_width, 0.66} {}

  Image paint() {
    paint_background();
    if (face_.bald == 0) paint_back_hair();
    paint_shoulders();
    paint_ears();
    paint_head();
    if (face_.beard > 0) paint_beard();
    paint_nose();
    for (const double side : {-1.0, 1.0})
      paint_eye(side);
    paint_mouth();
    if (face_.bald == 0) paint_front_hair();
    if (face_.glasses > 0) paint_glasses();
    return painting_.image();
  }

 private:
  /// A place on the face: turning moves what stands out, and squeezes the far side.
  Point on_face(double x, double y, double depth = 1) const {
    const double squeeze = 1 - 0.16 * face_.turn * x / 0.25 * 0.5;
    return {centre_.x + x * squeeze * (radii_.x / 0.5) + 0.13 * depth * face_.turn, centre_.y + y};
  }

  double head(Point p) const {
    // An ellipse whose lower half is a narrower one: cheeks and a chin.
    const double down = std::max(0.0, (p.y - centre_.y) / radii_.y);
    return ellipse(p, centre_, {radii_.x * (1 - 0.16 * down * down), radii_.y});
  }

  Colour lit(Colour colour, Point p) const {
    const double across = (p.x - centre_.x) / radii_.x;
    const double up = (centre_.y - p.y) / radii_.y;
    return colour * (0.93 + 0.20 * face_.light * across + 0.07 * up - 0.07 * across * across);
  }

  void paint_background() {
    const Colour colour = hue_colour(face_.background, 0.35 + 0.55 * face_.background_light, 0.45);
    painting_.fill(
        [](Point) { return kEverywhere; },
        [&](Point p) { return colour * (1.04 - 0.14 * (p.y + 1) / 2 + 0.10 * face_.light * p.x); });
  }

  void paint_back_hair() {
    const double bottom = -0.25 + 1.25 * face_.hair_length;
    const Point radii{radii_.x + 0.13 + 0.06 * face_.hair_length, (bottom + 0.86) / 2 + 0.1};
    const Point centre{centre_.x, -0.86 + radii.y + 0.02};
    painting_.fill([&](Point p) { return ellipse(p, centre, radii); },
                   [&](Point p) { return lit(hair_, p) * 0.72; });
  }

  void paint_shoulders() {
    const Colour shirt = hue_colour(face_.shirt, 0.75, 0.55);
    painting_.fill(
        [&](Point p) {
          return capsule(p, {0, 0.5}, {0, 0.9}, 0.24);
        },
        [&](Point p) { return lit(skin_, p) * (0.72 - 0.15 * std::max(0.0, 0.75 - p.y)); });
    painting_.fill(
        [&](Point p) {
          return std::max(ellipse(p, {0, 1.35}, {1.05, 0.60}),
                          -ellipse(p, {0, 0.74}, {0.25, 0.17}));
        },
        [&](Point p) { return shirt * (0.95 + 0.15 * face_.light * p.x); });
  }

  void paint_ears() {
    for (const double side : {-1.0, 1.0}) {
      const Point ear{centre_.x + side * (radii_.x - 0.005) - 0.05 * face_.turn, centre_.y + 0.04};
      painting_.fill(
          [&](Point p) {
            return ellipse(p, ear, {0.075, 0.14});
          },
          [&](Point p) { return lit(skin_, p) * 0.93; });
      painting_.fill(
          [&](Point p) {
            return ellipse(p, ear, {0.035, 0.085});
          },
          skin_ * 0.72, 0.03, 0.6);
    }
  }

  void paint_head() {
    painting_.fill([&](Point p) { return head(p); }, [&](Point p) { return lit(skin_, p); });
    for (const double side : {-1.0, 1.0}) {
      const Point cheek = on_face(side * 0.27, 0.20);
      painting_.fill(
          [&](Point p) {
            return ellipse(p, cheek, {0.10, 0.08});
          },
          mix(skin_, {0.92, 0.38, 0.32}, 0.5), 0.16, 0.28 + 0.1 * face_.smile);
    }
  }

  void paint_beard() {
    painting_.fill(
        [&](Point p) {
          const double jaw = 0.16 + 0.5 * std::abs(p.x - centre_.x) * -0.35;
          return std::max(head(p) + 0.005, jaw - (p.y - centre_.y));
        },
        [&](Point p) { return lit(hair_, p) * 0.85; }, 0.06, 0.85);
  }

  void paint_nose() {
    const Point tip = on_face(0, 0.16, 1.35);
    const Point bridge = on_face(0, -0.12, 1.05);
    const double shade = face_.light >= 0 ? -1 : 1;  // falls away from the light
    painting_.fill(
        [&](Point p) {
          return capsule(p, {bridge.x + shade * 0.03, bridge.y}, {tip.x + shade * 0.045, tip.y},
                         0.03);
        },
        skin_ * 0.80, 0.07, 0.75);
    painting_.fill(
        [&](Point p) {
          return ellipse(p, {tip.x, tip.y + 0.035}, {0.085, 0.03});
        },
        skin_ * 0.70, 0.05, 0.7);
    painting_.fill(
        [&](Point p) {
          return ellipse(p, tip, {0.03, 0.035});
        },
        mix(skin_, kWhite, 0.5), 0.06, 0.6);
  }

  void paint_eye(double side) {
    const Point eye = on_face(side * 0.225, -0.09);
    const Point radii{0.115, 0.035 + 0.04 * face_.eyes_open - 0.008 * std::max(0.0, face_.smile)};
    const auto lids = [&](Point p) { return ellipse(p, eye, radii); };
    const Point pupil{eye.x + 0.02 * face_.turn, eye.y};
    painting_.fill(
        [&](Point p) {
          return ellipse(p, {eye.x, eye.y - 0.01}, {0.145, radii.y + 0.04});
        },
        skin_ * 0.82, 0.05, 0.6);
    painting_.fill(lids, kWhite);
    const auto within = [&](double radius) {
      return [&, radius](Point p) {
        return std::max(std::hypot(p.x - pupil.x, p.y - pupil.y) - radius, lids(p));
      };
    };
    painting_.fill(within(0.060), iris_colour(face_.eye_colour));
    painting_.fill(within(0.028), kDark);
    painting_.fill(
        [&](Point p) {
          return std::hypot(p.x - pupil.x - 0.02 * face_.light - 0.012, p.y - pupil.y + 0.02) -
                 0.014;
        },
        kWhite);
    painting_.fill([&](Point p) { return std::max(std::abs(lids(p)) - 0.010, p.y - eye.y); },
                   kDark);
    paint_brow(side);
  }

  void paint_brow(double side) {
    const double inner = -0.235 - 0.05 * face_.brows + 0.02 * std::max(0.0, -face_.brows);
    const Point a = on_face(side * 0.12, inner + 0.035 * std::max(0.0, -face_.brows));
    const Point b = on_face(side * 0.24, inner - 0.035);
    const Point c = on_face(side * 0.34, inner + 0.015);
    const Colour colour = face_.bald > 0 ? hair_ * 0.8 : hair_ * 0.75;
    painting_.fill(
        [&](Point p) { return std::min(capsule(p, a, b, 0.022), capsule(p, b, c, 0.016)); },
        colour);
  }

  void paint_mouth() {
    const Point centre = on_face(0, 0.36, 1.1);
    const double half = 0.19 + 0.05 * face_.smile;
    const double bend = (face_.smile > 0 ? 0.10 : 0.06) * face_.smile;  // corners up when positive
    const double gap = 0.015 + (0.055 * face_.mouth_open) + 0.02 * std::max(0.0, face_.smile);
    // Around the curve y = bend * (0.6 - 1.2 t^2), t from -1 to 1 across the mouth.
    const auto lips = [&](Point p, double thickness) {
      const double t = std::clamp((p.x - centre.x) / half, -1.0, 1.0);
      const double middle = centre.y + bend * (0.6 - t * t * 1.2);
      const double taper = std::sqrt(std::max(0.0, 1 - t * t));
      const double outside = std::max(0.0, std::abs(p.x - centre.x) - half);
      return std::hypot(outside, std::max(0.0, std::abs(p.y - middle) - thickness * taper)) -
             (std::abs(p.y - middle) < thickness * taper && outside == 0
                  ? thickness * taper - std::abs(p.y - middle)
                  : 0.0);
    };
    painting_.fill([&](Point p) { return lips(p, gap + 0.035); },
                   mix(skin_, {0.74, 0.26, 0.27}, 0.55));
    painting_.fill([&](Point p) { return lips(p, gap); }, Colour{0.32, 0.08, 0.09});
    if (gap < 0.03 || face_.smile < 0) return;  // no teeth
    painting_.fill(
        [&](Point p) {
          return std::max(
              lips(p, gap - 0.004),
              p.y - (centre.y + bend * (0.6 - 1.2 * std::pow((p.x - centre.x) / half, 2)) +
                     gap * 0.1));
        },
        kWhite);
  }

  void paint_front_hair() {
    const double parting = centre_.x + 0.12 * face_.turn - 0.15;
    painting_.fill(
        [&](Point p) {
          const double cap =
              ellipse(p, {centre_.x, centre_.y - 0.02}, {radii_.x + 0.06, radii_.y + 0.09});
          const double fringe = centre_.y - 0.36 + 0.55 * std::pow(std::abs(p.x - parting), 1.7);
          return std::max(cap, p.y - std::min(fringe, centre_.y + 0.0));
        },
        [&](Point p) {
          const double shine = std::exp(-40 * std::pow(p.y + 0.60 + 0.10 * p.x * face_.light, 2));
          return mix(lit(hair_, p), kWhite, 0.14 * shine);
        });
  }

  void paint_glasses() {
    const Colour frame = kDark * 1.4;
    const Point left = on_face(-0.225, -0.08);
    const Point right = on_face(0.225, -0.08);
    for (const Point& eye : {left, right}) {
      const auto rim = [&](Point p) { return ellipse(p, eye, {0.165, 0.135}); };
      painting_.fill(rim, kWhite, 0, 0.10);
      painting_.fill([&](Point p) { return std::abs(rim(p)) - 0.014; }, frame);
    }
    painting_.fill(
        [&](Point p) {
          return capsule(p, {left.x + 0.165, left.y - 0.02}, {right.x - 0.165, right.y - 0.02},
                         0.012);
        },
        frame);
    painting_.fill(
        [&](Point p) {
          const double temples = std::min(
              capsule(p, {left.x - 0.165, left.y - 0.02}, {left.x - 0.40, left.y - 0.03}, 0.012),
              capsule(p, {right.x + 0.165, right.y - 0.02}, {right.x + 0.40, right.y - 0.03},
                      0.012));
          return std::max(temples, head(p));
        },
        frame);
  }

  const DrawnFace& face_;
  Painting painting_;
  Colour skin_;
  Colour hair_;
  Point centre_;
  Point radii_;
};

template <typename Face, typename Visit>
void for_each_label(Face& face, Visit visit) {
  visit("skin", face.skin, 0.0, 1.0);
  visit("hair", face.hair, 0.0, 1.0);
  visit("hair_length", face.hair_length, 0.0, 1.0);
  visit("bald", face.bald, 0.0, 0.12);
  visit("face_width", face.face_width, -1.0, 1.0);
  visit("turn", face.turn, -1.0, 1.0);
  visit("smile", face.smile, -1.0, 1.0);
  visit("mouth_open", face.mouth_open, 0.0, 1.0);
  visit("brows", face.brows, -1.0, 1.0);
  visit("eyes_open", face.eyes_open, 0.0, 1.0);
  visit("eye_colour", face.eye_colour, 0.0, 1.0);
  visit("glasses", face.glasses, 0.0, 0.3);
  visit("beard", face.beard, 0.0, 0.2);
  visit("light", face.light, -1.0, 1.0);
  visit("background", face.background, 0.0, 1.0);
  visit("background_light", face.background_light, 0.0, 1.0);
  visit("shirt", face.shirt, 0.0, 1.0);
}

/// Things that a face has or has not; their upper limit is how many have them.
bool is_yes_or_no(std::string_view name) {
  return name == "bald" || name == "glasses" || name == "beard";
}

}  // namespace

DrawnFace drawn_face(std::uint64_t seed) {
  std::mt19937_64 engine(seed);
  // Not std::uniform_real_distribution, which may differ between libraries.
  const auto uniform = [&] { return static_cast<double>(engine() >> 11U) * 0x1.0p-53; };
  DrawnFace face;
  for_each_label(face, [&](const char* name, double& value, double low, double high) {
    const double u = uniform();
    value = is_yes_or_no(name) ? (u < high ? 1.0 : 0.0) : low + u * (high - low);
  });
  return face;
}

Image draw_face(const DrawnFace& face, int size) {
  return Painter(face, size).paint();
}

std::vector<std::pair<std::string, double>> face_labels(const DrawnFace& face) {
  std::vector<std::pair<std::string, double>> labels;
  for_each_label(face, [&](const char* name, double value, double, double) {
    labels.emplace_back(name, value);
  });
  return labels;
}

}  // namespace facemorph
