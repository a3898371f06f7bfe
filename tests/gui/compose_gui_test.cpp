#include "engine/picture_changes.hpp"
#include "gui/viewer_window.hpp"

#include <algorithm>
#include <cmath>

// Composing: sums, directions, the pad, the time line, undo.

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

TEST_F(ViewerWindow, AMorphIsComposedOnTheTimeLine) {
  const fs::path file = folder_ / "morph.facemorph.json";
  GuiDriver gui(options());
  gui.rest();
  Viewer& viewer = gui.viewer();
  while (!viewer.editor.state.keys.empty()) {
    viewer.editor.remove_key({std::nullopt, 0});
    gui.redraw();
  }
  gui.until_settled();
  for (const char* face : {"gallery face 2", "gallery face 5", "gallery face 7"})
    gui.drag_to(face, "walk faces");
  const auto seeds = [&] {
    std::vector<std::uint64_t> list;
    for (const Keyframe& key : viewer.editor.state.keys)
      list.push_back(key.face.seed.value_or(0));
    return list;
  };
  EXPECT_THAT(seeds(), testing::ElementsAre(2, 5, 7)) << "each behind the one before";

  // The scale: dragging a face by so many pixels moves it by so many seconds.
  const float x0 = gui.rect("walk face 0").centre().x;
  const float second = (gui.rect("walk face 1").centre().x - x0) / 2;
  gui.drag("walk face 1", second);
  EXPECT_NEAR(viewer.editor.state.keys[1].time.at, 3, 0.1);
  EXPECT_EQ(viewer.editor.history().title(viewer.editor.history().at()), "Move a face of the walk");
  gui.drag("walk face 1", 1.5F * second);
  EXPECT_THAT(seeds(), testing::ElementsAre(2, 7, 5)) << "past another face";
  gui.key(SDLK_z, KMOD_CTRL);
  EXPECT_THAT(seeds(), testing::ElementsAre(2, 5, 7));

  gui.click("walk face 1");
  ASSERT_TRUE(viewer.editor.selected);
  EXPECT_DOUBLE_EQ(viewer.editor.state.playhead, viewer.editor.state.keys[1].time.at);
  gui.drag("hold", 20);
  EXPECT_THAT(viewer.editor.state.keys[1].time.hold, Gt(0.2));
  gui.click("key easing");
  gui.click("key easing: Ease in");
  EXPECT_EQ(viewer.editor.state.keys[1].time.easing, Easing::EaseIn);
  EXPECT_EQ(viewer.editor.state.keys[0].time.easing, Easing::Smooth) << "for that one alone";
  gui.key(SDLK_d);
  EXPECT_THAT(seeds(), testing::ElementsAre(2, 5, 5, 7));
  gui.key(SDLK_DELETE);
  EXPECT_THAT(seeds(), testing::ElementsAre(2, 5, 7));

  gui.click("menu Edit");
  gui.click("Spread the walk's faces evenly");
  EXPECT_DOUBLE_EQ(viewer.editor.state.keys[1].time.at, 2);
  gui.key(SDLK_z, KMOD_CTRL);
  EXPECT_NEAR(viewer.editor.state.keys[1].time.at, 3, 0.1);

  gui.drag("scrub", 30);
  gui.until_settled();
  viewer.notices.clear();
  gui.redraw();
  const MorphState composed = viewer.editor.state;
  const double there = viewer.editor.state.playhead;
  const Image picture = gui.stage_picture();
  EXPECT_THAT(middle_difference(picture, expected_picture(gui, evaluate(composed, there), picture)),
              Lt(1.0));
  for (int i = 0; i < 10; ++i)
    gui.key(SDLK_z, KMOD_CTRL);
  EXPECT_NE(viewer.editor.state, composed);
  for (int i = 0; i < 10; ++i)
    gui.key(SDLK_z, static_cast<SDL_Keymod>(KMOD_CTRL | KMOD_SHIFT));
  EXPECT_EQ(viewer.editor.state.keys, composed.keys);
  viewer.editor.scrub(there);
  viewer.save_session(file);
  gui.until([&] { return !viewer.session_path().empty(); }, "the session to be saved");
  gui.click("gallery face 8");
  gui.drop(file);
  gui.until(
      [&] { return viewer.editor.state.keys == composed.keys && viewer.editor.state.walking; },
      "the session to come back");
  viewer.notices.clear();
  gui.until_settled();
  EXPECT_EQ(viewer.editor.state.playhead, there);
  EXPECT_THAT(difference(picture, gui.stage_picture()), Lt(0.01));
}

