#include "base/error.hpp"
#include "base/temporary_folder.hpp"
#include "engine/model.hpp"
#include "pictures/test_images.hpp"
#include "record/composer.hpp"
#include "record/export.hpp"
#include "record/live_take.hpp"
#include "record/made_by.hpp"
#include "session/session_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <thread>

namespace facemorph {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::ThrowsMessage;

MorphState walk(std::initializer_list<std::uint64_t> seeds, bool loop = true, int nz = 100) {
  MorphState state;
  state.walk.loop = loop;
  state.walk.seconds_per_face = 1;
  state.face = seed_face(*seeds.begin(), nz);
  for (const std::uint64_t seed : seeds)
    append_key(state, seed_face(seed, nz));
  state.walking = true;
  return state;
}

ExportSettings small(VideoFormat format, int fps = 20) {
  ExportSettings settings;
  settings.format = format;
  settings.size = 64;
  settings.fps = fps;
  return settings;
}

std::vector<Image> frames_of(const fs::path& path) {
  VideoReader reader(path);
  std::vector<Image> frames;
  while (auto frame = reader.next())
    frames.push_back(std::move(*frame));
  return frames;
}

TEST(FramePlan, CountsALoopWithoutItsSeamAndAnOpenWalkWithBothEnds) {
  const ExportSettings settings = small(VideoFormat::Mp4, 30);
  EXPECT_EQ(FramePlan(walk({1, 5, 9}), settings).count(), 90U);
  EXPECT_EQ(FramePlan(walk({1, 5, 9}, false), settings).count(), 61U);
  ExportSettings twice = settings;
  twice.loops = 2;
  EXPECT_EQ(FramePlan(walk({1, 5, 9}), twice).count(), 180U);
  ExportSettings part = settings;
  part.range = {0.5, 1.5};
  EXPECT_EQ(FramePlan(walk({1, 5, 9}), part).count(), 31U);
  EXPECT_DOUBLE_EQ(FramePlan(walk({1, 5, 9}), part).time_of(15), 1.0);
}

TEST(FramePlan, IsSeamless) {
  ExportSettings settings = small(VideoFormat::Mp4, 24);
  settings.loops = 3;
  const MorphState state = walk({1, 5, 9});
  const FramePlan plan(state, settings);
  EXPECT_EQ(plan.latents(0), plan.latents(72)) << "the first frame and the wrapped one";
  EXPECT_EQ(plan.latents(10), plan.latents(82));
  EXPECT_EQ(evaluate(state, 3.0), evaluate(state, 0.0));
}

TEST(FramePlan, MovesTheSameAtAnyRate) {
  const MorphState state = walk({1, 5, 9}, false);
  const FramePlan slow(state, small(VideoFormat::Mp4, 24));
  const FramePlan fast(state, small(VideoFormat::Mp4, 120));
  for (std::size_t i = 0; i < slow.count(); ++i)
    EXPECT_EQ(slow.latents(i), fast.latents(i * 5));
}

TEST(FramePlan, ALayoutHasACellForEachFace) {
  const MorphState state = walk({1, 5, 9});
  ExportSettings settings = small(VideoFormat::Mp4);
  settings.layout = Layout::Sources;
  const FramePlan sources(state, settings);
  const std::vector<Latent> cells = sources.latents(30);  // 1.5 s: between the second and third
  ASSERT_EQ(cells.size(), 3U);
  EXPECT_EQ(cells[0], seed_face(5, 100).latent);
  EXPECT_EQ(cells[1], evaluate(state, 1.5));
  EXPECT_EQ(cells[2], seed_face(9, 100).latent);
  settings.layout = Layout::Grid;
  settings.columns = 3;
  settings.rows = 1;
  EXPECT_EQ(
      FramePlan(state, settings).latents(0),
      (std::vector{seed_face(1, 100).latent, seed_face(5, 100).latent, seed_face(9, 100).latent}))
      << "each begins further on";
}

TEST(FramePlan, RefusesWhatHasNoFrames) {
  const auto planning = [](const MorphState& state, const ExportSettings& settings) {
    return [=] { const FramePlan plan(state, settings); };
  };
  EXPECT_THAT(planning(walk({1}), small(VideoFormat::Mp4)),
              ThrowsMessage<UsageError>(HasSubstr("two faces")));
  ExportSettings backwards = small(VideoFormat::Mp4);
  backwards.range = {2, 1};
  EXPECT_THAT(planning(walk({1, 2}), backwards), ThrowsMessage<UsageError>(HasSubstr("range")));
  MorphState wandering = walk({1, 2});
  wandering.walk.path = WalkPath::NoiseLoop;
  ExportSettings sources = small(VideoFormat::Mp4);
  sources.layout = Layout::Sources;
  EXPECT_THAT(planning(wandering, sources), ThrowsMessage<UsageError>(HasSubstr("source faces")));
}

TEST(Composer, OneFaceFillsThePicture) {
  const Composer composer(small(VideoFormat::Mp4), 1, 1, 32, 32);
  const auto face = std::make_shared<const Image>(noise(32, 32));
  EXPECT_EQ(composer.compose({face}), resize(*face, 64, 64, kDefaultFilter));
}

TEST(Composer, GridsHaveGapsAndCaptions) {
  ExportSettings settings = small(VideoFormat::WebM);
  settings.size = 200;
  settings.caption = "Two faces, Ännä and a name much too long for such a small picture";
  const Composer composer(settings, 2, 1, 8, 8);
  const auto red = std::make_shared<const Image>(solid(8, 8, 255, 0, 0));
  const auto blue = std::make_shared<const Image>(solid(8, 8, 0, 0, 255));
  const Image frame = composer.compose({red, blue});
  EXPECT_EQ(frame.width, 200);
  EXPECT_EQ(frame.height % 2, 0);
  EXPECT_EQ(value_at(frame, 50, 50, 0), 255);
  EXPECT_EQ(value_at(frame, 150, 50, 2), 255);
  EXPECT_EQ(value_at(frame, 0, 0, 0), 0x14) << "a gap";
  int white = 0;
  for (int y = composer.height() - 16; y < composer.height(); ++y)
    for (int x = 0; x < 200; ++x)
      if (value_at(frame, x, y) > 200) ++white;
  EXPECT_GT(white, 100) << "letters";
  settings.transparent = true;
  EXPECT_EQ(value_at(Composer(settings, 2, 1, 8, 8).compose({red, blue}), 0, 0, 3), 0);
}

class Export : public ::testing::Test {
 protected:
  std::unique_ptr<Engine> engine() const { return make_export_engine(model_, {}); }
  TemporaryFolder folder_;
  std::shared_ptr<const Model> model_ = load_model(ModelRequest{});
};

TEST_F(Export, GivesTheEnginesOwnFrames) {
  const MorphState state = walk({1, 5, 9});
  ExportSettings settings = small(VideoFormat::Mp4);
  settings.size = 512;
  const auto eyes = engine();
  const ExportResult result = export_morph(*eyes, state, settings, folder_ / "morph.mp4");
  EXPECT_EQ(result.path, folder_ / "morph.mp4");
  EXPECT_EQ(result.frames, 60U);
  const std::vector<Image> frames = frames_of(result.path);
  ASSERT_EQ(frames.size(), 60U);
  for (const std::size_t i : {0U, 7U, 31U, 59U}) {
    const Image face =
        eyes->generate(std::vector<Latent>{evaluate(state, static_cast<double>(i) / 20)}).front();
    const Image wanted = resize(face, 512, 512, kDefaultFilter);
    double sum = 0;
    for (std::size_t p = 0; p < wanted.rgba.size(); ++p)
      sum += std::pow(static_cast<double>(wanted.rgba[p]) - frames[i].rgba[p], 2);
    const double mean = sum / (static_cast<double>(wanted.rgba.size()) * 0.75);
    EXPECT_GT(10 * std::log10(255 * 255 / mean), 40) << "frame " << i;
  }
}

TEST_F(Export, TwiceGivesTheSamePixels) {
  const MorphState state = walk({1, 5, 9});
  for (const VideoFormat format : {VideoFormat::Mp4, VideoFormat::Apng}) {
    const ExportSettings settings = small(format);
    const std::string extension(info_of(format).extension);
    export_morph(*engine(), state, settings, folder_ / ("a" + extension));
    export_morph(*engine(), state, settings, folder_ / ("b" + extension));
    EXPECT_EQ(frames_of(folder_ / ("a" + extension)), frames_of(folder_ / ("b" + extension)));
  }
}

TEST_F(Export, CarriesItsSession) {
  MorphState state = walk({1, 5, 9});
  state.truncation = 0.8F;
  for (const VideoFormatInfo& info : video_formats()) {
    const fs::path path = folder_ / ("made" + std::string(info.extension));
    const ExportResult result = export_morph(*engine(), state, small(info.format), path);
    EXPECT_EQ(load_session(result.session), state) << info.title;
    fs::remove(result.session);
    ASSERT_TRUE(may_carry_session(path));
    EXPECT_EQ(load_made_by(path), state) << info.title;
  }
}

TEST_F(Export, CanBeStoppedAndLeavesNothing) {
  std::stop_source stop;
  ExportWatch watch;
  watch.stop = stop.get_token();
  watch.progress = [&](const ExportProgress& progress) {
    EXPECT_EQ(progress.of, 3000U);
    if (progress.frames == 5) stop.request_stop();
  };
  ExportSettings longer = small(VideoFormat::Mp4, 100);
  longer.loops = 10;
  EXPECT_TRUE(
      export_morph(*engine(), walk({1, 5, 9}), longer, folder_ / "stopped.mp4", watch).cancelled);
  EXPECT_FALSE(fs::exists(folder_ / "stopped.mp4"));
  EXPECT_FALSE(fs::exists(folder_ / "stopped.part.mp4"));
}

TEST_F(Export, GoesOnWithPngFilesThatWereCutShort) {
  const MorphState state = walk({1, 5});
  ExportSettings settings = small(VideoFormat::PngFolder, 10);
  export_morph(*engine(), state, settings, folder_ / "whole");
  export_morph(*engine(), state, settings, folder_ / "cut");
  for (std::size_t i = 8; i < 20; ++i)
    fs::remove(folder_ / "cut" / frame_name(i));
  settings.resume = true;
  const ExportResult result = export_morph(*engine(), state, settings, folder_ / "cut");
  EXPECT_EQ(result.resumed, 8U);
  for (std::size_t i = 0; i < 20; ++i)
    EXPECT_EQ(read_png(folder_ / "cut" / frame_name(i)),
              read_png(folder_ / "whole" / frame_name(i)))
        << i;
}

TEST_F(Export, TheSheetShowsTheWalksFaces) {
  ExportSettings settings = small(VideoFormat::PngFolder);
  settings.size = 300;
  const Image sheet = key_sheet(*engine(), walk({1, 5, 9, 11}), settings);
  EXPECT_EQ(sheet.width, 300);
  EXPECT_GT(sheet.height, 190);
  EXPECT_LT(sheet.height, 210) << "two rows of three";
}

/// A clock that the test turns.
class Clock {
 public:
  LiveTake::Seconds reader() {
    return [this] { return seconds_.load(); };
  }
  void set(double seconds) { seconds_ = seconds; }

