#include "engine/engine.hpp"

#include "base/error.hpp"
#include "engine/model_files.hpp"
#include "engine/model_health.hpp"

#include <gmock/gmock.h>

#include <cmath>

namespace facemorph {
namespace {

using ::testing::AllOf;
using testing::fixtures_folder;
using ::testing::HasSubstr;
using testing::script_fixture;
using ::testing::ThrowsMessage;

std::shared_ptr<const Model> load_program(const std::string& name) {
  return load_model(fixtures_folder() / (name + ".pt"));
}

/// The three latents that Python used, and the red channel's levels that it got for them.
std::vector<Latent> python_latents() {
  const std::vector<float> values = to_floats(script_fixture().tensor("input"));
  std::vector<Latent> latents;
  for (auto at = values.begin(); at != values.end(); at += 24)
    latents.emplace_back(at, at + 24);
  return latents;
}

void expect_pictures(const std::string& program, const std::string& output, bool flat) {
  SCOPED_TRACE(program);
  const auto model = load_program(program);
  const Tensor expected = script_fixture().tensor(output);
  EXPECT_EQ(model->container, Container::TorchScript);
  EXPECT_EQ(model->torchscript_flat_latent, flat);
  EXPECT_EQ(model->arch.nz, 24);
  EXPECT_EQ(model->arch.nc, expected.shape[1]);
  EXPECT_EQ(model->arch.image_size, 32);
  EXPECT_FALSE(model->network);
  EXPECT_FALSE(check_health(*model, 1));
  EXPECT_GT(model->parameters, 1000);

  const auto images = make_engine(*model)->generate(python_latents());
  ASSERT_EQ(images.size(), 3U);
  const std::vector<float> values = to_floats(expected);
  const std::size_t plane = 32 * 32;
  for (std::size_t n = 0; n < images.size(); ++n)
    for (std::size_t i = 0; i < plane; ++i) {
      const float x = values[n * static_cast<std::size_t>(expected.shape[1]) * plane + i];
      ASSERT_NEAR(images[n].rgba[i * 4], std::round((x + 1) / 2 * 255), 1.0);
    }
}

TEST(TorchScript, ProgramsThatTakeFourDimensionsRun) {
  expect_pictures("traced", "image", false);
  expect_pictures("scripted", "image", false);
}

TEST(TorchScript, ProgramsThatTakeTwoDimensionsRun) {
  expect_pictures("flat_traced", "flat_image", true);
  expect_pictures("flat_scripted", "flat_image", true);
}

TEST(TorchScript, ProgramsThatTakeOneLatentAtATimeRun) {
  expect_pictures("one_by_one", "image", false);
}

TEST(TorchScript, LatentsOfAnotherSizeAreRefused) {
  const auto engine = make_engine(*load_program("traced"));
  const std::vector<Latent> latents = {Latent(23)};
  EXPECT_THAT([&] { engine->generate(latents); }, ThrowsMessage<Error>(HasSubstr("24 values")));
}

/// Refused with a message that names the file, the culprit and a way out.
void expect_refused(const std::string& program, const std::string& culprit,
                    const std::string& way_out = "netG.state_dict()") {
  SCOPED_TRACE(program);
  EXPECT_THAT([&] { load_program(program); },
              ThrowsMessage<Error>(
                  AllOf(HasSubstr(program + ".pt"), HasSubstr(culprit), HasSubstr(way_out))));
}

TEST(TorchScript, ProgramsThatReadFilesAreRefused) {
  expect_refused("reads_file", "aten::from_file");
}

TEST(TorchScript, ProgramsThatLoopAreRefused) {
  expect_refused("loops", "prim::Loop");
}

TEST(TorchScript, ProgramsThatDoubleListsOrTextsAreRefused) {
  expect_refused("doubles_text", "aten::format of lists or texts");
  expect_refused("doubles_lists", "aten::add of lists or texts");
}

TEST(TorchScript, ProgramsThatRunWhileLoadingAreRefused) {
  expect_refused("runs_while_loading", "__setstate__");
}

TEST(TorchScript, ProgramsThatCallWithoutEndAreRefused) {
  expect_refused("calls_without_end", "far larger", "");
}

TEST(TorchScript, ProgramsThatAskForAllMemoryAreRefused) {
  expect_refused("asks_for_memory", "more memory than a generator needs", "");
}

TEST(TorchScript, DiscriminatorsAreNamed) {
  expect_refused("discriminator", "discriminator", "Open the generator");
}

TEST(TorchScript, ProgramsThatGiveNoPicturesAreRefusedWithTheShape) {
  expect_refused("not_square", "[1, 1, 2, 4]", "");
}

}  // namespace
}  // namespace facemorph
