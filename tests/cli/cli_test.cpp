#include "cli/command_line_test.hpp"
#include "pictures/image.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <array>
#include <cstdio>

namespace facemorph {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

TEST_F(CommandLine, InfoDescribesACheckpoint) {
  const Outcome outcome = facemorph("info " + fixture("tiny-32.pth") + " --json");
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const json info = json::parse(outcome.out);
  EXPECT_EQ(info["container"], "PyTorch zip");
  EXPECT_EQ(info["architecture"], "dcgan");
  EXPECT_EQ(info["nz"], 20);
  EXPECT_EQ(info["ngf"], 8);
  EXPECT_EQ(info["image_size"], 32);
  EXPECT_EQ(info["channels"], 3);
  EXPECT_EQ(info["parameters"],
            20 * 32 * 16 + 32 * 16 * 16 + 16 * 8 * 16 + 8 * 3 * 16 + 2 * (32 + 16 + 8));
  EXPECT_FALSE(info["batch_norm"]["recalibrate"]);
}

TEST_F(CommandLine, CudaWithoutAGpuIsAClearError) {
  const Outcome outcome = shell("CUDA_VISIBLE_DEVICES= '" FACEMORPH_PROGRAM "' sample '" +
                                fixture("tiny-32.pth") + "' --seeds 1 --device cuda -o face.png");
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("CUDA is not available"));
  EXPECT_FALSE(fs::exists(file("face.png")));
}

TEST_F(CommandLine, InfoRecommendsRecalibration) {
  const Outcome outcome = facemorph("info " + fixture("broken-statistics.pth") + " --json");
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_TRUE(json::parse(outcome.out)["batch_norm"]["recalibrate"]);
  const Outcome mended =
      facemorph("info --recalibrate " + fixture("broken-statistics.pth") + " --json");
  EXPECT_FALSE(json::parse(mended.out)["batch_norm"]["recalibrate"]);
}

TEST_F(CommandLine, ASeedIsTheFaceThatPythonMakes) {
  ASSERT_EQ(facemorph("sample " + fixture("tiny-32.pth") + " --seeds 7 --precision fp32 -o faces/")
                .exit_code,
            0);
  const Image ours = read_png(file("faces/7.png"));
  const std::string python = contents(fixture("tiny-32-seed7.rgb"));
  ASSERT_EQ(python.size(), 32U * 32U * 3U);
  ASSERT_EQ(ours.rgba.size(), 32U * 32U * 4U);
  for (std::size_t i = 0; i < 32U * 32U; ++i)
    for (std::size_t c = 0; c < 3; ++c)
      ASSERT_NEAR(ours.rgba[i * 4 + c], static_cast<std::uint8_t>(python[i * 3 + c]), 1)
          << "pixel " << i;
}

TEST_F(CommandLine, SampleWritesAGrid) {
  const Outcome outcome =
      facemorph("sample " + fixture("tiny-32.pth") +
                " --seeds 0-7,20 --grid 3x3 --size 40 --gap 2 -o grid.png --json");
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const json result = json::parse(outcome.out);
  EXPECT_EQ(result["faces"], 9);
  EXPECT_EQ(result["seeds"].back(), 20);
  const Image grid = read_png(file("grid.png"));
  EXPECT_EQ(grid.width, 3 * 42 + 2);
  EXPECT_EQ(grid.height, 3 * 42 + 2);
}

TEST_F(CommandLine, SampleNamesSingleFilesByTheirSeeds) {
  ASSERT_EQ(facemorph("sample --seeds 8-11 -o faces/").exit_code, 0);  // the bundled model
  for (const char* name : {"faces/08.png", "faces/09.png", "faces/10.png", "faces/11.png"})
    EXPECT_TRUE(fs::exists(file(name))) << name;
  EXPECT_EQ(read_png(file("faces/08.png")).width, 64);
}

TEST_F(CommandLine, TruncationZeroIsOneFaceForAllSeeds) {
  ASSERT_EQ(facemorph("sample --seeds 1-2 --truncation 0 -o mean/").exit_code, 0);
  EXPECT_EQ(read_png(file("mean/1.png")), read_png(file("mean/2.png")));
}

