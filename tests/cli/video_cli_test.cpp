#include "cli/command_line_test.hpp"

#include "videos/video.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace facemorph {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::Gt;
using ::testing::HasSubstr;

class VideoCommandLine : public CommandLine {
 protected:
  /// How many frames can be decoded.
  static std::size_t frames_of(const fs::path& path) {
    VideoReader reader(path);
    std::size_t frames = 0;
    while (reader.next())
      ++frames;
    return frames;
  }
  /// What a run that was cut off has left.
  fs::path part_of(const std::string& stem) const {
    for (const auto& entry : fs::directory_iterator(folder_.path()))
      if (entry.path().filename().string().starts_with(stem + ".part")) return entry.path();
    return {};
  }
  std::string tiny() const { return fixture("tiny-32.pth"); }
};

TEST_F(VideoCommandLine, MorphWritesAVideoThatReopensWhatMadeIt) {
  const Outcome outcome = facemorph("morph " + tiny() +
                                    " --seeds 1,5,9 --loop --seconds 2 --fps 30 --size 64 "
                                    "-o morph.mp4 --json");
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const json report = json::parse(outcome.out);
  EXPECT_EQ(report["frames"], 60);
  EXPECT_EQ(report["format"], "mp4");
  VideoReader video(file("morph.mp4"));
  EXPECT_EQ(video.width(), 64);
  EXPECT_NEAR(video.seconds(), 2, 0.02);
  EXPECT_EQ(frames_of(file("morph.mp4")), 60U);

  ASSERT_EQ(facemorph("morph --session morph.mp4 --fps 30 --size 64 -o again.mp4").exit_code, 0);
  VideoReader first(file("morph.mp4"));
  VideoReader second(file("again.mp4"));
  while (const auto frame = first.next())
    EXPECT_EQ(frame, second.next());
  EXPECT_FALSE(second.next());
}

TEST_F(VideoCommandLine, AVideoMayHaveTheLongestName) {
  for (const std::string ending : {".mp4", ".gif", ".zip"}) {
    const std::string name = std::string(255 - ending.size(), 'n') + ending;
    const Outcome made =
        facemorph("morph " + tiny() + " --seeds 1,5 --seconds 0.2 --fps 10 --size 32 -o " + name);
    ASSERT_EQ(made.exit_code, 0) << made.err;
    EXPECT_TRUE(fs::exists(file(name)));
    EXPECT_EQ(facemorph("morph --session " + name + " --size 32 -o again" + ending).exit_code, 0);
  }
  const std::string too_long(260, 'n');
  const Outcome refused =
      facemorph("morph " + tiny() + " --seeds 1,5 --seconds 0.2 --size 32 -o " + too_long + ".mp4");
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("could not be written: File name too long"));
}

TEST_F(VideoCommandLine, RawFramesGoToStandardOutput) {
  ASSERT_EQ(facemorph("morph " + tiny() + " --seeds 1,5 --seconds 1 --fps 5 --size 32 -o frames")
                .exit_code,
            0);
  const Outcome raw =
      facemorph("morph " + tiny() + " --seeds 1,5 --seconds 1 --fps 5 --size 32 -o -");
  ASSERT_EQ(raw.exit_code, 0) << raw.err;
  constexpr std::size_t kFrame = std::size_t{32} * 32 * 3;
  ASSERT_EQ(raw.out.size() % kFrame, 0U);
  const std::size_t count = raw.out.size() / kFrame;
  EXPECT_TRUE(fs::exists(file("frames") / frame_name(count - 1)));
  EXPECT_FALSE(fs::exists(file("frames") / frame_name(count)));
  const Image last = read_png(file("frames") / frame_name(count - 1));
  for (std::size_t i = 0; i < kFrame; ++i)
    ASSERT_EQ(static_cast<std::uint8_t>(raw.out[(count - 1) * kFrame + i]),
              last.rgba[i / 3 * 4 + i % 3]);
}

TEST_F(VideoCommandLine, EveryLayoutAndFormatHasItsOption) {
  const std::string walk = "morph " + tiny() + " --seeds 1,5,9 --seconds 0.4 --loop ";
  EXPECT_EQ(facemorph(walk + "--layout grid --grid 4x2 --size 128 -o grid.webm").exit_code, 0);
  EXPECT_EQ(VideoReader(file("grid.webm")).width(), 128);
  EXPECT_EQ(
      facemorph(walk + "--layout sources --caption 'One, two' --size 90 -o sources.gif").exit_code,
      0);
  EXPECT_EQ(VideoReader(file("sources.gif")).width(), 90);
  EXPECT_EQ(facemorph(walk + "--size 90 -o keys.png").exit_code, 0);
  EXPECT_EQ(read_png(file("keys.png")).width, 90);
  EXPECT_EQ(facemorph(walk + "--range 0.1:0.3 --loops 3 --fps 20 --size 64 -o part.mp4").exit_code,
            0);
  EXPECT_EQ(frames_of(file("part.mp4")), 12U);
}

