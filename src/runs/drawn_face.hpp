#pragma once

#include "pictures/image.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace facemorph {

/// What a drawn face looks like. Every number is uniform over its range in drawn_face().
struct DrawnFace {
  double skin = 0;              ///< 0 pale to 1 dark
  double hair = 0;              ///< 0 black, brown, red, blond to 1 grey
  double hair_length = 0;       ///< 0 cropped to 1 below the shoulders
  double bald = 0;              ///< 0 or 1
  double face_width = 0;        ///< -1 narrow to 1 wide
  double turn = 0;              ///< -1 to the picture's left to 1 to its right
  double smile = 0;             ///< -1 frown to 1 broad smile
  double mouth_open = 0;        ///< 0 to 1
  double brows = 0;             ///< -1 lowered to 1 raised
  double eyes_open = 0;         ///< 0 narrow to 1 wide
  double eye_colour = 0;        ///< 0 brown, green to 1 blue
  double glasses = 0;           ///< 0 or 1
  double beard = 0;             ///< 0 or 1
  double light = 0;             ///< -1 from the left to 1 from the right
  double background = 0;        ///< hue, 0 to 1
  double background_light = 0;  ///< 0 dark to 1 bright
  double shirt = 0;             ///< hue, 0 to 1
};

/// The face of a seed: the same one on every machine.
DrawnFace drawn_face(std::uint64_t seed);

/// Draws it, antialiased. Requires size >= 1.
Image draw_face(const DrawnFace& face, int size);

/// Names and values of everything about a face, in the order of the struct: the columns of
/// labels.csv.
std::vector<std::pair<std::string, double>> face_labels(const DrawnFace& face);

}  // namespace facemorph
