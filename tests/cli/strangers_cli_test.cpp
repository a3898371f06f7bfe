#include "cli/command_line_test.hpp"
#include "pictures/image.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace facemorph {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;

/// Generators that are not the tutorial's, as strangers publish them.
class StrangersModel : public CommandLine {
 protected:
  static std::string stranger(const std::string& name) { return fixture("../strangers/" + name); }
  json info(const std::string& arguments) {
    const Outcome outcome = facemorph("info --json " + arguments);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return json::parse(outcome.out);
  }
  static json assumption(const json& info, const std::string& key) {
    for (const json& entry : info["assumptions"])
      if (entry["key"] == key) return entry;
    return {};
  }
  Image face(const std::string& checkpoint, const std::string& name) {
    const Outcome outcome = facemorph("sample " + checkpoint + " --seeds 5 -o " + name + ".png");
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return read_png(file(name + ".png"));
  }
  static int largest_difference(const Image& a, const Image& b) {
    if (a.rgba.size() != b.rgba.size()) return 255;
    int most = 0;
    for (std::size_t i = 0; i < a.rgba.size(); ++i)
      most = std::max(most, std::abs(int{a.rgba[i]} - int{b.rgba[i]}));
    return most;
  }
};

TEST_F(StrangersModel, InfoSaysWhatIsAssumedAndHowSureItIs) {
  const json activation = assumption(info(stranger("leaky-0.2.pth")), "activation");
  EXPECT_EQ(activation["value"], "leaky_relu_0.2");
  EXPECT_GT(activation["confidence"], 0.5);
  EXPECT_THAT(activation["why"].get<std::string>(), HasSubstr("statistics"));
  EXPECT_THAT(facemorph("info " + stranger("leaky-0.2.pth")).out,
              AllOf(HasSubstr("activation"), HasSubstr("leaky_relu_0.2 (")));
}

TEST_F(StrangersModel, AnAssumptionCanBeOverridden) {
  const std::string file = stranger("leaky-0.2.pth");
  const json activation = assumption(info(file + " --assume activation=elu"), "activation");
  EXPECT_EQ(activation["value"], "elu");
  EXPECT_EQ(activation["confidence"], 1);
  EXPECT_GT(largest_difference(face(file, "read"), face(file + " --assume activation=elu", "elu")),
            8);
}

TEST_F(StrangersModel, OfOnnxOnlyTheLatentIsOpen) {
  const std::string file = stranger("functional.onnx");
  const json read = info(file);
  ASSERT_EQ(read["assumptions"].size(), 1);
  EXPECT_EQ(assumption(read, "latent")["value"], "normal");
  EXPECT_GT(largest_difference(face(file, "normal"), face(file + " --assume latent=sphere", "s")),
            8);
  const Outcome outcome = facemorph("info " + file + " --assume activation=elu");
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("latent"));
}

TEST_F(StrangersModel, AnAssumptionThatCannotBeIsBadUsage) {
  const Outcome key = facemorph("info " + stranger("leaky-0.2.pth") + " --assume slope=0.3");
  EXPECT_EQ(key.exit_code, 2);
  EXPECT_THAT(key.err, AllOf(HasSubstr("slope"), HasSubstr("activation"), HasSubstr("latent")));
  const Outcome value =
      facemorph("info " + stranger("leaky-0.2.pth") + " --assume activation=rose");
  EXPECT_EQ(value.exit_code, 2);
  EXPECT_THAT(value.err, AllOf(HasSubstr("rose"), HasSubstr("leaky_relu_0.2")));
  EXPECT_EQ(facemorph("info " + stranger("leaky-0.2.pth") + " --assume elu").exit_code, 2);
}

TEST_F(StrangersModel, WhatIsKeptBesideTheFileCountsAndIsNeverInTheWay) {
  fs::copy_file(stranger("leaky-0.2.pth"), file("net.pth"));
  std::ofstream(file("net.facemorph.json"))
      << R"({"facemorph": "assumptions", "version": 1, "assumptions": {"activation": "elu"}})";
  EXPECT_EQ(assumption(info("net.pth"), "activation")["value"], "elu");
  EXPECT_EQ(assumption(info("net.pth --assume activation=gelu"), "activation")["value"], "gelu");
  std::ofstream(file("net.facemorph.json")) << "{ torn";
  EXPECT_EQ(assumption(info("net.pth"), "activation")["value"], "leaky_relu_0.2");
  std::ofstream(file("net.facemorph.json"))
      << R"({"facemorph": "assumptions", "version": 1, "assumptions": {"activation": "rose"}})";
  const json described = info("net.pth");
  EXPECT_EQ(assumption(described, "activation")["value"], "leaky_relu_0.2");
  EXPECT_THAT(described["problems"].dump(), HasSubstr("rose"));
}

TEST_F(StrangersModel, AClassIsChosenLikeAnAssumption) {
  const std::string file = stranger("cgan-conv.pth");
  EXPECT_GT(largest_difference(face(file + " --assume class=1", "one"),
                               face(file + " --assume class=7", "seven")),
            8);
}

TEST_F(StrangersModel, ATorchScriptProgramIsConvertedWhenItsLayersAreFoundOut) {
  const std::string original = stranger("traced-linear.pt");
  const Outcome outcome = facemorph("convert " + original + " copy.safetensors");
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_LE(largest_difference(face(original, "original"), face("copy.safetensors", "copy")), 1);
}

class Converted : public StrangersModel, public ::testing::WithParamInterface<const char*> {};

TEST_P(Converted, OpensWithNothingToGuessAndMakesTheSameFaces) {
  const std::string original = stranger("pytorch-gan-32.pth");
  const std::string converted = std::string("copy") + GetParam();
  ASSERT_EQ(facemorph("convert " + original + " " + converted).exit_code, 0);
  EXPECT_LE(largest_difference(face(original, "original"), face(converted, "converted")), 1);
  const json described = info(converted);
  for (const json& choice : described.value("assumptions", json::array()))
    EXPECT_EQ(choice["confidence"], 1) << choice;
}

INSTANTIATE_TEST_SUITE_P(To, Converted, ::testing::Values(".safetensors", ".onnx", ".torchscript"));

}  // namespace
}  // namespace facemorph
