#include "checkpoint/fixtures.hpp"
#include "checkpoint/formats/checkpoint.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace facemorph {
namespace {

using testing::checkpoints;

class NumpyArchive : public ::testing::TestWithParam<const char*> {};

TEST_P(NumpyArchive, HoldsTheSameNumbersHoweverTheyAreStored) {
  const Checkpoint checkpoint = read_checkpoint(checkpoints() / GetParam());
  EXPECT_EQ(checkpoint.container, Container::Npz);
  ASSERT_EQ(checkpoint.state_dicts.size(), 1U);
  const TensorTable& tensors = checkpoint.state_dicts.front().tensors;
  EXPECT_EQ(tensors.size(), 5U);
  std::vector<float> expected(24);
  std::iota(expected.begin(), expected.end(), 0.0F);
  for (const auto& [name, tensor] : tensors.entries()) {
    SCOPED_TRACE(name);
    EXPECT_EQ(tensor.shape, (std::vector<std::int64_t>{2, 3, 4}));
    EXPECT_EQ(to_floats(tensor), expected);
  }
  EXPECT_EQ(tensors.find("half")->dtype, DType::Float16);
  EXPECT_EQ(tensors.find("double")->dtype, DType::Float64);
}

INSTANTIATE_TEST_SUITE_P(PlainAndCompressed, NumpyArchive,
                         ::testing::Values("orders.npz", "compressed.npz"));

}  // namespace
}  // namespace facemorph
