#include "viewer/settings_merge.hpp"

#include "base/temporary_folder.hpp"

#include <gmock/gmock.h>

#include <sys/stat.h>

#include <filesystem>
#include <fstream>

namespace facemorph {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class SettingsFile : public ::testing::Test {
 protected:
  Settings loaded(const std::string& text) {
    std::ofstream(path_) << text;
    return load_settings(path_);
  }
  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_ / "settings.json";
};

TEST_F(SettingsFile, ComesBackAsItWasSaved) {
  Settings settings;
  settings.remember("/models/a.pth");
  settings.remember("/models/b.pth");
  settings.favourites["hash"] = {
      "mine", "/models/mine.pth", {seed_face(7, 20), {{0.25F, -1e-7F, 3.5F}, std::nullopt, "Ada"}}};
  settings.filter = Filter::Nearest;
  settings.ui_scale = 1.5F;
  settings.window_width = 1920;
  settings.gallery_width = 301.5F;
  settings.tab = 2;
  settings.video.format = VideoFormat::Gif;
  settings.video.fps = 25;
  settings.video.layout = Layout::Grid;
  settings.video.rows = 5;
  settings.priority = Priority::Training;
  settings.remember_run("/runs/one");
  settings.unfinished = {"/runs/one", 7.5};
  save_settings(path_, settings);
  EXPECT_EQ(load_settings(path_), settings);
}

TEST_F(SettingsFile, KeepsTheRateOfTelevision) {
  Settings settings;
  settings.video.fps = FrameRate(30000, 1001);
  save_settings(path_, settings);
  EXPECT_EQ(load_settings(path_).video.fps, FrameRate(30000, 1001));
  EXPECT_EQ(loaded(R"({"video": {"format": "gif", "fps": "60000/1001"}})").video.fps, 50);
  EXPECT_EQ(loaded(R"({"video": {"fps": "rose"}})").video.fps, 60);
}

TEST_F(SettingsFile, IsNeverAReasonNotToStart) {
  EXPECT_EQ(load_settings(folder_ / "not-there.json"), Settings());
  for (const char* text :
       {"", "{", "[]", "null", "{\"recent\": 5}", "{\"favourites\": {\"h\": [{\"seed\": -1}]}}",
        "{\"favourites\": {\"h\": {\"seed\": 1}}}", "{\"window\": [1e99, \"x\"]}",
        "{\"ui_scale\": null}"})
    EXPECT_NO_THROW(loaded(text)) << text;
}

TEST_F(SettingsFile, ABrokenFieldLeavesTheOthers) {
  const Settings settings = loaded(R"({"recent": ["/a.pth"], "filter": "sharp", "ui_scale": 2})");
  EXPECT_EQ(settings.recent, std::vector<std::string>{"/a.pth"});
  EXPECT_EQ(settings.filter, kDefaultFilter);
  EXPECT_EQ(settings.ui_scale, 2.0F);
}

TEST_F(SettingsFile, FavouritesOfEarlierVersionsAreStillThere) {
  const Settings settings = loaded(R"({"favourites": {"abc": [{"seed": 7, "nz": 20}]}})");
  ASSERT_EQ(settings.favourites.size(), 1U);
  EXPECT_EQ(settings.favourites.at("abc").faces, std::vector<Face>{seed_face(7, 20)});
}

TEST_F(SettingsFile, KeepsAsManyFavouritesAsThereAre) {
  Settings settings;
  for (std::uint64_t seed = 0; seed < 1000; ++seed)
    settings.favourites["hash"].faces.push_back(seed_face(seed, 4));
  save_settings(path_, settings);
  EXPECT_EQ(load_settings(path_), settings);
}

TEST_F(SettingsFile, TellsWhatWouldBeLost) {
  const auto damaged = [&](const std::string& text) {
    std::ofstream(path_) << text;
    std::string problem;
    load_settings(path_, &problem);
    return !problem.empty();
  };
  EXPECT_FALSE(damaged(""));
  EXPECT_FALSE(damaged("{}"));
  EXPECT_FALSE(damaged(R"({"favourites": {"abc": [{"seed": 7, "nz": 20}]}})"));
  EXPECT_TRUE(damaged(R"({"recent": [)")) << "torn";
  EXPECT_TRUE(damaged(R"({"favourites": {"abc": [{"seed": 7, "nz": 20}, {"seed": "x"}]}})"));
}

TEST_F(SettingsFile, AreNeverAReasonNotToStart) {
  const auto problem = [&] {
    std::string result;
    EXPECT_EQ(load_settings(path_, &result), Settings());
    return result;
  };
  const std::string deep(300'000, '[');
  std::ofstream(path_) << R"({"favourites": )" << deep << std::string(deep.size(), ']') << "}";
  EXPECT_THAT(problem(), HasSubstr("nested"));
  fs::remove(path_);
  ::mkfifo(path_.c_str(), 0600);
  EXPECT_THAT(problem(), HasSubstr("a pipe")) << "and nobody waits for a writer";
  fs::remove(path_);
  fs::create_directory(path_);
  EXPECT_THAT(problem(), HasSubstr("a folder"));
}

TEST(MergedSettings, EveryWindowsChangesCount) {
  const auto faces = [](std::initializer_list<std::uint64_t> seeds) {
    Settings settings;
    for (const std::uint64_t seed : seeds)
      settings.favourites["hash"].faces.push_back(seed_face(seed, 4));
    return settings;
  };
  const auto seeds = [](const Settings& settings) {
    std::vector<std::uint64_t> result;
    for (const Face& face : settings.favourites.at("hash").faces)
      result.push_back(*face.seed);
    return result;
  };
  const Settings base = faces({1, 2, 3});
  EXPECT_THAT(seeds(merged(base, base, faces({1, 2, 3, 4}))), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(seeds(merged(base, faces({1, 2, 3, 5}), faces({1, 2, 3, 4}))),
              ElementsAre(1, 2, 3, 5, 4));
  EXPECT_THAT(seeds(merged(base, faces({1, 3}), faces({1, 2, 3, 4}))), ElementsAre(1, 3, 4));
  EXPECT_THAT(seeds(merged(base, faces({3, 2, 1}), faces({1, 3}))), ElementsAre(3, 1));
  EXPECT_THAT(seeds(merged(base, faces({1, 2, 3, 4}), faces({1, 2, 3, 4}))),
              ElementsAre(1, 2, 3, 4));
  Settings named = base;
  named.favourites["hash"].faces[1].name = "Ada";
  EXPECT_EQ(merged(base, faces({1, 2, 3, 4}), named).favourites["hash"].faces[1].name, "Ada");
  EXPECT_EQ(merged(base, named, faces({1, 2, 3, 4})).favourites["hash"].faces[1].name, "Ada");
  Settings mine = base;
  mine.tab = 3;
  mine.remember("/mine");
  Settings theirs = base;
  theirs.window_width = 2000;
  theirs.remember("/theirs");
  const Settings both = merged(base, mine, theirs);
  EXPECT_EQ(both.tab, 3);
  EXPECT_EQ(both.window_width, 2000);
  EXPECT_THAT(both.recent, ElementsAre("/mine", "/theirs"));
}

TEST(RecentFiles, TheNewestComesFirstOnceAndTheListIsBounded) {
  Settings settings;
  for (int i = 0; i < 20; ++i)
    settings.remember("/" + std::to_string(i));
  settings.remember("/15");
  EXPECT_EQ(settings.recent.size(), Settings::kMaxRecent);
  EXPECT_EQ(settings.recent[0], "/15");
  EXPECT_EQ(settings.recent[1], "/19");
}

}  // namespace
}  // namespace facemorph
