#include "latent/latent.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace facemorph {
namespace {

using testing::FloatNear;
using testing::Pointwise;

// Our values are those of PyTorch's AVX2 code but for the last bits of logarithm, sine and cosine.
constexpr float kLastBits = 1e-6F;
// Its scalar code rounds the angle another way: up to 6.5e-7, times a radius of up to 5.8.
constexpr float kOtherRounding = 4e-6F;

TEST(SeedLatent, NamesTheSameFaceAsPython) {
  // torch.manual_seed(seed); torch.randn(1, nz, 1, 1)
  const Latent face42 = seed_latent(42, 100);
  ASSERT_EQ(face42.size(), 100U);
  EXPECT_THAT(
      std::span(face42).first(4),
      Pointwise(FloatNear(kLastBits), {1.92691529F, 1.48728406F, 0.900717199F, -2.10552096F}));
  // Fewer than 16 values take another path through PyTorch.
  EXPECT_THAT(seed_latent(1, 7), Pointwise(FloatNear(kLastBits),
                                           {0.661352158F, 0.266924113F, 0.0616772585F, 0.621317327F,
                                            -0.451905966F, -0.16613023F, -1.5227685F}));
  // With 17 values PyTorch draws the last 16 a second time. Of the seed only 32 bits count.
  EXPECT_THAT(seed_latent(std::uint64_t{1} << 63U, 17),
              Pointwise(FloatNear(kLastBits),
                        {-1.12583983F, -1.6959312F, 0.566650629F, 0.793508351F, 0.598839462F,
                         -1.55509508F, -0.34136039F, 1.85300612F, 0.468096405F, -0.585497558F,
                         -0.173396751F, 0.183477938F, 1.38936615F, 1.58633423F, 0.946298361F,
                         -0.843676746F, 0.931826591F}));
}

TEST(SeedLatent, AgreesWithPythonForManySeedsAndSizes) {
  const char* folder = std::getenv("FACEMORPH_FIXTURES");
  ASSERT_NE(folder, nullptr) << "Set FACEMORPH_FIXTURES to a folder that "
                                "tests/python/make_latents.py has written to.";
  std::ifstream file(std::filesystem::path(folder) / "latents.json");
  ASSERT_TRUE(file.good()) << "There is no latents.json in " << folder;
  const auto fixture = nlohmann::json::parse(file);
  ASSERT_FALSE(fixture.at("latents").empty());
  const float tolerance = fixture.at("cpu") == "AVX2" ? kLastBits : kOtherRounding;
  for (const auto& entry : fixture.at("latents")) {
    const auto seed = entry.at("seed").get<std::uint64_t>();
    const auto nz = entry.at("nz").get<int>();
    EXPECT_THAT(seed_latent(seed, nz),
                Pointwise(FloatNear(tolerance), entry.at("values").get<std::vector<float>>()))
        << "seed " << seed << ", nz " << nz;
  }
}

TEST(SeedLatent, IsStandardNormal) {
  const Latent z = seed_latent(7, 100'000);
  double sum = 0;
  for (const float value : z)
    sum += value;
  EXPECT_NEAR(sum / 1e5, 0.0, 0.02);
  EXPECT_NEAR(norm(z) / std::sqrt(1e5), 1.0, 0.01);
}

TEST(SeedLatent, IsTheSameEveryTime) {
  EXPECT_EQ(seed_latent(3, 100), seed_latent(3, 100));
  EXPECT_NE(seed_latent(3, 100), seed_latent(4, 100));
}

TEST(Norm, IsTheEuclideanLength) {
  EXPECT_EQ(norm(Latent{3.0F, -4.0F}), 5.0F);
  EXPECT_EQ(norm(Latent{}), 0.0F);
  EXPECT_FLOAT_EQ(norm(Latent{3e30F, 4e30F}), 5e30F);  // squares that a float cannot hold
}

TEST(Truncate, ScalesTowardsTheMeanFace) {
  const Latent z = seed_latent(5, 64);
  EXPECT_EQ(truncate(z, 1.0F), z);
  EXPECT_EQ(truncate(z, 0.0F), Latent(64, 0.0F));
  EXPECT_FLOAT_EQ(norm(truncate(z, 0.7F)), 0.7F * norm(z));
}

}  // namespace
}  // namespace facemorph
