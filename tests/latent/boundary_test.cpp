#include "latent/boundary.hpp"

#include "latent/arithmetic.hpp"

#include <gtest/gtest.h>

namespace facemorph {
namespace {

constexpr int kSize = 40;

/// Random latents, sorted by a hidden direction.
struct Labelled {
  explicit Labelled(std::uint64_t count, const Latent& hidden) {
    for (std::uint64_t seed = 0; seed < count; ++seed) {
      const Latent z = seed_latent(seed, kSize);
      (place_along(z, hidden) > 0 ? has_it : has_not).push_back(z);
    }
  }
  std::vector<Latent> has_it;
  std::vector<Latent> has_not;
};

TEST(Boundary, FindsWhatThousandFacesWereSortedBy) {
  const Latent hidden = with_norm(seed_latent(99'999, kSize), 1.0F);
  const Labelled faces(1000, hidden);
  const Latent found = boundary_between(faces.has_it, faces.has_not);
  EXPECT_NEAR(norm(found), 1.0F, 1e-4F);
  EXPECT_GT(place_along(found, hidden), 0.97F);
}

TEST(Boundary, OfFewFacesPartsThemAll) {
  const Latent hidden = with_norm(seed_latent(99'999, kSize), 1.0F);
  const Labelled faces(12, hidden);
  const Latent found = boundary_between(faces.has_it, faces.has_not);
  EXPECT_GT(place_along(found, hidden), 0.3F);
  float least = 9;
  float most = -9;
  for (const Latent& z : faces.has_it)
    least = std::min(least, place_along(z, found));
  for (const Latent& z : faces.has_not)
    most = std::max(most, place_along(z, found));
  EXPECT_GT(least, most);
}

TEST(Boundary, IgnoresHowManyFacesASideHas) {
  const Latent hidden = with_norm(seed_latent(99'999, kSize), 1.0F);
  Labelled faces(1000, hidden);
  faces.has_not.resize(50);
  EXPECT_GT(place_along(boundary_between(faces.has_it, faces.has_not), hidden), 0.7F);
}

TEST(Boundary, NeedsBothSides) {
  const std::vector<Latent> some = {seed_latent(1, kSize)};
  EXPECT_TRUE(boundary_between(some, {}).empty());
  EXPECT_TRUE(boundary_between({}, some).empty());
}

}  // namespace
}  // namespace facemorph
