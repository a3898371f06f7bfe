#include "engine/engine.hpp"

#include "base/error.hpp"
#include "engine/model_files.hpp"
#include "engine/pictures.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace facemorph {
namespace {

using ::testing::AllOf;
using testing::Fixture;
using testing::fixture;
using testing::fixtures;
using ::testing::HasSubstr;
using testing::open_fixture;
using ::testing::ThrowsMessage;

std::vector<Latent> latents_of(const Tensor& tensor) {
  const std::vector<float> values = to_floats(tensor);
  const auto nz = static_cast<std::ptrdiff_t>(tensor.shape[1]);
  std::vector<Latent> latents;
  for (auto at = values.begin(); at != values.end(); at += nz)
    latents.emplace_back(at, at + nz);
  return latents;
}

/// The n-th picture of an output [N, C, H, W] in [-1, 1].
Image picture_of(const Tensor& output, std::size_t n) {
  const std::vector<float> values = to_floats(output);
  const auto channels = static_cast<std::size_t>(output.shape[1]);
  Image image{static_cast<int>(output.shape[3]), static_cast<int>(output.shape[2]), {}};
  const auto plane = static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height);
  for (std::size_t i = 0; i < plane; ++i) {
    for (std::size_t c = 0; c < 3; ++c) {
      const float x = values[(n * channels + std::min(c, channels - 1)) * plane + i];
      image.rgba.push_back(static_cast<std::uint8_t>(std::lround((x + 1) / 2 * 255)));
    }
    image.rgba.push_back(255);
  }
  return image;
}

/// Runs on every device of this machine: on the GPU where there is one.
class EngineOnDevice : public ::testing::TestWithParam<Device> {};

std::vector<Device> devices() {
  if (cuda_available()) return {Device::Cpu, Device::Cuda};
  return {Device::Cpu};
}

INSTANTIATE_TEST_SUITE_P(Engine, EngineOnDevice, ::testing::ValuesIn(devices()),
                         [](const auto& test) { return std::string(device_name(test.param)); });

TEST_P(EngineOnDevice, PicturesAreThoseOfPython) {
  for (const Fixture& python : fixtures("generator")) {
    SCOPED_TRACE(python.name());
    const TemporaryFolder folder;
    const auto model = load_model(testing::write_model(folder, python, python.table("state/")));
    const auto engine = make_engine(*model, {GetParam(), 0, NumberFormat::Float32});
    const auto images = engine->generate(latents_of(python.tensor("input")));
    const Tensor expected = python.tensor("eval");
    ASSERT_EQ(images.size(), static_cast<std::size_t>(expected.shape[0]));
    for (std::size_t i = 0; i < images.size(); ++i)
      EXPECT_LE(largest_difference(images[i], picture_of(expected, i)), 1);
  }
}

TEST(Engine, TheSameLatentsGiveTheSamePictures) {
  const auto engine = make_engine(*open_fixture(fixture("g64_nz100_nc3")));
  const auto latents = seed_latents(0, 3, 100);
  EXPECT_EQ(engine->generate(latents), engine->generate(latents));
}

TEST(Engine, ABatchGivesThePicturesOfItsFaces) {
  const auto engine = make_engine(*open_fixture(fixture("g64_nz100_nc3")));
  const auto latents = seed_latents(0, 5, 100);
  const auto together = engine->generate(latents);
  ASSERT_EQ(together.size(), latents.size());
  for (std::size_t i = 0; i < latents.size(); ++i)
    EXPECT_EQ(together[i], engine->generate({&latents[i], 1}).at(0));
  EXPECT_GT(largest_difference(together[0], together[1]), 8);
}

TEST(Engine, NoLatentsGiveNoPictures) {
  EXPECT_TRUE(make_engine(*open_fixture(fixture("g32_nz7_nc3")))->generate({}).empty());
}

TEST(Engine, GreyModelsGiveGreyPictures) {
  const auto engine = make_engine(*open_fixture(fixture("g64_nz16_nc1")));
  EXPECT_EQ(engine->info().channels, 1);
  const Image image = engine->generate(seed_latents(0, 1, 16)).at(0);
  for (std::size_t i = 0; i < image.rgba.size(); i += 4) {
    ASSERT_EQ(image.rgba[i], image.rgba[i + 1]);
    ASSERT_EQ(image.rgba[i], image.rgba[i + 2]);
    ASSERT_EQ(image.rgba[i + 3], 255);
  }
}

TEST(Engine, NotANumberIsBlack) {
  const auto engine = make_engine(*open_fixture(fixture("g32_nz7_nc3")));
  const std::vector<Latent> latents = {Latent(7, std::numeric_limits<float>::quiet_NaN())};
  const Image image = engine->generate(latents).at(0);
  EXPECT_EQ(image.rgba.at(0), 0);
  EXPECT_EQ(image.rgba.at(3), 255);
}

TEST(Engine, LatentsOfAnotherSizeAreRefused) {
  const auto engine = make_engine(*open_fixture(fixture("g32_nz7_nc3")));
  EXPECT_THAT([&] { engine->generate(seed_latents(0, 2, 8)); },
              ThrowsMessage<Error>(AllOf(HasSubstr("7 values"), HasSubstr("8"))));
}

TEST(Engine, InfoSaysWhatRunsWhere) {
  const auto model = open_fixture(fixture("g32_nz7_nc3"));
  const auto engine = make_engine(*model, {Device::Cpu, 2, NumberFormat::Float32});
  const EngineInfo& info = engine->info();
  EXPECT_THAT(info.backend, HasSubstr("Facemorph"));
  EXPECT_EQ(info.device_text, "CPU, 2 threads, fp32");
  EXPECT_EQ(info.threads, 2);
  EXPECT_EQ(info.nz, 7);
  EXPECT_EQ(info.width, 32);
  EXPECT_EQ(info.height, 32);
  EXPECT_EQ(info.channels, 3);
  EXPECT_GE(make_engine(*model)->info().threads, 1);
}

TEST(LoadModel, KnowsTheFileAndTheNetwork) {
  const TemporaryFolder folder;
  const Fixture python = fixture("g64_nz16_nc1");
  const auto path = testing::write_model(folder, python, testing::healthy_state(python));
  const auto model = load_model(path);
  EXPECT_EQ(model->path, path);
  EXPECT_EQ(model->name, python.name());
  EXPECT_EQ(model->hash.size(), 32U);
  EXPECT_EQ(model->container, Container::Safetensors);
  EXPECT_EQ(model->arch, python.arch());
  ASSERT_TRUE(model->network);
  std::int64_t parameters = 0;
  for (const auto& [name, tensor] : model->network->tensors.entries())
    if (name.ends_with("weight") || name.ends_with("bias")) parameters += tensor.numel();
  EXPECT_EQ(model->parameters, parameters);
}

TEST(LoadModel, ErrorsNameTheFile) {
  const TemporaryFolder folder;
  const auto path = folder / "absent.pth";
  EXPECT_THAT([&] { load_model(path); }, ThrowsMessage<Error>(HasSubstr("absent.pth")));
}

}  // namespace
}  // namespace facemorph
