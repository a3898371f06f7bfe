#include "runs/drawn_face.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

namespace facemorph {
namespace {

double difference(const Image& a, const Image& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.rgba.size(); ++i)
    sum += std::abs(a.rgba[i] - b.rgba[i]);
  return sum / static_cast<double>(a.rgba.size());
}

/// Mean difference in a part of the picture, in shares of its size.
double difference_within(const Image& a, const Image& b, double left, double top, double right,
                         double bottom) {
  double sum = 0;
  double count = 0;
  for (int y = static_cast<int>(top * a.height); y < bottom * a.height; ++y)
    for (int x = static_cast<int>(left * a.width); x < right * a.width; ++x, ++count)
      for (std::size_t c = 0; c < 3; ++c) {
        const auto i = 4 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(a.width) +
                            static_cast<std::size_t>(x)) +
                       c;
        sum += std::abs(a.rgba[i] - b.rgba[i]);
      }
  return sum / count;
}

TEST(DrawnFace, ASeedIsOneFaceForEver) {
  EXPECT_EQ(draw_face(drawn_face(5), 64), draw_face(drawn_face(5), 64));
  EXPECT_NE(draw_face(drawn_face(5), 64), draw_face(drawn_face(6), 64));
  // Numbers of std::mt19937_64, which the standard fixes.
  EXPECT_NEAR(drawn_face(0).skin, 0.15979, 1e-5);
}

TEST(DrawnFace, LabelsNameEveryNumberInOrder) {
  DrawnFace face;
  face.smile = 0.5;
  const auto labels = face_labels(face);
  EXPECT_EQ(labels.front().first, "skin");
  EXPECT_EQ(labels.back().first, "shirt");
  EXPECT_EQ(labels.size(), sizeof(DrawnFace) / sizeof(double));
  for (const auto& [name, value] : labels)
    EXPECT_EQ(value, name == "smile" ? 0.5 : 0.0) << name;
}

TEST(DrawnFace, EveryLabelShows) {
  const DrawnFace plain = [] {
    DrawnFace face;
    face.hair_length = 0.5;
    face.eyes_open = 0.5;
    face.background_light = 0.5;
    return face;
  }();
  const Image before = draw_face(plain, 64);
  DrawnFace changed = plain;
  const auto expect_change = [&](const char* name, double& value, double to) {
    const double old = value;
    value = to;
    EXPECT_GT(difference(before, draw_face(changed, 64)), 0.2) << name;
    value = old;
  };
  expect_change("skin", changed.skin, 1);
  expect_change("hair", changed.hair, 1);
  expect_change("hair_length", changed.hair_length, 1);
  expect_change("bald", changed.bald, 1);
  expect_change("face_width", changed.face_width, 1);
  expect_change("turn", changed.turn, 1);
  expect_change("smile", changed.smile, 1);
  expect_change("mouth_open", changed.mouth_open, 1);
  expect_change("brows", changed.brows, 1);
  expect_change("eyes_open", changed.eyes_open, 1);
  expect_change("eye_colour", changed.eye_colour, 1);
  expect_change("glasses", changed.glasses, 1);
  expect_change("beard", changed.beard, 1);
  expect_change("light", changed.light, 1);
  expect_change("background", changed.background, 0.5);
  expect_change("background_light", changed.background_light, 1);
  expect_change("shirt", changed.shirt, 0.5);
}

TEST(DrawnFace, ASmileChangesTheMouthAndNotTheBackground) {
  DrawnFace face;
  face.background_light = 0.5;
  const Image neutral = draw_face(face, 128);
  face.smile = 1;
  const Image smiling = draw_face(face, 128);
  EXPECT_GT(difference_within(neutral, smiling, 0.35, 0.6, 0.65, 0.8), 20);
  EXPECT_EQ(difference_within(neutral, smiling, 0.0, 0.0, 0.15, 1.0), 0);
}

TEST(DrawnFace, LargeAndSmallAreTheSamePicture) {
  const DrawnFace face = drawn_face(3);
  const Image small = draw_face(face, 64);
  const Image shrunk = resize(draw_face(face, 512), 64, 64, Filter::Bilinear);
  EXPECT_LT(difference(small, shrunk), 3);  // antialiased: only edges differ, and little
}

}  // namespace
}  // namespace facemorph