TEST_F(VideoCommandLine, BadUsageIsExplained) {
  const std::string walk = "morph " + tiny() + " --seeds 1,5 ";
  EXPECT_EQ(facemorph(walk + "-o out.xyz").exit_code, 2);
  EXPECT_EQ(facemorph(walk + "--fps 60 -o out.gif").exit_code, 2);
  for (const char* rate : {"0", "nan", "241", "30fps", "30/0"})
    EXPECT_EQ(facemorph(walk + "--fps " + rate + " -o out.mp4").exit_code, 2) << rate;
  EXPECT_EQ(facemorph(walk + "--range 3 -o out.mp4").exit_code, 2);
  EXPECT_EQ(facemorph(walk + "--range 1:1e -o out.mp4").exit_code, 2);
  EXPECT_EQ(facemorph(walk + "--transparent -o out.mp4").exit_code, 2);
  EXPECT_EQ(facemorph(walk + "--layout grid --grid 40x40 --size 64 -o out.mp4").exit_code, 2);
  std::ofstream(file("mine.mp4")) << "precious";
  const Outcome taken = facemorph(walk + "-o mine.mp4");
  EXPECT_EQ(taken.exit_code, 1);
  EXPECT_THAT(taken.err, HasSubstr("--force"));
  EXPECT_EQ(contents(file("mine.mp4")), "precious");
  const Outcome other = facemorph("morph --session mine.mp4 -o x.mp4");
  EXPECT_EQ(other.exit_code, 1);
  EXPECT_THAT(other.err, HasSubstr("carries no session"));
}

TEST_F(VideoCommandLine, AVideoWhoseMakerWasKilledPlays) {
  for (const char* name : {"film.mp4", "film.webm", "film.gif"}) {
    // Killed when half a megabyte or two seconds of pictures are on the disk.
    const std::string morph = std::string("env -u DISPLAY '") + FACEMORPH_PROGRAM + "' morph " +
                              tiny() + " --seeds 1-9 --seconds 3000 --fps 30 --size 256 -o " + name;
    const std::string killed =
        morph +
        " & maker=$!; for i in $(seq 400); do sleep 0.05; "
        "[ $(stat -c %s film.part.* 2>/dev/null || echo 0) -gt 300000 ] && break; done; "
        "kill -9 $maker; wait $maker; true";
    shell(killed);
    const fs::path part = part_of("film");
    ASSERT_FALSE(part.empty()) << name;
    EXPECT_FALSE(fs::exists(file(name)));
    EXPECT_THAT(frames_of(part), Gt(2U)) << name;  // lossless frames of noise are large
    EXPECT_TRUE(read_video_session(part)) << name;
    fs::remove(part);
  }
}

TEST_F(VideoCommandLine, AVideoWhoseMakerIsAskedToEndPlaysUpToThere) {
  for (const char* signal : {"TERM", "HUP"}) {
    const std::string name = std::string(signal) + ".mp4";
    const Outcome outcome =
        shell(std::string("env -u DISPLAY '") + FACEMORPH_PROGRAM + "' morph " + tiny() +
              " --seeds 1-9 --seconds 3000 --fps 30 --size 256 -o " + name +
              " & maker=$!; for i in $(seq 400); do sleep 0.05; [ $(stat -c %s " + signal +
              ".part.* 2>/dev/null || echo 0) -gt 300000 ] && break; done; kill -" + signal +
              " $maker; wait $maker");
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_THAT(outcome.err, AllOf(HasSubstr("Stopped"), HasSubstr("kept in " + name)));
    EXPECT_THAT(frames_of(file(name)), Gt(2U));
    EXPECT_TRUE(read_video_session(file(name)));
  }
}

TEST_F(VideoCommandLine, AFullDiskKeepsWhatWasWritten) {
  // A limit on the size of files fails as a full disk does; a real one needs root.
  const std::string morph = std::string("env -u DISPLAY '") + FACEMORPH_PROGRAM + "' morph " +
                            tiny() + " --seeds 1-9 --seconds 300 --fps 30 --size 256 -o ";
  const Outcome outcome = shell("trap '' XFSZ; ulimit -f 600; " + morph + "full.mp4");
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("could not be written"), HasSubstr("kept in")));
  EXPECT_THAT(frames_of(file("full.mp4")), Gt(30U));

  if (shell("mkdir disk && mount -t tmpfs -o size=500k tmpfs disk").exit_code != 0) return;
  const Outcome full = shell(morph + "disk/full.mp4");
  EXPECT_EQ(full.exit_code, 1);
  EXPECT_THAT(full.err, AllOf(HasSubstr("No space left"), HasSubstr("kept in")));
  EXPECT_THAT(frames_of(file("disk/full.mp4")), Gt(30U));
  shell("umount disk");
}

TEST_F(VideoCommandLine, BenchComparesTheStepsWithTheWhole) {
  const Outcome outcome = facemorph("bench video " + tiny() + " --seconds 0.5 --size 64 --json");
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const json report = json::parse(outcome.out);
  for (const char* key : {"generate_ms", "scale_ms", "encode_ms", "export_ms", "times_real_time"})
    EXPECT_GT(report[key].get<double>(), 0) << key;
}

}  // namespace
}  // namespace facemorph
