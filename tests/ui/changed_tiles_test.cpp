#include "ui/changed_tiles.hpp"

#include "support/headless_imgui.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <functional>

namespace facemorph {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// What an ImGui without a window draws, 256 x 128 pixels.
class Tiles : public ::testing::Test {
 protected:
  ImDrawData& draw(const std::function<void(ImDrawList&)>& what) {
    ImGui::NewFrame();
    what(*ImGui::GetForegroundDrawList());
    ImGui::Render();
    return *ImGui::GetDrawData();
  }
  std::vector<PixelRect> changes(const std::function<void(ImDrawList&)>& what) {
    return tiles_.update(draw(what));
  }

  HeadlessImgui imgui_{{256, 128}};
  ChangedTiles tiles_;
};

void square(ImDrawList& list, float x, float y, ImU32 colour = IM_COL32_WHITE) {
  list.AddRectFilled({x, y}, {x + 10, y + 10}, colour);
}

TEST_F(Tiles, TheFirstFrameIsDrawnWhole) {
  EXPECT_THAT(changes([](ImDrawList& list) { square(list, 3, 3); }),
              ElementsAre(PixelRect{0, 0, 256, 128}));
}

TEST_F(Tiles, WhatStaysIsNotDrawnAgain) {
  const auto scene = [](ImDrawList& list) { square(list, 3, 3); };
  changes(scene);
  EXPECT_THAT(changes(scene), IsEmpty());
  tiles_.forget();
  EXPECT_THAT(changes(scene), ElementsAre(PixelRect{0, 0, 256, 128}));
}

TEST_F(Tiles, WhatMovesIsDrawnWhereItWasAndWhereItIs) {
  changes([](ImDrawList& list) { square(list, 3, 3); });
  EXPECT_THAT(changes([](ImDrawList& list) { square(list, 203, 100); }),
              ElementsAre(PixelRect{0, 0, 32, 32}, PixelRect{192, 96, 224, 128}));
}

TEST_F(Tiles, TilesBesideEachOtherAreOneRectangle) {
  changes([](ImDrawList& list) { square(list, 3, 3); });
  EXPECT_THAT(changes([](ImDrawList& list) {
                square(list, 3, 3);
                list.AddRectFilled({40, 40}, {90, 90}, IM_COL32_WHITE);
              }),
              ElementsAre(PixelRect{32, 32, 96, 96}));
}

TEST_F(Tiles, ColourOrderAndContentOfATextureCount) {
  const auto two = [](ImU32 first, ImU32 second) {
    return [=](ImDrawList& list) {
      square(list, 3, 3, first);
      square(list, 5, 5, second);
    };
  };
  changes(two(IM_COL32_WHITE, IM_COL32_BLACK));
  EXPECT_THAT(changes(two(IM_COL32_BLACK, IM_COL32_WHITE)), ElementsAre(PixelRect{0, 0, 32, 32}));
  const auto picture = [](std::uint32_t content) {
    return [=](ImDrawList& list) {
      list.AddImage(compat::texture_id({7, content}), {64, 0}, {96, 32});
    };
  };
  changes(picture(1));
  EXPECT_THAT(changes(picture(1)), IsEmpty());
  EXPECT_THAT(changes(picture(2)), ::testing::Contains(PixelRect{64, 0, 128, 64}));
}

/// The way ImGui's OpenGL back end turns a clip rectangle into a scissor.
PixelRect scissor(const ImVec4& clip, const ImDrawData& data) {
  const ImVec2 low{(clip.x - data.DisplayPos.x) * data.FramebufferScale.x,
                   (clip.y - data.DisplayPos.y) * data.FramebufferScale.y};
  const ImVec2 high{(clip.z - data.DisplayPos.x) * data.FramebufferScale.x,
                    (clip.w - data.DisplayPos.y) * data.FramebufferScale.y};
  const int height = frame_size(data).height;
  const int bottom = height - static_cast<int>(static_cast<float>(height) - high.y);
  const int left = static_cast<int>(low.x);
  return {left, bottom - static_cast<int>(high.y - low.y), left + static_cast<int>(high.x - low.x),
          bottom};
}

TEST_F(Tiles, ScatteredChangesAreOneRectangleAround) {
  changes([](ImDrawList&) {});
  EXPECT_THAT(changes([](ImDrawList& list) {
                for (int row = 0; row < 4; ++row)
                  for (int column = row % 2; column < 8; column += 2)
                    square(list, static_cast<float>(32 * column + 3),
                           static_cast<float>(32 * row + 3));
              }).size(),
              16U);
  ImGui::GetIO().DisplaySize = {2048, 128};
  changes([](ImDrawList&) {});
  EXPECT_THAT(changes([](ImDrawList& list) {
                for (int column = 0; column < 128; column += 2)
                  square(list, static_cast<float>(16 * column + 3), 35);
              }),
              ElementsAre(PixelRect{0, 32, 2048, 64}));
}

TEST_F(Tiles, AWindowWithoutPixelsHasNothingToDraw) {
  ImDrawData none = draw([](ImDrawList& list) { square(list, 3, 3); });
  none.DisplaySize = {0, 0};
  EXPECT_THAT(tiles_.update(none), IsEmpty());
}

TEST_F(Tiles, CommandsAreCutToRectanglesAsTheWholeWouldBeDrawn) {
  for (const float scale : {1.0F, 1.25F, 1.5F, 2.0F})
    for (const float place : {0.0F, 37.0F}) {
      SCOPED_TRACE(scale);
      ImDrawData& data = draw([](ImDrawList& list) {
        list.PushClipRect({50.6F, 40.7F}, {250.3F, 90.2F});
        list.AddRectFilled({0, 0}, {256, 128}, IM_COL32_WHITE);
        list.PopClipRect();
      });
      data.FramebufferScale = {scale, scale};
      data.DisplayPos = {place, place / 37};
      const PixelRect whole = scissor(data.CmdLists[0]->CmdBuffer[0].ClipRect, data);
      clip_to(data, {{0, 0, 64, 64}, {64, 0, 512, 256}, {0, 64, 64, 256}});
      std::vector<PixelRect> parts;
      for (const ImDrawCmd& command : data.CmdLists[0]->CmdBuffer)
        parts.push_back(scissor(command.ClipRect, data));
      std::vector<PixelRect> expected;
      for (const PixelRect& cut :
           {PixelRect{whole.left, whole.top, std::min(64, whole.right), std::min(64, whole.bottom)},
            PixelRect{std::max(64, whole.left), whole.top, whole.right, whole.bottom},
            PixelRect{whole.left, std::max(64, whole.top), std::min(64, whole.right),
                      whole.bottom}})
        if (cut.left < cut.right && cut.top < cut.bottom) expected.push_back(cut);
      EXPECT_EQ(parts, expected);
    }
}

}  // namespace
}  // namespace facemorph
