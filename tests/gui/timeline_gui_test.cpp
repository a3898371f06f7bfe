#include "engine/picture_changes.hpp"
#include "gui/viewer_window.hpp"

#include <cmath>

// The walk on its time line: faces, and tracks of keyed sliders.

namespace facemorph {
namespace {

class TimelineWindow : public ViewerWindow {
 protected:
  /// At rest, with a walk through the faces of these seeds, every two seconds.
  static void walk_through(GuiDriver& gui, const std::vector<std::uint64_t>& seeds) {
    gui.rest();
    MorphEditor& editor = gui.viewer().editor;
    while (!editor.state.keys.empty())
      editor.remove_key({std::nullopt, 0});
    for (const std::uint64_t seed : seeds)
      editor.add_to_walk(seed_face(seed, 100));
    gui.until_settled();
  }
  static std::vector<std::uint64_t> seeds(GuiDriver& gui) {
    std::vector<std::uint64_t> list;
    for (const Keyframe& key : gui.viewer().editor.state.keys)
      list.push_back(key.face.seed.value_or(0));
    return list;
  }
  static const KeyTime& time_of(GuiDriver& gui, std::size_t key) {
    return gui.viewer().editor.state.keys.at(key).time;
  }
  /// In pixels of the time line.
  static float second(GuiDriver& gui) {
    return (gui.rect("walk face 1").centre().x - gui.rect("walk face 0").centre().x) / 2;
  }
};

TEST_F(TimelineWindow, FacesAreDroppedOnTheWalkAndMovedAlongIt) {
  GuiDriver gui(options());
  walk_through(gui, {});
  for (const char* face : {"gallery face 2", "gallery face 5", "gallery face 7"})
    gui.drag_to(face, "walk faces");
  EXPECT_THAT(seeds(gui), testing::ElementsAre(2, 5, 7)) << "each behind the one before";
  const float pixels = second(gui);
  gui.drag("walk face 1", pixels);
  EXPECT_NEAR(time_of(gui, 1).at, 3, 0.1);
  const History& history = gui.viewer().editor.history();
  EXPECT_EQ(history.title(history.at()), "Move a face of the walk");
  gui.drag("walk face 1", 1.5F * pixels);
  EXPECT_THAT(seeds(gui), testing::ElementsAre(2, 7, 5)) << "past another face";
  gui.key(SDLK_z, KMOD_CTRL);
  EXPECT_THAT(seeds(gui), testing::ElementsAre(2, 5, 7));
}

TEST_F(TimelineWindow, AFaceOfTheWalkHasItsOwnHoldAndEasing) {
  GuiDriver gui(options());
  walk_through(gui, {2, 5, 7});
  gui.click("walk face 1");
  ASSERT_TRUE(gui.viewer().editor.selected);
  EXPECT_DOUBLE_EQ(gui.viewer().editor.state.playhead, time_of(gui, 1).at);
  gui.drag("hold", 20);
  EXPECT_THAT(time_of(gui, 1).hold, Gt(0.2));
  gui.click("key easing");
  gui.click("key easing: Ease in");
  EXPECT_EQ(time_of(gui, 1).easing, Easing::EaseIn);
  EXPECT_EQ(time_of(gui, 0).easing, Easing::Smooth) << "for that one alone";
}

TEST_F(TimelineWindow, FacesOfTheWalkAreDoubledRemovedAndSpreadEvenly) {
  GuiDriver gui(options());
  walk_through(gui, {2, 5, 7});
  gui.click("walk face 1");
  gui.key(SDLK_d);
  EXPECT_THAT(seeds(gui), testing::ElementsAre(2, 5, 5, 7));
  gui.key(SDLK_DELETE);
  EXPECT_THAT(seeds(gui), testing::ElementsAre(2, 5, 7));

  gui.drag("walk face 1", second(gui));
  ASSERT_NEAR(time_of(gui, 1).at, 3, 0.1);
  gui.click("menu Edit");
  gui.click("Spread the walk's faces evenly");
  EXPECT_DOUBLE_EQ(time_of(gui, 1).at, 2);
  gui.key(SDLK_z, KMOD_CTRL);
  EXPECT_NEAR(time_of(gui, 1).at, 3, 0.1);
}

TEST_F(TimelineWindow, AComposedMorphIsUndoneDoneAgainAndKept) {
  const fs::path file = folder_ / "morph.facemorph.json";
  GuiDriver gui(options());
  walk_through(gui, {2, 5, 7});
  Viewer& viewer = gui.viewer();
  gui.drag("walk face 1", second(gui));
  gui.click("walk face 1");
  gui.drag("hold", 20);
  gui.click("key easing");
  gui.click("key easing: Ease in");
  gui.drag("scrub", 30);
  gui.until_settled();
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

TEST_F(TimelineWindow, AWalkIsGivenOneSpeedForTheEye) {
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

TEST_F(TimelineWindow, SlidersAreKeyedOverTheWalk) {
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

TEST_F(TimelineWindow, PlaysAPartOfTheTimeLine) {
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