 private:
  std::atomic<double> seconds_ = 0;
};

class Take : public ::testing::Test {
 protected:
  static VideoSettings settings() {
    VideoSettings settings;
    settings.format = VideoFormat::Mp4;
    settings.width = 64;
    settings.height = 64;
    settings.fps = 10;
    return settings;
  }
  static TakeStatus completed(LiveTake& take) {
    take.stop();
    while (!take.status().done)
      std::this_thread::yield();
    return take.status();
  }
  TemporaryFolder folder_;
  Clock clock_;
};

TEST_F(Take, FrameKIsWhatWasOnShowAtItsTime) {
  LiveTake take(folder_ / "take.mp4", settings(), Filter::Nearest, clock_.reader());
  take.show(std::make_shared<const Image>(solid(8, 8, 200, 30, 30)));
  clock_.set(1.0);
  take.show(std::make_shared<const Image>(solid(8, 8, 30, 30, 200)));
  clock_.set(1.5);
  take.show(std::make_shared<const Image>(solid(8, 8, 30, 200, 30)));
  clock_.set(3.0);
  const TakeStatus status = completed(take);
  EXPECT_EQ(status.problem, "");
  EXPECT_EQ(status.repeated, 0U);
  EXPECT_EQ(status.frames, 30U);
  const std::vector<Image> frames = frames_of(status.path);
  ASSERT_EQ(frames.size(), 30U);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const int channel = i < 10 ? 0 : i < 15 ? 2 : 1;
    EXPECT_GT(value_at(frames[i], 32, 32, channel), 150) << "frame " << i;
  }
}

TEST_F(Take, IsBoundedAndCountsWhatItCouldNotKeep) {
  LiveTake take(folder_ / "take.mp4", settings(), Filter::Lanczos3, clock_.reader());
  constexpr int kShown = 3000;  // far more at once than any encoder takes
  for (int i = 0; i < kShown; ++i) {
    clock_.set(i * 0.01);
    take.show(std::make_shared<const Image>(solid(8, 8, static_cast<std::uint8_t>(i), 0, 0)));
  }
  clock_.set(kShown * 0.01);
  const TakeStatus status = completed(take);
  EXPECT_GT(status.repeated, 0U);
  EXPECT_EQ(status.frames, 300U) << "the rate stays as it is";
  EXPECT_EQ(frames_of(status.path).size(), 300U);
}

TEST_F(Take, TellsWhatWentWrong) {
  LiveTake take("/proc/no/such/folder/take.mp4", settings(), Filter::Nearest, clock_.reader());
  take.show(std::make_shared<const Image>(solid(8, 8, 1, 2, 3)));
  EXPECT_THAT(completed(take).problem, HasSubstr("could not be written"));
}

}  // namespace
}  // namespace facemorph