TEST_F(CommandLine, MorphLoopsWithoutASeam) {
  const std::string model = fixture("tiny-32.pth");
  const Outcome outcome = facemorph(
      "morph " + model + " --seeds 1,5,9 --loop --seconds 3 --fps 10 --size 64 -o frames --json");
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(json::parse(outcome.out)["frames"], 30);
  EXPECT_TRUE(fs::exists(file("frames/frame-000029.png")));
  EXPECT_FALSE(fs::exists(file("frames/frame-000030.png")));
  // Frames at whole seconds are the faces themselves.
  ASSERT_EQ(facemorph("sample " + model + " --seeds 1,5,9 --size 64 -o keys/").exit_code, 0);
  EXPECT_EQ(read_png(file("frames/frame-000000.png")), read_png(file("keys/1.png")));
  EXPECT_EQ(read_png(file("frames/frame-000010.png")), read_png(file("keys/5.png")));
  EXPECT_EQ(read_png(file("frames/frame-000020.png")), read_png(file("keys/9.png")));
  EXPECT_FALSE(read_png(file("frames/frame-000005.png")) == read_png(file("keys/1.png")));
}

TEST_F(CommandLine, MorphRendersASession) {
  std::ofstream(file("walk.facemorph.json")) << R"({"format": "facemorph-session", "version": 1,
    "model": {"path": ")" << fixture("tiny-32.pth")
                                             << R"("},
    "keys": [{"seed": 3, "nz": 20}, {"seed": 4, "nz": 20}],
    "walk": {"loop": false, "seconds_per_face": 1}})";
  const Outcome outcome =
      facemorph("morph --session walk.facemorph.json --fps 5 --size 32 -o frames");
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  ASSERT_EQ(facemorph("sample " + fixture("tiny-32.pth") + " --seeds 3,4 -o keys/").exit_code, 0);
  EXPECT_EQ(read_png(file("frames/frame-000000.png")), read_png(file("keys/3.png")));
  EXPECT_EQ(read_png(file("frames/frame-000005.png")), read_png(file("keys/4.png")));
}

TEST_F(CommandLine, MorphGoesRoundANoiseLoopAndDriftsAsLongAsAsked) {
  const std::string morph = "morph " + fixture("tiny-32.pth") + " --fps 5 --size 32 --seeds 7 ";
  const Outcome loop = facemorph(morph + "--path noise-loop --seconds 2 -o loop --json");
  ASSERT_EQ(loop.exit_code, 0) << loop.err;
  EXPECT_EQ(json::parse(loop.out)["frames"], 10) << "the last is the one before the first";
  EXPECT_FALSE(read_png(file("loop/frame-000000.png")) == read_png(file("loop/frame-000005.png")));
  const Outcome drift = facemorph(morph + "--path drift --seconds 2 -o drift --json");
  ASSERT_EQ(drift.exit_code, 0) << drift.err;
  EXPECT_EQ(json::parse(drift.out)["frames"], 11);
  const Outcome endless = facemorph(morph + "--path drift -o endless");
  EXPECT_EQ(endless.exit_code, 2);
  EXPECT_THAT(endless.err, HasSubstr("--seconds"));
}

TEST_F(CommandLine, MorphOfASessionWhoseModelHasMovedFindsItBeside) {
  fs::copy_file(fixture("tiny-32.pth"), file("moved.pth"));
  std::ofstream(file("walk.facemorph.json")) << R"({"format": "facemorph-session", "version": 2,
    "model": {"path": "/nowhere/moved.pth"}, "keys": [{"seed": 3, "nz": 20}, {"seed": 4, "nz": 20}],
    "walk": {"path": "spline", "seconds_per_face": 0.5}})";
  const Outcome outcome =
      facemorph("morph --session walk.facemorph.json --fps 4 --size 32 -o frames");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
}

TEST_F(CommandLine, ASessionWithoutADisplayIsToBeRendered) {
  const Outcome outcome = facemorph("walk.facemorph.json");
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("morph --session walk.facemorph.json"));
}

TEST_F(CommandLine, MorphDoesNotReplaceFramesUnasked) {
  const std::string command =
      "morph " + fixture("tiny-32.pth") + " --seeds 1,2 --seconds 1 --fps 2 --size 32 -o frames";
  ASSERT_EQ(facemorph(command).exit_code, 0);
  const Outcome again = facemorph(command);
  EXPECT_EQ(again.exit_code, 1);
  EXPECT_THAT(again.err, HasSubstr("--force"));
  EXPECT_EQ(facemorph(command + " --force").exit_code, 0);
}

