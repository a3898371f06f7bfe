#include "gui/viewer_window.hpp"

#include <vector>

// Favourites.

namespace facemorph {
namespace {

TEST_F(ViewerWindow, FavouritesAreKeptAcrossRuns) {
  {
    GuiDriver gui(options());
    gui.rest();
    const Rect tile = gui.rect("gallery face 9");
    gui.click_at({tile.max.x - 10, tile.min.y + 10});  // the star in its corner
    EXPECT_TRUE(gui.has("favourite 0"));
  }
  GuiDriver gui(options());
  gui.rest();
  ASSERT_TRUE(gui.has("favourite 0"));
  gui.click("favourite 0");
  EXPECT_EQ(gui.viewer().editor.state.face.seed, 9U);
}

TEST_F(ViewerWindow, FavouritesBelongToUndoAndHaveNames) {
  GuiDriver gui(options());
  gui.rest();
  const auto kept = [&]() -> std::vector<Face>& { return gui.viewer().editor.favourites; };
  for (const char* face : {"gallery face 5", "gallery face 6"}) {
    gui.click(face);
    gui.key(SDLK_f);
  }
  ASSERT_EQ(kept().size(), 2U);
  gui.key(SDLK_f);
  ASSERT_EQ(kept().size(), 1U);
  gui.key(SDLK_z, KMOD_CTRL);
  ASSERT_EQ(kept().size(), 2U);

  gui.click("face name");
  gui.type("Ada");
  gui.key(SDLK_RETURN);
  EXPECT_EQ(kept()[1].name, "Ada") << "named after it was kept";

  gui.click("favourite 0", SDL_BUTTON_RIGHT);
  gui.type("Bea");
  EXPECT_EQ(kept()[0].name, "Bea");
  gui.click("Move on by one");
  EXPECT_EQ(kept()[1].name, "Bea");
  gui.key(SDLK_z, KMOD_CTRL);
  EXPECT_EQ(kept()[0].name, "Bea");
}

TEST_F(ViewerWindow, FavouritesOfAnotherModelAreNotForgotten) {
  GuiDriver gui(options());
  gui.rest();
  gui.click("gallery face 5");
  gui.key(SDLK_f);
  gui.drop(fixture("tiny-32.pth"));
  gui.until([&] { return gui.viewer().model.get()->name == "tiny-32"; }, "the other model");
  gui.until_settled();
  EXPECT_FALSE(gui.has("favourite 0"));
  gui.click("other favourites 0");
  gui.until([&] { return gui.viewer().model.bundled(); }, "the first model");
  gui.until_settled();
  EXPECT_TRUE(gui.has("favourite 0"));
}

}  // namespace
}  // namespace facemorph