TEST_F(ViewerWindow, AWalkIsGivenOneSpeedForTheEye) {
  GuiDriver gui(options());
  gui.rest();
  Viewer& viewer = gui.viewer();
  const auto engine = make_engine(*viewer.model.get());
  const auto unevenness = [&] {
    constexpr int kSteps = 60;
    std::vector<Latent> latents;
    for (int i = 0; i <= kSteps; ++i)
      latents.push_back(evaluate(viewer.editor.state, viewer.editor.duration() * i / kSteps));
    const std::vector<double> changes = picture_changes(*engine, latents, 1);
    double mean = 0;
    for (const double change : changes)
      mean += change / kSteps;
    double variance = 0;
    for (const double change : changes)
      variance += (change - mean) * (change - mean) / kSteps;
    return std::sqrt(variance) / mean;
  };
  const double before = unevenness();
  const double length = viewer.editor.duration();
  gui.click("menu Edit");
  gui.click("Constant speed");
  gui.until([&] { return !viewer.measuring(); }, "the measurement");
  gui.redraw();
  EXPECT_EQ(viewer.editor.history().title(viewer.editor.history().at()), "Constant speed");
  EXPECT_LT(unevenness(), 0.2);
  EXPECT_LT(unevenness(), before / 3);
  EXPECT_NEAR(viewer.editor.duration(), length, 1e-6);
}

TEST_F(ViewerWindow, SlidersAreKeyedOverTheWalk) {
  GuiDriver gui(options());
  gui.rest();
  Viewer& viewer = gui.viewer();
  viewer.editor.scrub(0);
  gui.click("key of truncation");
  ASSERT_EQ(viewer.editor.state.tracks.size(), 1U);
  viewer.editor.scrub(2);
  gui.redraw();
  gui.drag("truncation", -60);
  ASSERT_EQ(viewer.editor.state.tracks[0].keys.size(), 2U) << "the slider writes keys now";
  EXPECT_EQ(viewer.editor.state.truncation, 1.0F);
  EXPECT_THAT(truncation_at(viewer.editor.state, 2), Lt(0.9F));
  EXPECT_THAT(truncation_at(viewer.editor.state, 1),
              testing::AllOf(Lt(1.0F), Gt(truncation_at(viewer.editor.state, 2))));

  gui.click("tab directions");
  gui.until([&] { return gui.has("key of named 0"); }, "the model's own directions");
  gui.click("key of named 0");
  ASSERT_EQ(viewer.editor.state.tracks.size(), 2U);
  gui.until_settled();
  const Image before = gui.stage_picture();
  gui.drag("named 0", 60);
  gui.until_settled();
  EXPECT_TRUE(viewer.editor.state.walking) << "the walk goes on, with a smile";
  EXPECT_THAT(difference(before, gui.stage_picture()), Gt(kVisible));
  EXPECT_THAT(viewer.editor.state.tracks[1].keys[0].value, Gt(0.5F));

  gui.drag("track 1 key 0", 80);
  EXPECT_THAT(viewer.editor.state.tracks[1].keys[0].time.at, Gt(2.2));
  gui.click("track 1 key 0");
  gui.click("Remove");
  EXPECT_EQ(viewer.editor.state.tracks.size(), 1U) << "a track goes with its last key";
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

TEST_F(ViewerWindow, PlaysAPartOfTheTimeLine) {
  GuiDriver gui(options());
  gui.rest();
  Viewer& viewer = gui.viewer();
  viewer.editor.scrub(1.0);
  gui.key(SDLK_i);
  viewer.editor.scrub(1.2);
  gui.key(SDLK_o);
  ASSERT_TRUE(viewer.editor.region);
  viewer.editor.scrub(1.0);
  viewer.editor.play(true);
  bool stayed = true;
  bool returned = false;
  double last = viewer.editor.state.playhead;
  gui.until(
      [&] {
        stayed =
            stayed && viewer.editor.state.playhead >= 1.0 && viewer.editor.state.playhead < 1.2;
        returned = returned || viewer.editor.state.playhead < last;
        last = viewer.editor.state.playhead;
        return returned;
      },
      "the region to begin again");
  EXPECT_TRUE(stayed);
  gui.key(SDLK_x);
  EXPECT_FALSE(viewer.editor.region);
}

}  // namespace
}  // namespace facemorph