TEST_F(CommandLine, ConvertGoesThroughBothFormatsAndPythonBitForBit) {
  const std::string original = fixture("tiny-32.pth");
  ASSERT_EQ(facemorph("convert " + original + " a.safetensors").exit_code, 0);
  ASSERT_EQ(facemorph("convert a.safetensors b.pth").exit_code, 0);
  const Outcome python = shell(
      "/usr/bin/python3 -c \"\nimport torch\n"
      "a = torch.load('" +
      original +
      "')\n"
      "b = torch.load('b.pth', weights_only=True)\n"
      "assert list(a) == list(b), (list(a), list(b))\n"
      "assert all(torch.equal(a[k], b[k]) and a[k].dtype == b[k].dtype for k in a)\n\"");
  EXPECT_EQ(python.exit_code, 0) << python.err;
}

TEST_F(CommandLine, ConvertKeepsWhatIsThere) {
  std::ofstream(file("precious.pth")) << "do not lose me";
  const Outcome outcome = facemorph("convert " + fixture("tiny-32.pth") + " precious.pth");
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("--force"));
  EXPECT_EQ(contents(file("precious.pth")), "do not lose me");
}

TEST_F(CommandLine, AHostilePickleIsNamedAndDoesNotRun) {
  const Outcome outcome = facemorph("info " + fixture("hostile.pth"));
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("posix.system"), HasSubstr("did not run it")));
  EXPECT_FALSE(fs::exists(fixture("hostile-payload-ran")));
}

TEST_F(CommandLine, BadInputIsExplained) {
  const Outcome missing = facemorph("info no-such-file.pth --json");
  EXPECT_EQ(missing.exit_code, 1);
  EXPECT_THAT(missing.out, IsEmpty());
  EXPECT_THAT(missing.err, AllOf(HasSubstr("no-such-file.pth"), HasSubstr("does not exist")));
  std::ofstream(file("pointer.pth"))
      << "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 9\n";
  EXPECT_THAT(facemorph("sample pointer.pth -o x.png").err, HasSubstr("git lfs pull"));
  EXPECT_THAT(facemorph("info .").err, HasSubstr("folder"));
}

TEST_F(CommandLine, BadUsageExitsWithTwo) {
  EXPECT_EQ(facemorph("sample --seeds nonsense -o x.png").exit_code, 2);
  EXPECT_EQ(facemorph("sample --seeds 9-3 -o x.png").exit_code, 2);
  EXPECT_EQ(facemorph("sample --seeds 0-63 --grid 2x2 -o x.png").exit_code, 2);
  EXPECT_EQ(facemorph("sample --seeds 0-3").exit_code, 2) << "-o is required";
  EXPECT_EQ(facemorph("morph --seeds 1 -o frames").exit_code, 2) << "one face is no walk";
  EXPECT_EQ(facemorph("morph -o frames").exit_code, 2);
  EXPECT_EQ(facemorph("convert " + fixture("tiny-32.pth") + " weights.txt").exit_code, 2);
  EXPECT_EQ(facemorph("info --frobnicate").exit_code, 2);
  EXPECT_EQ(facemorph("sample --precision fp16 -o x.png").exit_code, 2);
  EXPECT_EQ(facemorph("sample --seeds 1 -o x.xyz").exit_code, 2);
  for (const char* number : {"nan", "inf", "-1", "1e999", "x"}) {
    const std::string value(number);
    EXPECT_EQ(facemorph("sample --seeds 1 --truncation " + value + " -o x.png").exit_code, 2);
    EXPECT_EQ(facemorph("morph --seeds 1,2 --seconds " + value + " -o x.mp4").exit_code, 2);
    EXPECT_EQ(facemorph("morph --seeds 1,2 --range 0:" + value + " -o x.mp4").exit_code, 2);
    EXPECT_EQ(facemorph("bench --seconds " + value).exit_code, 2);
  }
  EXPECT_THAT(facemorph("sample --seeds nonsense -o x.png").err, HasSubstr("0-63"));
  EXPECT_THAT(facemorph("sample --precision fp16 -o x.png").err,
              HasSubstr("--precision: 'fp16' is none of fp32, bf16."));
}

