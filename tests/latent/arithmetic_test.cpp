#include "latent/arithmetic.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace facemorph {
namespace {

TEST(WeightedSum, AddsAndTakesAwayMeans) {
  const std::vector<WeightedLatents> terms = {
      {1.0F, {{4, 0}, {2, 2}}}, {-1.0F, {{1, 1}}}, {2.0F, {}}};
  EXPECT_EQ(weighted_sum(terms, SumLength::Raw), (Latent{2, 0}));
}

TEST(WeightedSum, CanHaveTheLengthOfARandomLatent) {
  const std::vector<WeightedLatents> terms = {
      {1.0F, {seed_latent(1, 100), seed_latent(2, 100), seed_latent(3, 100)}}};
  EXPECT_LT(norm(weighted_sum(terms, SumLength::Raw)), 7.0F);
  EXPECT_NEAR(norm(weighted_sum(terms, SumLength::Typical)), 10.0F, 1e-4F);
}

TEST(WeightedSum, OfNothingIsNothing) {
  EXPECT_TRUE(weighted_sum({}, SumLength::Typical).empty());
  const std::vector<WeightedLatents> bins = {{1.0F, {}}, {-1.0F, {}}};
  EXPECT_TRUE(weighted_sum(bins, SumLength::Typical).empty());
}

TEST(WeightedSum, ThatCancelsStaysZero) {
  const std::vector<WeightedLatents> terms = {{1.0F, {{3, 4}}}, {-1.0F, {{3, 4}}}};
  EXPECT_EQ(weighted_sum(terms, SumLength::Typical), (Latent{0, 0}));
}

TEST(NoisyNeighbour, StaysNearAndIsAlwaysTheSame) {
  const Latent centre = seed_latent(7, 100);
  const Latent neighbour = noisy_neighbour(centre, 0.25F, 3);
  EXPECT_EQ(neighbour, noisy_neighbour(centre, 0.25F, 3));
  EXPECT_NE(neighbour, noisy_neighbour(centre, 0.25F, 4));
  double square = 0;
  for (std::size_t i = 0; i < centre.size(); ++i) {
    const float shift = neighbour[i] - centre[i];
    EXPECT_LE(std::abs(shift), 0.2501F);
    square += static_cast<double>(shift) * shift;
  }
  EXPECT_NEAR(std::sqrt(square / 100), 0.25 / std::sqrt(3.0), 0.03) << "uniform";
  EXPECT_EQ(noisy_neighbour(centre, 0.0F, 3), centre);
}

TEST(MovedAlong, GoesToThePlaceAndChangesNothingAcross) {
  const Latent z = seed_latent(1, 64);
  const Latent along = with_norm(seed_latent(2, 64), 1.0F);
  Latent across = seed_latent(3, 64);
  across = with_norm(moved_along(across, along, 0), 1.0F);
  const Latent moved = moved_along(z, along, 2.5F);
  EXPECT_NEAR(place_along(moved, along), 2.5F, 1e-5F);
  EXPECT_NEAR(place_along(moved, across), place_along(z, across), 1e-5F);
}

TEST(MovedAlong, HoldsOtherDirections) {
  const Latent z = seed_latent(1, 64);
  const Latent smile = with_norm(seed_latent(2, 64), 1.0F);
  Latent age = seed_latent(3, 64);
  for (std::size_t i = 0; i < age.size(); ++i)
    age[i] += 4 * smile[i];  // what the two have in common
  age = with_norm(age, 1.0F);
  const Latent plain = moved_along(z, smile, 2);
  EXPECT_GT(std::abs(place_along(plain, age) - place_along(z, age)), 0.2F);
  const std::vector<Latent> held = {age, seed_latent(4, 64), age};
  const Latent moved = moved_along(z, smile, 2, held);
  EXPECT_NEAR(place_along(moved, smile), 2, 1e-4F);
  EXPECT_NEAR(place_along(moved, age), place_along(z, age), 1e-4F);
  const std::vector<Latent> itself = {smile};
  EXPECT_EQ(moved_along(z, smile, 2, itself), plain) << "nothing would be left to move along";
}

}  // namespace
}  // namespace facemorph
