#include "latent/blend.hpp"

#include "latent/interpolate.hpp"

#include <gtest/gtest.h>

namespace facemorph {
namespace {

const std::array<Latent, 4> kCorners = {seed_latent(1, 100), seed_latent(2, 100),
                                        seed_latent(3, 100), seed_latent(4, 100)};

TEST(Blend, IsExactInTheCorners) {
  EXPECT_EQ(blend(kCorners, 0, 0), kCorners[0]);
  EXPECT_EQ(blend(kCorners, 1, 0), kCorners[1]);
  EXPECT_EQ(blend(kCorners, 0, 1), kCorners[2]);
  EXPECT_EQ(blend(kCorners, 1, 1), kCorners[3]);
}

TEST(Blend, GoesAlongTheSphereOnTheEdgesAndStaysTypicalInside) {
  EXPECT_EQ(blend(kCorners, 0.3F, 0), slerp(kCorners[0], kCorners[1], 0.3F));
  for (float x = 0; x <= 1; x += 0.125F)
    for (float y = 0; y <= 1; y += 0.125F) {
      EXPECT_GT(norm(blend(kCorners, x, y)), 8);
      EXPECT_LT(norm(blend(kCorners, x, y)), 12);
    }
}

}  // namespace
}  // namespace facemorph
