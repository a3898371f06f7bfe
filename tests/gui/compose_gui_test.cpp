#include "gui/viewer_window.hpp"

#include <algorithm>

// Composing: sums, directions, the pad, undo.

namespace facemorph {
namespace {

TEST_F(ViewerWindow, FacesAreDraggedIntoASumWhichMakesASlider) {
  GuiDriver gui(options());
  gui.rest();
  gui.click("tab sum");
  gui.drag_to("gallery face 3", "bin A");
  gui.drag_to("gallery face 1", "bin B");
  gui.drag_to("gallery face 10", "bin C");
  gui.until_settled();
  const auto& terms = gui.viewer().editor.state.sum.terms;
  ASSERT_EQ(terms[0].faces.size(), 1U);
  ASSERT_EQ(terms[1].faces.size(), 1U);
  ASSERT_EQ(terms[2].faces.size(), 1U);
  EXPECT_EQ(terms[1].faces[0].seed, 1U);
  gui.click("sum result");
  gui.until_settled();
  const Latent sum = gui.viewer().editor.state.face.latent;
  const Latent woman = seed_latent(3, 100);
  const Latent man = seed_latent(1, 100);
  const Latent other = seed_latent(10, 100);
  const float scale =
      10.0F / norm(result_of({gui.viewer().editor.state.sum.terms, SumLength::Raw, 0}));
  for (std::size_t i = 0; i < 100; ++i)
    ASSERT_NEAR(sum[i], scale * (woman[i] - man[i] + other[i]), 1e-4F);
  const Image seen = gui.stage_picture();
  EXPECT_THAT(middle_difference(seen, expected_picture(gui, sum, seen)), Lt(kVisible));

  gui.click("Slider: boundary");
  gui.click("Slider: A − B");
  ASSERT_EQ(gui.viewer().editor.state.directions.size(), 2U);
  const auto& made = gui.viewer().editor.state.directions;
  EXPECT_GT(place_along(made[0].vector, made[1].vector), 0.9F) << "of two faces they are the same";
  gui.click("tab directions");
  gui.drag("direction 0", -60);
  gui.until_settled();
  EXPECT_THAT(difference(seen, gui.stage_picture()), Gt(kVisible));
  gui.click("name of direction 0");
  gui.key(SDLK_a, KMOD_CTRL);
  gui.type("hair");
  gui.click("tab latent");
  EXPECT_EQ(gui.viewer().editor.state.directions.at(0).name, "hair");
}

TEST_F(ViewerWindow, ThePadBlendsTheFacesInItsCorners) {
  GuiDriver gui(options());
  gui.rest();
  gui.click("tab pad");
  gui.drag_to("gallery face 4", "corner 1");
  EXPECT_EQ(gui.viewer().editor.state.pad.corners[1].seed, 4U);
  gui.until_settled();
  const Rect pad = gui.rect("pad");
  gui.click_at({pad.min.x + pad.width() * 0.25F, pad.min.y + pad.height() * 0.75F});
  gui.until_settled();
  const MorphPad& state = gui.viewer().editor.state.pad;
  EXPECT_NEAR(state.x, 0.25F, 0.01F);
  EXPECT_NEAR(state.y, 0.75F, 0.01F);
  EXPECT_EQ(gui.viewer().editor.state.face.latent, blended(state, state.x, state.y));
  const Image seen = gui.stage_picture();
  EXPECT_THAT(
      middle_difference(seen, expected_picture(gui, gui.viewer().editor.state.face.latent, seen)),
      Lt(kVisible));
  gui.drag("pad", 80);
  gui.until_settled();
  EXPECT_THAT(difference(seen, gui.stage_picture()), Gt(kVisible));
}

TEST_F(ViewerWindow, FacesAreDraggedBetweenAllPanels) {
  GuiDriver gui(options());
  gui.rest();
  gui.drag_to("gallery face 4", "stage picture");
  EXPECT_EQ(gui.viewer().editor.state.face.seed, 4U);
  gui.until_settled();
  gui.drag_to("stage picture", "walk faces");
  const auto walks_through = [&](std::uint64_t seed) {
    return std::ranges::any_of(gui.viewer().editor.state.keys,
                               [&](const Keyframe& key) { return key.face.seed == seed; });
  };
  EXPECT_TRUE(walks_through(4));
  gui.drag_to("gallery face 6", "favourites");
  EXPECT_TRUE(gui.viewer().editor.is_favourite(seed_face(6, 100)));
  gui.drag_to("favourite 0", "walk faces");
  EXPECT_TRUE(walks_through(6));
}

TEST_F(ViewerWindow, EveryEditCanBeUndoneAndDoneAgain) {
  GuiDriver gui(options());
  gui.rest();
  gui.click("gallery face 5");
  gui.until_settled();
  const MorphState before = gui.viewer().editor.state;
  const Image picture = gui.stage_picture();
  gui.drag("z3", 40);
  EXPECT_EQ(gui.viewer().editor.history().title(gui.viewer().editor.history().at()), "Dimension 3")
      << "a drag is one step";
  gui.click("gallery face 7");
  gui.key(SDLK_a);
  gui.key(SDLK_l);
  gui.click("tab sum");
  gui.drag_to("gallery face 2", "bin B");
  gui.until_settled();
  const MorphState after = gui.viewer().editor.state;
  for (int i = 0; i < 5; ++i)
    gui.key(SDLK_z, KMOD_CTRL);
  gui.until_settled();
  EXPECT_EQ(gui.viewer().editor.state, before);
  EXPECT_THAT(difference(picture, gui.stage_picture()), Lt(0.01));
  for (int i = 0; i < 5; ++i)
    gui.key(SDLK_z, static_cast<SDL_Keymod>(KMOD_CTRL | KMOD_SHIFT));
  EXPECT_EQ(gui.viewer().editor.state, after);
  gui.click("menu Edit");
  gui.click("Undo");
  EXPECT_TRUE(gui.viewer().editor.state.sum.terms[1].faces.empty());
}

TEST_F(ViewerWindow, AFaceIsNamedCopiedAndPasted) {
  GuiDriver gui(options());
  gui.rest();
  gui.click("gallery face 5");
  gui.drag("z0", 30);
  gui.click("face name");
  gui.type("Ada");
  gui.key(SDLK_RETURN);
  const Face ada = gui.viewer().editor.state.face;
  EXPECT_EQ(ada.name, "Ada");
  gui.key(SDLK_c, KMOD_CTRL);
  gui.click("gallery face 9");
  gui.key(SDLK_v, KMOD_CTRL);
  EXPECT_EQ(gui.viewer().editor.state.face, ada) << "every bit of it";
  gui.viewer().editor.paste_face("nonsense");
  EXPECT_EQ(gui.viewer().editor.state.face, ada);
  EXPECT_THAT(gui.viewer().notices.back().text, HasSubstr("not a face"));
}

TEST_F(ViewerWindow, DriftsThroughFacesOfItsOwn) {
  GuiDriver gui(options());
  gui.rest();
  gui.click("path");
  gui.click("path: Drift");
  EXPECT_FALSE(gui.has("walk face 0"));
  gui.click("play");
  gui.until([&] { return gui.viewer().editor.state.playhead > 0.5; }, "time to pass");
  gui.rest();
  const Image here = gui.stage_picture();
  const Latent shown = gui.viewer().editor.shown_latent();
  EXPECT_EQ(shown, wander(gui.viewer().editor.state.walk, 100, gui.viewer().editor.state.playhead));
  gui.click("random walk seed");
  gui.until_settled();
  EXPECT_THAT(difference(here, gui.stage_picture()), Gt(kVisible));
  gui.key(SDLK_z, KMOD_CTRL);
  gui.until_settled();
  EXPECT_EQ(gui.viewer().editor.shown_latent(), shown);
}

TEST_F(ViewerWindow, FindsTheDirectionsOfAModelAndKeepsThem) {
  {
    GuiDriver gui(options());
    gui.rest();
    gui.click("gallery face 5");
    gui.click("tab directions");
    gui.until([&] { return gui.has("Find directions"); }, "the button");
    gui.click("Find directions");
    gui.until([&] { return gui.has("principal 0"); }, "the directions");
    gui.until_settled();
    const Image before = gui.stage_picture();
    gui.drag("principal 0", 60);
    gui.until_settled();
    EXPECT_THAT(difference(before, gui.stage_picture()), Gt(kVisible));
    gui.click("keep principal 0");
    ASSERT_EQ(gui.viewer().editor.state.directions.size(), 1U);
    EXPECT_EQ(gui.viewer().editor.state.directions[0].vector,
              gui.viewer().model.principal().directions()[0].vector);
  }
  GuiDriver again(options());
  again.rest();
  again.click("tab directions");
  again.until([&] { return again.has("principal 0"); }, "what was found before");
}

TEST_F(ViewerWindow, FacesAreMarkedForABoundaryWithTwoKeys) {
  GuiDriver gui(options());
  gui.rest();
  const std::vector<SumTerm>& terms = gui.viewer().editor.state.sum.terms;
  for (const char* face : {"gallery face 2", "gallery face 5", "gallery face 7"}) {
    gui.move(gui.rect(face).centre());
    gui.key(SDLK_PLUS);
  }
  EXPECT_EQ(terms[0].faces.size(), 3U);
  gui.key(SDLK_MINUS);  // 7 has it not
  EXPECT_EQ(terms[0].faces, (std::vector{seed_face(2, 100), seed_face(5, 100)}));
  EXPECT_EQ(terms[1].faces, std::vector{seed_face(7, 100)});
  gui.key(SDLK_MINUS);
  EXPECT_TRUE(terms[1].faces.empty()) << "the second time takes it out again";
  gui.key(SDLK_z, KMOD_CTRL);
  EXPECT_EQ(terms[1].faces.size(), 1U);
  gui.click("tab sum");
  gui.click("Slider: boundary");
  EXPECT_EQ(gui.viewer().editor.state.directions.size(), 1U);
}

}  // namespace
}  // namespace facemorph
