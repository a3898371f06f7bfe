#include "app/changed_tiles.hpp"

#include <gmock/gmock.h>

#include <functional>

namespace facemorph {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// What an ImGui without a window draws, 256 x 128 pixels.
class Tiles : public ::testing::Test {
 protected:
  Tiles() {
    ImGui::CreateContext();
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.DisplaySize = {256, 128};
    io.DeltaTime = 1.0F / 60;
    io.Fonts->AddFontDefault();
    io.Fonts->Build();
  }
  ~Tiles() override { ImGui::DestroyContext(); }

  ImDrawData& draw(const std::function<void(ImDrawList&)>& what) {
    ImGui::NewFrame();
    what(*ImGui::GetForegroundDrawList());
    ImGui::Render();
    return *ImGui::GetDrawData();
  }
  std::vector<PixelRect> changes(const std::function<void(ImDrawList&)>& what) {
    return tiles_.update(draw(what));
  }

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
PixelRect scissor(const ImVec4& clip) {
  const int height = 128;
  const int bottom = height - static_cast<int>(height - clip.w);
  return {static_cast<int>(clip.x), bottom - static_cast<int>(clip.w - clip.y),
          static_cast<int>(clip.x) + static_cast<int>(clip.z - clip.x), bottom};
}

TEST_F(Tiles, CommandsAreCutToRectanglesAsTheWholeWouldBeDrawn) {
  ImDrawData& data = draw([](ImDrawList& list) {
    list.PushClipRect({10.6F, 20.7F}, {250.3F, 90.2F});
    list.AddRectFilled({0, 0}, {256, 128}, IM_COL32_WHITE);
    list.PopClipRect();
  });
  const PixelRect whole = scissor(data.CmdLists[0]->CmdBuffer[0].ClipRect);
  clip_to(data, {{0, 0, 64, 64}, {64, 0, 256, 128}, {0, 64, 64, 128}});
  std::vector<PixelRect> parts;
  for (const ImDrawCmd& command : data.CmdLists[0]->CmdBuffer)
    parts.push_back(scissor(command.ClipRect));
  EXPECT_THAT(parts, ElementsAre(PixelRect{whole.left, whole.top, 64, 64},
                                 PixelRect{64, whole.top, whole.right, whole.bottom},
                                 PixelRect{whole.left, 64, 64, whole.bottom}));
}

}  // namespace
}  // namespace facemorph
