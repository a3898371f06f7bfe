#include "videos/frame_rate.hpp"

#include <gtest/gtest.h>

namespace facemorph {
namespace {

TEST(FrameRate, IsReadAsPeopleWriteIt) {
  EXPECT_EQ(parse_frame_rate("60"), FrameRate(60));
  EXPECT_EQ(parse_frame_rate("29.97"), FrameRate(30000, 1001));
  EXPECT_EQ(parse_frame_rate("23.976"), FrameRate(24000, 1001));
  EXPECT_EQ(parse_frame_rate("23.98"), FrameRate(24000, 1001));
  EXPECT_EQ(parse_frame_rate("59.94"), FrameRate(60000, 1001));
  EXPECT_EQ(parse_frame_rate("30000/1001"), FrameRate(30000, 1001));
  EXPECT_EQ(parse_frame_rate("12.5"), FrameRate(25, 2));
  EXPECT_EQ(parse_frame_rate("50/2"), FrameRate(25));
}

TEST(FrameRate, NothingElseIsOne) {
  for (const char* text : {"", "0", "-5", "241", "0.5", "nan", "inf", "rose", "30fps", "30/0", "/",
                           "30/", "-30/-1", "1e9", "99999999999/3", "1/2", "3 0"})
    EXPECT_EQ(parse_frame_rate(text), std::nullopt) << text;
}

TEST(FrameRate, ItsTextIsReadBack) {
  for (const FrameRate rate : {FrameRate(60), FrameRate(30000, 1001), FrameRate(25, 2)})
    EXPECT_EQ(parse_frame_rate(rate.text()), rate);
  EXPECT_EQ(FrameRate(30).text(), "30");
}

}  // namespace
}  // namespace facemorph
