#include "cli/command_line_test.hpp"

#include <gmock/gmock.h>

namespace facemorph {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// What a person without LibTorch has.
class WithoutLibTorch : public CommandLine {
 protected:
  /// The dynamic linker looks here first.
  void SetUp() override { std::ofstream(file("libfacemorph_torch.so")) << "not a library"; }
  Outcome run(const std::string& arguments) {
    return shell("env -u DISPLAY XDG_CONFIG_HOME=. LD_LIBRARY_PATH=. '" FACEMORPH_PROGRAM "' " +
                 arguments);
  }
};

TEST_F(WithoutLibTorch, TheBundledModelMakesFacesAndVideos) {
  const Outcome info = run("info");
  EXPECT_EQ(info.exit_code, 0) << info.err;
  EXPECT_THAT(info.out, HasSubstr("The stored statistics fit"));
  const Outcome sample = run("sample --seeds 0-3 -o grid.png");
  EXPECT_EQ(sample.exit_code, 0) << sample.err;
  EXPECT_TRUE(fs::exists(file("grid.png")));
  const Outcome morph = run("morph --seeds 1,2 --seconds 0.2 --size 64 -o morph.mp4");
  EXPECT_EQ(morph.exit_code, 0) << morph.err;
  EXPECT_TRUE(fs::exists(file("morph.mp4")));
}

TEST_F(WithoutLibTorch, WhatNeedsItSaysSo) {
  for (const std::string& command :
       {"info '" + fixture("tiny-32.pth") + "'",
        std::string("sample --device cuda --seeds 1 -o a.png"),
        std::string("convert '" FACEMORPH_MODEL "' out.torchscript")}) {
    const Outcome outcome = run(command);
    EXPECT_EQ(outcome.exit_code, 1) << command << "\n" << outcome.out;
    EXPECT_THAT(outcome.err, HasSubstr("LibTorch")) << command;
    EXPECT_THAT(outcome.err, HasSubstr("could not be loaded")) << command;
  }
}

/// Half an update: the program is new, the module beside it is not.
TEST_F(CommandLine, AModuleOfAnotherBuildIsRefused) {
  const Outcome outcome = shell("LD_LIBRARY_PATH='" FACEMORPH_STALE_MODULE "' '" FACEMORPH_PROGRAM
                                "' convert '" FACEMORPH_MODEL "' out.torchscript");
  EXPECT_EQ(outcome.exit_code, 1) << outcome.out;
  EXPECT_THAT(outcome.err, HasSubstr("libfacemorph_torch.so is of another build"));
  EXPECT_FALSE(fs::exists(file("out.torchscript")));
}

/// LibTorch takes longer to start than a face takes to make.
TEST_F(CommandLine, FacesAreMadeWithoutLoadingLibTorch) {
  const auto libraries = [&](const std::string& arguments) {
    const Outcome outcome = shell("env LD_DEBUG=files '" FACEMORPH_PROGRAM "' " + arguments);
    EXPECT_EQ(outcome.exit_code, 0);
    return outcome.err;
  };
  EXPECT_THAT(libraries("sample --seeds 1 -o face.png"), Not(HasSubstr("libtorch")));
  EXPECT_THAT(libraries("info"), Not(HasSubstr("libtorch")));
  EXPECT_THAT(libraries("convert '" FACEMORPH_MODEL "' out.torchscript"), HasSubstr("libtorch"));
}

}  // namespace
}  // namespace facemorph