TEST_F(CommandLine, OutputThatCannotBeWrittenIsAFailure) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "this system has no /dev/full";
  for (const char* arguments : {"--help", "info --json", "info"}) {
    const Outcome outcome = facemorph(std::string(arguments) + " > /dev/full");
    EXPECT_EQ(outcome.exit_code, 1) << arguments;
    EXPECT_THAT(outcome.err, HasSubstr("could not be written")) << arguments;
  }
}

TEST_F(CommandLine, JsonTakesAnyFileName) {
  const std::string folder = "caf\xE9";  // Latin-1
  fs::create_directory(file(folder));
  fs::copy_file(fixture("tiny-32.pth"), file(folder) / "net.pth");
  for (const std::string& command :
       {"info '" + folder + "/net.pth' --json",
        "sample '" + folder + "/net.pth' --seeds 1 -o '" + folder + "/' --json",
        "morph '" + folder + "/net.pth' --seeds 1,2 --seconds 0.1 --size 64 -o '" + folder +
            "/x.mp4' --json",
        "make-faces --count 2 -o '" + folder + "/faces' --json"}) {
    const Outcome outcome = facemorph(command);
    EXPECT_EQ(outcome.exit_code, 0) << command << outcome.err;
    EXPECT_NO_THROW(json::parse(outcome.out)) << command;
  }
  EXPECT_EQ(
      facemorph("morph --session '" + folder + "/x.mp4.facemorph.json' -o again.mp4").exit_code, 0)
      << "the session knows where its model is";
}

TEST_F(CommandLine, AnInstructionSetThatDoesNotExistIsNamed) {
  const Outcome outcome =
      shell("FACEMORPH_MAX_ISA=sse9 '" FACEMORPH_PROGRAM "' sample --seeds 1 -o x.png");
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("FACEMORPH_MAX_ISA is 'sse9': choose generic, avx2, avx512 or "
                                     "avx512bf16."));
}

TEST_F(CommandLine, HelpIsThereForEverything) {
  for (const char* command : {"", "info ", "sample ", "morph ", "convert ", "bench "}) {
    const Outcome outcome = facemorph(std::string(command) + "--help");
    EXPECT_EQ(outcome.exit_code, 0) << command;
    EXPECT_THAT(outcome.out, HasSubstr("Usage")) << command;
  }
  EXPECT_THAT(facemorph("--version").out, StartsWith("0."));
}

TEST_F(CommandLine, BenchMeasuresBesideItsPeers) {
  const Outcome outcome = facemorph("bench " + fixture("tiny-32.pth") + " --seconds 0.05 --json",
                                    "FACEMORPH_BENCH_PEERS='" FACEMORPH_PEERS "'");
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const json report = json::parse(outcome.out);
  ASSERT_EQ(report["generator"].size(), 4U);
  for (const json& row : report["generator"]) {
    EXPECT_GT(row["ms_per_face"].get<double>(), 0);
    EXPECT_GT(row["bound_ms_per_face"].get<double>(), 0);
    EXPECT_GT(row["peers"]["pytorch_eager"].get<double>(), 0);
    EXPECT_GT(row["peers"]["torch_jit"].get<double>(), 0);
  }
  EXPECT_GT(report["startup_ms"].get<double>(), 0);
  EXPECT_GT(report["rss_mb"].get<double>(), 1);
  EXPECT_TRUE(report["machine"].contains("processor"));
}

TEST_F(CommandLine, BenchWithoutPeersSaysHowToGetThem) {
  const Outcome outcome = facemorph("bench " + fixture("tiny-32.pth") + " --seconds 0.05");
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("./dev bench measures PyTorch"));
}

TEST_F(CommandLine, WithoutADisplayItRendersALoopInstead) {
  const Outcome outcome = facemorph(fixture("tiny-32.pth"));
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("no display"), HasSubstr("contact-sheet.png")));
  EXPECT_TRUE(fs::exists(file("facemorph-loop/contact-sheet.png")));
  EXPECT_TRUE(fs::exists(file("facemorph-loop/frame-000239.png")));
}

}  // namespace
}  // namespace facemorph
