#pragma once

#include "pictures/image.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace facemorph {

struct Point {
  double x = 0;
  double y = 0;
};
inline Point operator-(Point a, Point b) {
  return {a.x - b.x, a.y - b.y};
}

struct Colour {
  double r = 0;  ///< 0 to 1, as on screen
  double g = 0;
  double b = 0;
};
inline Colour operator*(Colour c, double k) {
  return {c.r * k, c.g * k, c.b * k};
}
inline Colour mix(Colour a, Colour b, double t) {
  return {a.r + (b.r - a.r) * t, a.g + (b.g - a.g) * t, a.b + (b.b - a.b) * t};
}

/// Signed distances, negative inside (Quilez, "2D distance functions"); the ellipse's is an
/// estimate that is exact on its edge.
inline double ellipse(Point p, Point centre, Point radii) {
  const Point q = p - centre;
  const double k = std::hypot(q.x / radii.x, q.y / radii.y);
  const double slope = std::hypot(q.x / (radii.x * radii.x), q.y / (radii.y * radii.y));
  return slope == 0 ? -std::min(radii.x, radii.y) : k * (k - 1) / slope;
}
inline double capsule(Point p, Point a, Point b, double radius) {
  const Point pa = p - a;
  const Point ba = b - a;
  const double along =
      std::clamp((pa.x * ba.x + pa.y * ba.y) / (ba.x * ba.x + ba.y * ba.y), 0.0, 1.0);
  return std::hypot(pa.x - along * ba.x, pa.y - along * ba.y) - radius;
}

/// A square picture over [-1, 1] x [-1, 1], y downwards, painted shape over shape.
class Painting {
 public:
  explicit Painting(int size)
      : size_(size), pixels_(static_cast<std::size_t>(size) * static_cast<std::size_t>(size)) {}

  /// Paints `colour(p)` where `distance(p)` is below 0, with an edge `softness` wide (at least a
  /// pixel), `opacity` over what is there.
  template <typename Distance, typename Paint>
  void fill(Distance distance, Paint colour, double softness = 0, double opacity = 1) {
    const double edge = std::max(2.0 / size_, softness);
    for (int y = 0; y < size_; ++y)
      for (int x = 0; x < size_; ++x) {
        const Point p{(2 * x + 1.0) / size_ - 1, (2 * y + 1.0) / size_ - 1};
        const double cover = opacity * std::clamp(0.5 - distance(p) / edge, 0.0, 1.0);
        if (cover > 0) pixel(x, y) = mix(pixel(x, y), colour(p), cover);
      }
  }
  template <typename Distance>
  void fill(Distance distance, Colour colour, double softness = 0, double opacity = 1) {
    fill(
        distance, [&](Point) { return colour; }, softness, opacity);
  }

  Image image() const {
    Image image{size_, size_, {}};
    const auto byte = [](double v) {
      return static_cast<std::uint8_t>(std::lround(std::clamp(v, 0.0, 1.0) * 255));
    };
    for (const Colour& c : pixels_)
      image.rgba.insert(image.rgba.end(), {byte(c.r), byte(c.g), byte(c.b), 255});
    return image;
  }

 private:
  Colour& pixel(int x, int y) {
    return pixels_[static_cast<std::size_t>(y) * static_cast<std::size_t>(size_) +
                   static_cast<std::size_t>(x)];
  }

  int size_;
  std::vector<Colour> pixels_;
};

}  // namespace facemorph
