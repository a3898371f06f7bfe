#include "base/error.hpp"
#include "pictures/image.hpp"
#include "pictures/test_images.hpp"

#include <gtest/gtest.h>

namespace facemorph {
namespace {

TEST(ContactSheet, LaysFacesOutInRows) {
  const std::vector<Image> faces = {solid(4, 3, 1, 0, 0), solid(4, 3, 2, 0, 0),
                                    solid(4, 3, 3, 0, 0)};
  const Image sheet = contact_sheet(faces, 2, 1, 0x0A0B0C);
  ASSERT_EQ(sheet.width, 1 + 4 + 1 + 4 + 1);
  ASSERT_EQ(sheet.height, 1 + 3 + 1 + 3 + 1);
  const std::vector<std::string> map = {
      "...........", ".1111.2222.", ".1111.2222.", ".1111.2222.", "...........",
      ".3333......", ".3333......", ".3333......", "...........",
  };
  for (int y = 0; y < sheet.height; ++y)
    for (int x = 0; x < sheet.width; ++x) {
      const char what = map[static_cast<std::size_t>(y)][static_cast<std::size_t>(x)];
      ASSERT_EQ(value_at(sheet, x, y, 0), what == '.' ? 0x0A : what - '0') << x << ", " << y;
      ASSERT_EQ(value_at(sheet, x, y, 2), what == '.' ? 0x0C : 0);
      ASSERT_EQ(value_at(sheet, x, y, 3), 255);
    }
}

TEST(ContactSheet, WithoutGapsIsTheFaces) {
  const Image face = noise(5, 5);
  EXPECT_EQ(contact_sheet(std::vector{face}, 1, 0), face);
}

TEST(ContactSheet, IsAsWideAsAskedFor) {
  const Image sheet = contact_sheet(std::vector{noise(5, 5)}, 3, 0);
  EXPECT_EQ(sheet.width, 15);
  EXPECT_EQ(sheet.height, 5);
}

TEST(ContactSheet, RefusesAbsurdSizes) {
  EXPECT_THROW(contact_sheet(std::vector{noise(5, 5)}, 20'000, 0), Error);
}

}  // namespace
}  // namespace facemorph
