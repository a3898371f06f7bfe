#include "gui/gui_driver.hpp"

#include "engine/engine.hpp"
#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>

namespace facemorph {
namespace {

namespace fs = std::filesystem;
using ::testing::Gt;
using ::testing::HasSubstr;
using ::testing::Lt;

/// Pictures of different faces differ by far more than this, equal ones not at all.
constexpr double kVisible = 1.0;

class ViewerWindow : public ::testing::Test {
 protected:
  GuiDriver::Options options() const {
    GuiDriver::Options options;
    options.settings_path = folder_.path() / "settings.json";
    return options;
  }
  /// A checkpoint made by Python: see tests/python/make_networks.py.
  static fs::path fixture(const std::string& name) {
    const char* fixtures = std::getenv("FACEMORPH_FIXTURES");
    if (fixtures == nullptr)
      throw std::runtime_error("FACEMORPH_FIXTURES is not set; run through ctest");
    return fs::path(fixtures) / "gui" / name;
  }
  fs::path broken_file() const {
    const fs::path path = folder_.path() / "broken.pth";
    std::ofstream(path) << "this is not a checkpoint";
    return path;
  }
  TemporaryFolder folder_;
};

/// What the stage must show for a latent: the engine's own picture, enlarged by the CPU.
Image expected_picture(GuiDriver& gui, const Latent& latent, const Image& seen) {
  const auto engine = make_engine(gui.viewer().model());
  return resize(engine->generate(std::vector<Latent>{latent}).front(), seen.width, seen.height,
                gui.viewer().settings.filter);
}

/// Difference over the middle half: free of rounded corners and the title.
double middle_difference(const Image& a, const Image& b) {
  if (a.width != b.width || a.height != b.height) return 255;
  double sum = 0;
  double count = 0;
  for (int y = a.height / 4; y < a.height * 3 / 4; ++y)
    for (int x = a.width / 4; x < a.width * 3 / 4; ++x)
      for (int c = 0; c < 3; ++c, ++count) {
        const auto i = static_cast<std::size_t>((y * a.width + x) * 4 + c);
        sum += std::abs(static_cast<int>(a.rgba[i]) - static_cast<int>(b.rgba[i]));
      }
  return sum / count;
}

TEST_F(ViewerWindow, OpensTheBundledModelAndTheWalkMoves) {
  GuiDriver gui(options());
  gui.until([&] { return gui.has("stage picture"); }, "the first face");
  EXPECT_TRUE(gui.viewer().animating());
  const Image before = gui.stage_picture();
  const double time = gui.viewer().time;
  gui.until([&] { return std::abs(gui.viewer().time - time) > 0.7; }, "time to pass");
  EXPECT_THAT(difference(before, gui.stage_picture()), Gt(kVisible));
}

TEST_F(ViewerWindow, ShowsExactlyWhatTheEngineMakes) {
  GuiDriver gui(options());
  gui.rest();
  for (const Filter filter :
       {Filter::Nearest, Filter::Bilinear, Filter::CatmullRom, Filter::Lanczos3}) {
    gui.viewer().settings.filter = filter;
    gui.viewer().show_face(seed_face(17, gui.viewer().model()->arch.nz));
    gui.until_settled();
    const Image seen = gui.stage_picture();
    const Image expected =
        expected_picture(gui, seed_latent(17, gui.viewer().model()->arch.nz), seen);
    EXPECT_THAT(middle_difference(seen, expected), Lt(1.0))
        << "filter " << static_cast<int>(filter);
  }
}

TEST_F(ViewerWindow, DraggingASliderChangesTheFace) {
  GuiDriver gui(options());
  gui.rest();
  gui.click("gallery face 3");
  gui.until_settled();
  const Image before = gui.stage_picture();
  const float value = gui.viewer().state.face.latent[5];
  gui.drag("z5", value > 0 ? -40.0F : 40.0F);
  gui.until_settled();
  EXPECT_THAT(std::abs(gui.viewer().state.face.latent[5] - value), Gt(0.3F));
  EXPECT_FALSE(gui.viewer().state.face.seed.has_value())
      << "an edited face is no longer its seed's";
  const Image after = gui.stage_picture();
  EXPECT_THAT(difference(before, after), Gt(0.3));
  EXPECT_THAT(
      middle_difference(after, expected_picture(gui, gui.viewer().state.face.latent, after)),
      Lt(1.0));
}

TEST_F(ViewerWindow, ASliderGrabbedDuringAWalkStopsItAndTakesOver) {
  GuiDriver gui(options());
  gui.until([&] { return gui.has("z0") && gui.viewer().time > 0.3; }, "the walk");
  gui.drag("z0", 20);
  EXPECT_FALSE(gui.viewer().animating());
  EXPECT_FALSE(gui.viewer().state.walking);
}

TEST_F(ViewerWindow, CtrlClickTypesAValueAndDoubleClickResetsIt) {
  GuiDriver gui(options());
  gui.rest();
  gui.click("gallery face 0");
  SDL_SetModState(KMOD_CTRL);
  gui.key(SDLK_LCTRL, KMOD_CTRL);
  SDL_SetModState(KMOD_CTRL);
  gui.frames(1);
  gui.move(gui.rect("z2").centre());
  SDL_Event control{};
  control.type = SDL_KEYDOWN;
  control.key.keysym = {SDL_SCANCODE_LCTRL, SDLK_LCTRL, KMOD_LCTRL, 0};
  SDL_PushEvent(&control);
  gui.frames(2);
  gui.press();
  gui.release();
  control.type = SDL_KEYUP;
  SDL_SetModState(KMOD_NONE);
  SDL_PushEvent(&control);
  gui.frames(2);
  gui.type("1.5");
  gui.key(SDLK_RETURN);
  EXPECT_FLOAT_EQ(gui.viewer().state.face.latent[2], 1.5F);
  gui.double_click("z2");
  EXPECT_FLOAT_EQ(gui.viewer().state.face.latent[2], 0.0F);
}

TEST_F(ViewerWindow, LockedDimensionsSurviveRandomise) {
  GuiDriver gui(options());
  gui.rest();
  gui.click("gallery face 1");
  const Latent before = gui.viewer().state.face.latent;
  gui.click("lock z4");
  gui.click("Randomise");
  const Latent after = gui.viewer().state.face.latent;
  EXPECT_EQ(after[4], before[4]);
  EXPECT_NE(after[3], before[3]);
  gui.click("randomise group z0");
  EXPECT_EQ(gui.viewer().state.face.latent[4], before[4]);
  EXPECT_NE(gui.viewer().state.face.latent[0], after[0]);
  EXPECT_EQ(gui.viewer().state.face.latent[20], after[20]) << "another group stays";
}

TEST_F(ViewerWindow, TruncationPullsTowardsTheMeanFace) {
  GuiDriver gui(options());
  gui.rest();
  gui.click("gallery face 2");
  gui.until_settled();
  const Image full = gui.stage_picture();
  gui.drag("truncation", -200);
  gui.until_settled();
  EXPECT_THAT(gui.viewer().state.truncation, Lt(0.4F));
  EXPECT_THAT(difference(full, gui.stage_picture()), Gt(kVisible));
  gui.double_click("truncation");
  gui.until_settled();
  EXPECT_EQ(gui.viewer().state.truncation, 1.0F);
  EXPECT_THAT(difference(full, gui.stage_picture()), Lt(0.5));
}

TEST_F(ViewerWindow, PlayPauseAndScrub) {
  GuiDriver gui(options());
  gui.rest();
  gui.click("play");
  EXPECT_TRUE(gui.viewer().animating());
  const double start = gui.viewer().time;
  gui.until([&] { return std::abs(gui.viewer().time - start) > 0.3; }, "time to pass");
  gui.key(SDLK_SPACE);
  EXPECT_FALSE(gui.viewer().animating());
  gui.until_settled();
  const Image paused = gui.stage_picture();
  gui.drag("scrub", 150);
  gui.until_settled();
  EXPECT_THAT(difference(paused, gui.stage_picture()), Gt(kVisible));
  const Image scrubbed = gui.stage_picture();
  EXPECT_THAT(middle_difference(
                  scrubbed,
                  expected_picture(gui, evaluate(gui.viewer().state, gui.viewer().time), scrubbed)),
              Lt(1.0));
}

TEST_F(ViewerWindow, FacesOfTheGalleryJoinAndLeaveTheWalk) {
  GuiDriver gui(options());
  gui.rest();
  const std::size_t count = gui.viewer().state.keys.size();
  const Rect tile = gui.rect("gallery face 6");
  gui.click_at({tile.min.x + 10, tile.min.y + 10});  // the + in its corner
  ASSERT_EQ(gui.viewer().state.keys.size(), count + 1);
  EXPECT_EQ(gui.viewer().state.keys.back().face.seed, 6U);
  const Rect key = gui.rect("walk face 0");
  gui.click_at({key.max.x - 10, key.min.y + 10});  // the x in its corner
  EXPECT_EQ(gui.viewer().state.keys.size(), count);
}

TEST_F(ViewerWindow, FavouritesAreKeptAcrossRuns) {
  {
    GuiDriver gui(options());
    gui.rest();
    const Rect tile = gui.rect("gallery face 9");
    gui.click_at({tile.max.x - 10, tile.min.y + 10});  // the star in its corner
    gui.frames(2);
    EXPECT_TRUE(gui.has("favourite 0"));
  }
  GuiDriver gui(options());
  gui.rest();
  ASSERT_TRUE(gui.has("favourite 0"));
  gui.click("favourite 0");
  EXPECT_EQ(gui.viewer().state.face.seed, 9U);
}

TEST_F(ViewerWindow, JumpsToASeedAndTurnsPages) {
  GuiDriver gui(options());
  gui.rest();
  const Image first_page = gui.cut(gui.rect("gallery face 0"));
  gui.double_click("jump to seed");
  gui.key(SDLK_a, KMOD_CTRL);
  gui.type("1234");
  gui.key(SDLK_RETURN);
  gui.until_settled();
  EXPECT_EQ(gui.viewer().gallery_first_seed, 1234U);
  EXPECT_THAT(difference(first_page, gui.cut(gui.rect("gallery face 0"))), Gt(kVisible));
  gui.click("next page");
  EXPECT_EQ(gui.viewer().gallery_first_seed, 1234U + gui.viewer().gallery_page);
  EXPECT_GE(gui.viewer().gallery_page, 24U);
}

TEST_F(ViewerWindow, ADroppedFileReplacesTheModel) {
  GuiDriver gui(options());
  gui.rest();
  gui.viewer().show_face(seed_face(5, gui.viewer().model()->arch.nz));
  gui.until_settled();
  const Image before = gui.stage_picture();
  gui.drop(fixture("tiny-32.pth"));
  gui.until([&] { return gui.viewer().model()->name == "tiny-32"; }, "the dropped model");
  gui.until_settled();
  EXPECT_EQ(gui.viewer().model()->arch.image_size, 32);
  const Image after = gui.stage_picture();
  EXPECT_THAT(difference(before, after), Gt(kVisible));
  EXPECT_EQ(gui.viewer().state.face.seed, 5U) << "the face keeps its seed, in the new model's size";
  EXPECT_THAT(gui.viewer().settings.recent.front(), HasSubstr("tiny-32.pth"));
}

TEST_F(ViewerWindow, ABrokenFileLeavesTheModelAndSaysWhy) {
  GuiDriver gui(options());
  gui.rest();
  const Image before = gui.stage_picture();
  const Image whole_before = gui.window();
  gui.drop(broken_file());
  gui.until([&] { return !gui.viewer().notices.empty(); }, "the message");
  gui.frames(3);
  EXPECT_THAT(gui.viewer().notices.back().title, HasSubstr("broken.pth"));
  EXPECT_THAT(gui.viewer().notices.back().text, HasSubstr("not a checkpoint"));
  ASSERT_TRUE(gui.has("notice"));
  EXPECT_THAT(difference(whole_before, gui.window()), Gt(0.1)) << "the message is to be seen";
  gui.click("dismiss");
  gui.frames(3);
  EXPECT_FALSE(gui.has("notice"));
  EXPECT_THAT(difference(before, gui.stage_picture()), Lt(0.01)) << "the old model is still there";
}

TEST_F(ViewerWindow, OpensAFileThroughTheMenu) {
  GuiDriver gui(options());
  gui.rest();
  gui.click("menu File");
  gui.click("Open…");
  gui.frames(3);
  ASSERT_TRUE(gui.has("open window"));
  gui.double_click("path");
  gui.key(SDLK_a, KMOD_CTRL);
  gui.type(fixture("tiny-32.pth").string());
  gui.key(SDLK_RETURN);
  gui.until([&] { return gui.viewer().model()->name == "tiny-32"; }, "the chosen model");
  gui.until_settled();
  EXPECT_FALSE(gui.has("open window"));
}

TEST_F(ViewerWindow, BrowsesToAFile) {
  GuiDriver gui(options());
  gui.rest();
  gui.key(SDLK_o, KMOD_CTRL);
  gui.frames(3);
  gui.double_click("path");
  gui.key(SDLK_a, KMOD_CTRL);
  gui.type(fixture("").string());
  gui.key(SDLK_RETURN);
  gui.until([&] { return gui.has("entry tiny-32.pth"); }, "the folder's list");
  gui.click("entry tiny-32.pth");
  gui.click("Open");
  gui.until([&] { return gui.viewer().model()->name == "tiny-32"; }, "the chosen model");
}

TEST_F(ViewerWindow, TheRecentListOutlivesTheProgram) {
  {
    GuiDriver::Options first = options();
    first.model.path = fixture("tiny-32.pth");
    GuiDriver gui(first);
    gui.rest();
  }
  GuiDriver gui(options());
  gui.rest();
  ASSERT_NE(gui.viewer().model()->name, "tiny-32");
  gui.click("menu File");
  gui.move(gui.rect("Open recent").centre());
  gui.until([&] { return gui.has("recent 0"); }, "the recent list");
  gui.click("recent 0");
  gui.until([&] { return gui.viewer().model()->name == "tiny-32"; }, "the recent model");
}

TEST_F(ViewerWindow, OffersToRecalibrateAModelWhoseStatisticsDoNotFit) {
  GuiDriver::Options broken = options();
  broken.model.path = fixture("broken-statistics.pth");
  GuiDriver gui(broken);
  gui.rest();
  gui.viewer().show_face(seed_face(3, gui.viewer().model()->arch.nz));
  gui.until_settled();
  ASSERT_TRUE(gui.viewer().model()->health->recalibrate);
  ASSERT_TRUE(gui.has("Recalibrate"));
  const Image before = gui.stage_picture();
  gui.click("Recalibrate");
  gui.until([&] { return gui.viewer().model()->recalibrated; }, "the recalibrated model");
  gui.until_settled();
  gui.viewer().notices.clear();
  gui.frames(2);
  EXPECT_FALSE(gui.viewer().model()->health->recalibrate);
  EXPECT_THAT(difference(before, gui.stage_picture()), Gt(kVisible));
}

TEST_F(ViewerWindow, WhatIsAssumedOfAStrangersModelCanBeChangedAndIsKept) {
  GuiDriver::Options stranger = options();
  stranger.model.path = folder_ / "leaky.pth";
  fs::copy_file(fixture("../strangers/leaky-0.2.pth"), *stranger.model.path);
  const fs::path kept = folder_ / "leaky.facemorph.json";
  {
    GuiDriver gui(stranger);
    gui.rest();
    gui.click("gallery face 1");
    gui.click("tab model");
    gui.until_settled();
    const Image before = gui.stage_picture();
    EXPECT_EQ(gui.viewer().model()->network->assumptions.at("activation"), "leaky_relu_0.2");
    gui.click("assume activation");
    gui.click("assume activation=selu");
    gui.until([&] { return gui.viewer().model()->chosen.contains("activation"); }, "the change");
    gui.until_settled();
    EXPECT_THAT(difference(before, gui.stage_picture()), Gt(kVisible));
    EXPECT_TRUE(fs::exists(kept));
  }
  GuiDriver again(stranger);
  again.rest();
  EXPECT_EQ(again.viewer().model()->network->assumptions.at("activation"), "selu");
  again.click("tab model");
  again.frames(2);
  again.click("Forget my choices");
  again.until([&] { return again.viewer().model()->chosen.empty(); }, "the first reading");
  EXPECT_EQ(again.viewer().model()->network->assumptions.at("activation"), "leaky_relu_0.2");
  EXPECT_FALSE(fs::exists(kept));
}

TEST_F(ViewerWindow, OpensAModelAsTheCommandLineAsksFor) {
  GuiDriver::Options asked = options();
  asked.model.path = fixture("broken-statistics.pth");
  asked.model.assumptions = {{"activation", "elu"}};
  asked.model.recalibrate = true;
  GuiDriver gui(asked);
  gui.rest();
  EXPECT_EQ(gui.viewer().model()->network->assumptions.at("activation"), "elu");
  EXPECT_TRUE(gui.viewer().model()->recalibrated);
}

TEST_F(ViewerWindow, FacesAreDraggedIntoASumWhichMakesASlider) {
  GuiDriver gui(options());
  gui.rest();
  gui.click("tab sum");
  gui.frames(2);
  gui.drag_to("gallery face 3", "bin A");
  gui.drag_to("gallery face 1", "bin B");
  gui.drag_to("gallery face 10", "bin C");
  gui.until_settled();
  const auto& terms = gui.viewer().state.sum.terms;
  ASSERT_EQ(terms[0].faces.size(), 1U);
  ASSERT_EQ(terms[1].faces.size(), 1U);
  ASSERT_EQ(terms[2].faces.size(), 1U);
  EXPECT_EQ(terms[1].faces[0].seed, 1U);
  gui.click("sum result");
  gui.until_settled();
  const Latent sum = gui.viewer().state.face.latent;
  const Latent woman = seed_latent(3, 100);
  const Latent man = seed_latent(1, 100);
  const Latent other = seed_latent(10, 100);
  const float scale = 10.0F / norm(result_of({gui.viewer().state.sum.terms, SumLength::Raw, 0}));
  for (std::size_t i = 0; i < 100; ++i)
    ASSERT_NEAR(sum[i], scale * (woman[i] - man[i] + other[i]), 1e-4F);
  const Image seen = gui.stage_picture();
  EXPECT_THAT(middle_difference(seen, expected_picture(gui, sum, seen)), Lt(kVisible));

  gui.click("Slider: boundary");
  gui.click("Slider: A − B");
  ASSERT_EQ(gui.viewer().state.directions.size(), 2U);
  const auto& made = gui.viewer().state.directions;
  EXPECT_GT(place_along(made[0].vector, made[1].vector), 0.9F) << "of two faces they are the same";
  gui.click("tab directions");
  gui.frames(2);
  gui.drag("direction 0", -60);
  gui.until_settled();
  EXPECT_THAT(difference(seen, gui.stage_picture()), Gt(kVisible));
  gui.click("name of direction 0");
  gui.key(SDLK_a, KMOD_CTRL);
  gui.type("hair");
  gui.click("tab latent");
  EXPECT_EQ(gui.viewer().state.directions.at(0).name, "hair");
}

TEST_F(ViewerWindow, ThePadBlendsTheFacesInItsCorners) {
  GuiDriver gui(options());
  gui.rest();
  gui.click("tab pad");
  gui.frames(2);
  gui.drag_to("gallery face 4", "corner 1");
  EXPECT_EQ(gui.viewer().state.pad.corners[1].seed, 4U);
  gui.until_settled();
  const Rect pad = gui.rect("pad");
  gui.click_at({pad.min.x + pad.width() * 0.25F, pad.min.y + pad.height() * 0.75F});
  gui.until_settled();
  const MorphPad& state = gui.viewer().state.pad;
  EXPECT_NEAR(state.x, 0.25F, 0.01F);
  EXPECT_NEAR(state.y, 0.75F, 0.01F);
  EXPECT_EQ(gui.viewer().state.face.latent, blended(state, state.x, state.y));
  const Image seen = gui.stage_picture();
  EXPECT_THAT(middle_difference(seen, expected_picture(gui, gui.viewer().state.face.latent, seen)),
              Lt(kVisible));
  gui.drag("pad", 80);
  gui.until_settled();
  EXPECT_THAT(difference(seen, gui.stage_picture()), Gt(kVisible));
}

TEST_F(ViewerWindow, FacesAreDraggedBetweenAllPanels) {
  GuiDriver gui(options());
  gui.rest();
  gui.drag_to("gallery face 4", "stage picture");
  EXPECT_EQ(gui.viewer().state.face.seed, 4U);
  gui.until_settled();
  gui.drag_to("stage picture", "walk faces");
  const auto walks_through = [&](std::uint64_t seed) {
    return std::ranges::any_of(gui.viewer().state.keys,
                               [&](const Keyframe& key) { return key.face.seed == seed; });
  };
  EXPECT_TRUE(walks_through(4));
  gui.drag_to("gallery face 6", "favourites");
  EXPECT_TRUE(gui.viewer().is_favourite(seed_face(6, 100)));
  gui.frames(2);
  gui.drag_to("favourite 0", "walk faces");
  EXPECT_TRUE(walks_through(6));
}

TEST_F(ViewerWindow, EveryEditCanBeUndoneAndDoneAgain) {
  GuiDriver gui(options());
  gui.rest();
  gui.click("gallery face 5");
  gui.until_settled();
  const MorphState before = gui.viewer().state;
  const Image picture = gui.stage_picture();
  gui.drag("z3", 40);
  EXPECT_EQ(gui.viewer().history().title(gui.viewer().history().at()), "Dimension 3")
      << "a drag is one step";
  gui.click("gallery face 7");
  gui.key(SDLK_a);
  gui.key(SDLK_l);
  gui.click("tab sum");
  gui.frames(2);
  gui.drag_to("gallery face 2", "bin B");
  gui.until_settled();
  const MorphState after = gui.viewer().state;
  for (int i = 0; i < 5; ++i)
    gui.key(SDLK_z, KMOD_CTRL);
  gui.until_settled();
  EXPECT_EQ(gui.viewer().state, before);
  EXPECT_THAT(difference(picture, gui.stage_picture()), Lt(0.01));
  for (int i = 0; i < 5; ++i)
    gui.key(SDLK_z, static_cast<SDL_Keymod>(KMOD_CTRL | KMOD_SHIFT));
  EXPECT_EQ(gui.viewer().state, after);
  gui.click("menu Edit");
  gui.frames(2);
  gui.click("Undo");
  EXPECT_TRUE(gui.viewer().state.sum.terms[1].faces.empty());
}

TEST_F(ViewerWindow, AFaceIsNamedCopiedAndPasted) {
  GuiDriver gui(options());
  gui.rest();
  gui.click("gallery face 5");
  gui.drag("z0", 30);
  gui.click("face name");
  gui.type("Ada");
  gui.key(SDLK_RETURN);
  const Face ada = gui.viewer().state.face;
  EXPECT_EQ(ada.name, "Ada");
  gui.key(SDLK_c, KMOD_CTRL);
  gui.click("gallery face 9");
  gui.key(SDLK_v, KMOD_CTRL);
  EXPECT_EQ(gui.viewer().state.face, ada) << "every bit of it";
  gui.viewer().paste_face("nonsense");
  EXPECT_EQ(gui.viewer().state.face, ada);
  EXPECT_THAT(gui.viewer().notices.back().text, HasSubstr("not a face"));
}

TEST_F(ViewerWindow, DriftsThroughFacesOfItsOwn) {
  GuiDriver gui(options());
  gui.rest();
  gui.click("path");
  gui.click("path: Drift");
  gui.frames(2);
  EXPECT_FALSE(gui.has("walk face 0"));
  gui.click("play");
  gui.until([&] { return gui.viewer().time > 0.5; }, "time to pass");
  gui.rest();
  const Image here = gui.stage_picture();
  const Latent shown = gui.viewer().shown_latent();
  EXPECT_EQ(shown, wander(gui.viewer().state.walk, 100, gui.viewer().time));
  gui.click("random walk seed");
  gui.until_settled();
  EXPECT_THAT(difference(here, gui.stage_picture()), Gt(kVisible));
  gui.key(SDLK_z, KMOD_CTRL);
  gui.until_settled();
  EXPECT_EQ(gui.viewer().shown_latent(), shown);
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
    gui.frames(2);
    ASSERT_EQ(gui.viewer().state.directions.size(), 1U);
    EXPECT_EQ(gui.viewer().state.directions[0].vector, gui.viewer().principal()[0].vector);
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
  while (!viewer.state.keys.empty()) {
    viewer.remove_key({std::nullopt, 0});
    gui.frames(1);
  }
  gui.until_settled();
  for (const char* face : {"gallery face 2", "gallery face 5", "gallery face 7"})
    gui.drag_to(face, "walk faces");
  const auto seeds = [&] {
    std::vector<std::uint64_t> list;
    for (const Keyframe& key : viewer.state.keys)
      list.push_back(key.face.seed.value_or(0));
    return list;
  };
  EXPECT_THAT(seeds(), testing::ElementsAre(2, 5, 7)) << "each behind the one before";

  // The scale: dragging a face by so many pixels moves it by so many seconds.
  const float x0 = gui.rect("walk face 0").centre().x;
  const float second = (gui.rect("walk face 1").centre().x - x0) / 2;
  gui.drag("walk face 1", second);
  EXPECT_NEAR(viewer.state.keys[1].time.at, 3, 0.1);
  EXPECT_EQ(viewer.history().title(viewer.history().at()), "Move a face of the walk");
  gui.drag("walk face 1", 1.5F * second);
  EXPECT_THAT(seeds(), testing::ElementsAre(2, 7, 5)) << "past another face";
  gui.key(SDLK_z, KMOD_CTRL);
  EXPECT_THAT(seeds(), testing::ElementsAre(2, 5, 7));

  gui.click("walk face 1");
  ASSERT_TRUE(viewer.selected);
  EXPECT_DOUBLE_EQ(viewer.time, viewer.state.keys[1].time.at);
  gui.frames(2);
  gui.drag("hold", 20);
  EXPECT_THAT(viewer.state.keys[1].time.hold, Gt(0.2));
  gui.click("key easing");
  gui.click("key easing: Ease in");
  EXPECT_EQ(viewer.state.keys[1].time.easing, Easing::EaseIn);
  EXPECT_EQ(viewer.state.keys[0].time.easing, Easing::Smooth) << "for that one alone";
  gui.key(SDLK_d);
  EXPECT_THAT(seeds(), testing::ElementsAre(2, 5, 5, 7));
  gui.key(SDLK_DELETE);
  EXPECT_THAT(seeds(), testing::ElementsAre(2, 5, 7));

  gui.click("menu Edit");
  gui.click("Spread");
  EXPECT_DOUBLE_EQ(viewer.state.keys[1].time.at, 2);
  gui.key(SDLK_z, KMOD_CTRL);
  EXPECT_NEAR(viewer.state.keys[1].time.at, 3, 0.1);

  gui.drag("scrub", 30);
  gui.until_settled();
  viewer.notices.clear();
  gui.frames(2);
  const MorphState composed = viewer.state;
  const double there = viewer.time;
  const Image picture = gui.stage_picture();
  EXPECT_THAT(middle_difference(picture, expected_picture(gui, evaluate(composed, there), picture)),
              Lt(1.0));
  for (int i = 0; i < 10; ++i)
    gui.key(SDLK_z, KMOD_CTRL);
  EXPECT_NE(viewer.state, composed);
  for (int i = 0; i < 10; ++i)
    gui.key(SDLK_z, static_cast<SDL_Keymod>(KMOD_CTRL | KMOD_SHIFT));
  EXPECT_EQ(viewer.state.keys, composed.keys);
  viewer.scrub(there);
  viewer.save_session(file);
  gui.until([&] { return !viewer.session_path().empty(); }, "the session to be saved");
  gui.click("gallery face 8");
  gui.drop(file);
  gui.until([&] { return viewer.state.keys == composed.keys && viewer.state.walking; },
            "the session to come back");
  viewer.notices.clear();
  gui.until_settled();
  EXPECT_EQ(viewer.time, there);
  EXPECT_THAT(difference(picture, gui.stage_picture()), Lt(0.01));
}

TEST_F(ViewerWindow, SlidersAreKeyedOverTheWalk) {
  GuiDriver gui(options());
  gui.rest();
  Viewer& viewer = gui.viewer();
  viewer.scrub(0);
  gui.click("key of truncation");
  ASSERT_EQ(viewer.state.tracks.size(), 1U);
  gui.frames(2);
  viewer.scrub(2);
  gui.frames(2);
  gui.drag("truncation", -60);
  ASSERT_EQ(viewer.state.tracks[0].keys.size(), 2U) << "the slider writes keys now";
  EXPECT_EQ(viewer.state.truncation, 1.0F);
  EXPECT_THAT(truncation_at(viewer.state, 2), Lt(0.9F));
  EXPECT_THAT(truncation_at(viewer.state, 1),
              testing::AllOf(Lt(1.0F), Gt(truncation_at(viewer.state, 2))));

  gui.click("tab directions");
  gui.until([&] { return gui.has("key of named 0"); }, "the model's own directions");
  gui.click("key of named 0");
  gui.frames(2);
  ASSERT_EQ(viewer.state.tracks.size(), 2U);
  gui.until_settled();
  const Image before = gui.stage_picture();
  gui.drag("named 0", 60);
  gui.until_settled();
  EXPECT_TRUE(viewer.state.walking) << "the walk goes on, with a smile";
  EXPECT_THAT(difference(before, gui.stage_picture()), Gt(kVisible));
  EXPECT_THAT(viewer.state.tracks[1].keys[0].value, Gt(0.5F));

  gui.drag("track 1 key 0", 80);
  EXPECT_THAT(viewer.state.tracks[1].keys[0].time.at, Gt(2.2));
  gui.click("track 1 key 0");
  gui.frames(2);
  gui.click("Remove");
  EXPECT_EQ(viewer.state.tracks.size(), 1U) << "a track goes with its last key";
}

TEST_F(ViewerWindow, FacesAreMarkedForABoundaryWithTwoKeys) {
  GuiDriver gui(options());
  gui.rest();
  const std::vector<SumTerm>& terms = gui.viewer().state.sum.terms;
  for (const char* face : {"gallery face 2", "gallery face 5", "gallery face 7"}) {
    gui.move(gui.rect(face).centre());
    gui.frames(2);
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
  gui.frames(2);
  gui.click("Slider: boundary");
  EXPECT_EQ(gui.viewer().state.directions.size(), 1U);
}

TEST_F(ViewerWindow, PanelsStayAsTheyWereLeft) {
  float wide = 0;
  {
    GuiDriver gui(options());
    gui.rest();
    const Rect before = gui.rect("stage picture");
    gui.drag("side border", -70);
    gui.frames(2);
    EXPECT_THAT(gui.rect("z1").max.x - gui.rect("z0").min.x, Gt(300));
    EXPECT_LT(gui.rect("stage picture").centre().x, before.centre().x);
    gui.drag("gallery border", 40);
    gui.click("tab pad");
    gui.frames(2);
    wide = gui.rect("pad").width();
  }
  GuiDriver again(options());
  again.rest();
  EXPECT_TRUE(again.has("pad"));
  EXPECT_NEAR(again.rect("pad").width(), wide, 1);
  again.double_click("side border");
  again.frames(2);
  EXPECT_LT(again.rect("pad").width(), wide - 50);
}

TEST_F(ViewerWindow, AsksBeforeItClosesOnUnsavedEdits) {
  const fs::path file = folder_ / "named.facemorph.json";
  GuiDriver gui(options());
  gui.rest();
  gui.viewer().save_session(file);
  gui.until([&] { return !gui.viewer().session_path().empty(); }, "the session to be saved");
  gui.click("gallery face 5");
  gui.key(SDLK_q, KMOD_CTRL);
  gui.frames(2);
  EXPECT_TRUE(gui.has("close window"));
  EXPECT_FALSE(gui.app().window_state().quit);
  gui.click("Stay");
  gui.frames(2);
  EXPECT_FALSE(gui.has("close window"));
  gui.key(SDLK_q, KMOD_CTRL);
  gui.frames(2);
  gui.click("Save and close");
  gui.until([&] { return gui.app().window_state().quit; }, "the end");
  EXPECT_EQ(load_session(file).face.seed, 5U);
}

/// A controller that SDL believes in.
class VirtualPad {
 public:
  VirtualPad()
      : index_(SDL_JoystickAttachVirtual(SDL_JOYSTICK_TYPE_GAMECONTROLLER, SDL_CONTROLLER_AXIS_MAX,
                                         SDL_CONTROLLER_BUTTON_MAX, 0)),
        joystick_(SDL_JoystickOpen(index_)) {}
  ~VirtualPad() {
    SDL_JoystickClose(joystick_);
    SDL_JoystickDetachVirtual(index_);
  }
  VirtualPad(const VirtualPad&) = delete;
  VirtualPad& operator=(const VirtualPad&) = delete;
  bool works() const { return joystick_ != nullptr; }
  void press(GuiDriver& gui, SDL_GameControllerButton button) {
    SDL_JoystickSetVirtualButton(joystick_, button, 1);
    gui.frames(2);
    SDL_JoystickSetVirtualButton(joystick_, button, 0);
    gui.frames(2);
  }
  void push(SDL_GameControllerAxis axis, float share) {
    SDL_JoystickSetVirtualAxis(joystick_, axis, static_cast<Sint16>(share * 32767));
  }

 private:
  int index_;
  SDL_Joystick* joystick_;
};

TEST_F(ViewerWindow, IsPlayedWithAController) {
  // No window manager gives this window the keyboard, and with it the controllers.
  SDL_SetHint(SDL_HINT_JOYSTICK_ALLOW_BACKGROUND_EVENTS, "1");
  GuiDriver gui(options());
  gui.rest();
  VirtualPad pad;
  ASSERT_TRUE(pad.works()) << SDL_GetError();
  gui.frames(3);
  Viewer& viewer = gui.viewer();
  pad.press(gui, SDL_CONTROLLER_BUTTON_A);
  EXPECT_TRUE(viewer.animating());
  pad.press(gui, SDL_CONTROLLER_BUTTON_A);
  EXPECT_FALSE(viewer.animating());
  viewer.show_face(seed_face(3, 100));
  pad.press(gui, SDL_CONTROLLER_BUTTON_DPAD_RIGHT);
  EXPECT_EQ(viewer.state.face.seed, 4U);

  const std::size_t steps = viewer.history().size();
  pad.push(SDL_CONTROLLER_AXIS_LEFTX, 1);
  gui.until([&] { return viewer.state.pad.x > 0.6F; }, "the puck to move");
  EXPECT_FALSE(gui.app().idle());
  pad.push(SDL_CONTROLLER_AXIS_LEFTX, 0.05F);  // sticks do not come to rest in their very middle
  gui.frames(6);
  EXPECT_TRUE(gui.app().idle());
  EXPECT_EQ(viewer.state.pad.y, 0.5F);
  EXPECT_EQ(viewer.state.face.latent, blended(viewer.state.pad, viewer.state.pad.x, 0.5F));
  EXPECT_EQ(viewer.history().size(), steps + 1) << "one push, one step";

  pad.push(SDL_CONTROLLER_AXIS_RIGHTX, 1);
  gui.until([&] { return viewer.time > 0.2; }, "the time line to move");
  EXPECT_TRUE(viewer.state.walking);
}

TEST_F(ViewerWindow, ASavedPictureBringsItsFaceBack) {
  setenv("HOME", folder_.path().c_str(), 1);
  GuiDriver gui(options());
  gui.rest();
  gui.click("gallery face 5");
  gui.drag("z3", 40);
  gui.until_settled();
  const Face face = gui.viewer().state.face;
  const Image before = gui.stage_picture();
  gui.key(SDLK_p, KMOD_CTRL);
  gui.until([&] { return !gui.viewer().notices.empty(); }, "the picture to be saved");
  const std::string text = gui.viewer().notices.back().text;
  const fs::path picture = text.substr(0, text.find('\n'));
  gui.viewer().notices.clear();
  gui.click("gallery face 8");
  gui.drop(picture);
  gui.until([&] { return gui.viewer().state.face == face; }, "the face");
  gui.until_settled();
  EXPECT_THAT(difference(before, gui.stage_picture()), Lt(0.01));

  const fs::path other = folder_ / "holiday.png";
  write_png(other, before);
  gui.drop(other);
  gui.until([&] { return !gui.viewer().notices.empty(); }, "the refusal");
  EXPECT_THAT(gui.viewer().notices.back().text, HasSubstr("carries no face"));
  EXPECT_EQ(gui.viewer().state.face, face);
}

TEST_F(ViewerWindow, PlaysAPartOfTheTimeLine) {
  GuiDriver gui(options());
  gui.rest();
  Viewer& viewer = gui.viewer();
  viewer.scrub(1.0);
  gui.key(SDLK_i);
  viewer.scrub(1.2);
  gui.key(SDLK_o);
  ASSERT_TRUE(viewer.region);
  viewer.scrub(1.0);
  viewer.play(true);
  bool stayed = true;
  bool returned = false;
  double last = viewer.time;
  gui.until(
      [&] {
        stayed = stayed && viewer.time >= 1.0 && viewer.time < 1.2;
        returned = returned || viewer.time < last;
        last = viewer.time;
        return returned;
      },
      "the region to begin again");
  EXPECT_TRUE(stayed);
  gui.key(SDLK_x);
  EXPECT_FALSE(viewer.region);
}

TEST_F(ViewerWindow, ASessionIsSavedAndOpenedAgain) {
  const fs::path file = folder_ / "mine.facemorph.json";
  MorphState saved;
  Image picture;
  {
    GuiDriver gui(options());
    gui.rest();
    gui.click("gallery face 5");
    gui.drag("z3", 40);
    gui.click("tab sum");
    gui.frames(2);
    gui.drag_to("gallery face 2", "bin B");
    gui.drag_to("gallery face 6", "walk faces");
    gui.key(SDLK_s, KMOD_CTRL);
    gui.frames(3);
    gui.click("session path");
    gui.key(SDLK_a, KMOD_CTRL);
    gui.type((folder_ / "mine").string());
    gui.click("Save");
    gui.until([&] { return !gui.viewer().session_path().empty(); }, "the session to be saved");
    EXPECT_EQ(gui.viewer().session_path(), file) << "with its extension";
    EXPECT_FALSE(gui.viewer().session_changed());
    gui.viewer().notices.clear();  // they lie on the picture
    gui.until_settled();
    saved = gui.viewer().state;
    picture = gui.stage_picture();
    gui.click("gallery face 8");
    EXPECT_TRUE(gui.viewer().session_changed());
    gui.drop(file);
    gui.until([&] { return gui.viewer().state == saved; }, "the session to come back");
  }
  GuiDriver::Options asked = options();
  asked.model.path = file;
  GuiDriver again(asked);
  again.rest();
  again.until_settled();
  EXPECT_EQ(again.viewer().state, saved);
  EXPECT_THAT(difference(picture, again.stage_picture()), Lt(0.01));
  EXPECT_FALSE(again.viewer().recoverable()) << "the window before was closed";
}

TEST_F(ViewerWindow, WhatWasLostIsOfferedAgain) {
  MorphState lost;
  {
    GuiDriver gui(options());
    gui.rest();
    gui.click("gallery face 5");
    gui.key(SDLK_a);
    lost = gui.viewer().state;
    const fs::path file = folder_ / "lost.facemorph.json";
    gui.until([&] { return fs::exists(file); }, "the session to be kept safe");
    gui.until(
        [&] {
          fs::copy_file(file, folder_ / "copy", fs::copy_options::overwrite_existing);
          return load_session(folder_ / "copy") == lost;
        },
        "the newest state to be kept safe");
  }
  EXPECT_FALSE(fs::exists(folder_ / "lost.facemorph.json")) << "closed in good order";
  fs::rename(folder_ / "copy", folder_ / "lost.facemorph.json");  // as after a crash
  GuiDriver gui(options());
  gui.rest();
  ASSERT_TRUE(gui.has("recovery window"));
  gui.click("Recover");
  gui.until([&] { return gui.viewer().state == lost; }, "the session to come back");
  EXPECT_TRUE(gui.viewer().session_changed()) << "it still has to be saved";
  gui.frames(3);
  EXPECT_FALSE(gui.has("recovery window"));
}

TEST_F(ViewerWindow, ASessionWhoseModelIsGoneWaitsForIt) {
  const fs::path model = folder_ / "mine.pth";
  fs::copy_file(fixture("tiny-32.pth"), model);
  const fs::path session = folder_ / "walk.facemorph.json";
  MorphState state;
  state.model = {"/nowhere/lost.pth", "0"};
  state.face = seed_face(7, load_model(model)->arch.nz);
  append_key(state, state.face);
  save_session(session, state);
  GuiDriver::Options asked = options();
  asked.model.path = session;
  GuiDriver gui(asked);
  gui.until([&] { return !gui.viewer().notices.empty() && gui.viewer().model(); }, "the question");
  EXPECT_THAT(gui.viewer().notices.back().text, HasSubstr("lost.pth"));
  gui.drop(model);
  gui.until([&] { return gui.viewer().state.face == state.face; }, "the session");
  EXPECT_EQ(gui.viewer().session_path(), session);
}

TEST_F(ViewerWindow, HelpWindowsOpenAndClose) {
  GuiDriver gui(options());
  gui.rest();
  gui.key(SDLK_F1);
  gui.frames(2);
  EXPECT_TRUE(gui.has("shortcuts window"));
  gui.key(SDLK_ESCAPE);
  gui.frames(2);
  EXPECT_FALSE(gui.has("shortcuts window"));
  gui.click("menu Help");
  gui.click("About Facemorph");
  gui.frames(3);
  EXPECT_TRUE(gui.has("about window"));
  gui.key(SDLK_ESCAPE);
  gui.frames(3);
  gui.click("gallery face 2");
  EXPECT_EQ(gui.viewer().state.face.seed, 2U) << "the window works again";
}

TEST_F(ViewerWindow, SleepsWhenNothingMoves) {
  GuiDriver gui(options());
  gui.rest();
  gui.until([&] { return gui.app().idle(); }, "the window to come to rest");
  gui.viewer().play(true);
  gui.frames(1);
  EXPECT_FALSE(gui.app().idle());
}

class WindowSizes : public ViewerWindow,
                    public ::testing::WithParamInterface<std::pair<int, int>> {};

TEST_P(WindowSizes, EverythingIsInsideTheWindow) {
  GuiDriver::Options sized = options();
  std::tie(sized.width, sized.height) = GetParam();
  GuiDriver gui(sized);
  gui.rest();
  for (const char* name : {"stage picture", "play", "scrub", "Add", "Surprise me", "Loop", "seed",
                           "truncation", "Randomise", "gallery face 0", "gallery face 23",
                           "walk face 0", "z0", "z1", "path", "easing"}) {
    ASSERT_TRUE(gui.has(name)) << name;
    const Rect rect = gui.rect(name);
    EXPECT_GE(rect.min.x, 0) << name;
    EXPECT_LE(rect.max.x, static_cast<float>(gui.window().width)) << name;
    if (std::string(name).find("gallery") ==
        std::string::npos) {  // the gallery scrolls on small windows
      EXPECT_LE(rect.max.y, static_cast<float>(gui.window().height)) << name;
    }
  }
  EXPECT_GE(gui.rect("stage picture").height(), 300);
}
INSTANTIATE_TEST_SUITE_P(FromSmallTo4K, WindowSizes,
                         ::testing::Values(std::pair{1024, 640}, std::pair{1920, 1080},
                                           std::pair{3840, 2160}));

}  // namespace
}  // namespace facemorph
