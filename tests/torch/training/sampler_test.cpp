#include "torch/training/sampler.hpp"

#include "base/error.hpp"
#include "base/temporary_folder.hpp"
#include "runs/fixtures.hpp"

#include <gmock/gmock.h>

#include <map>

namespace facemorph {
namespace {

namespace fs = std::filesystem;
using testing::read_pictures;
using testing::small_config;
using testing::training_folder;

/// Which picture of the set each one of a batch is.
std::vector<std::size_t> places(const DataSet& set, const torch::Tensor& batch) {
  std::vector<std::size_t> result;
  for (std::int64_t i = 0; i < batch.size(0); ++i) {
    const torch::Tensor picture = batch[i].contiguous();
    for (std::size_t k = 0; k < set.size(); ++k) {
      const auto bytes = set.read(k);
      double difference = 0;
      for (std::size_t p = 0; p < bytes.size(); ++p)
        difference +=
            std::abs(static_cast<double>(picture.data_ptr<float>()[p]) - (bytes[p] / 127.5 - 1));
      if (difference < 1e-2) result.push_back(k);
    }
  }
  return result;
}

TEST(Sampler, AnEpochShowsEveryPictureOnceAndTheNextInAnotherOrder) {
  const auto set = read_pictures(small_config("faces"));
  Sampler sampler(set, 1, 8, false);
  std::vector<std::size_t> first;
  std::vector<std::size_t> second;
  for (std::uint64_t step = 0; step < 6; ++step) {
    auto& epoch = step < 3 ? first : second;
    for (const std::size_t place : places(*set, sampler.batch(step).images))
      epoch.push_back(place);
  }
  std::vector<std::size_t> all(24);
  for (std::size_t i = 0; i < all.size(); ++i)
    all[i] = i;
  EXPECT_THAT(first, ::testing::UnorderedElementsAreArray(all));
  EXPECT_THAT(second, ::testing::UnorderedElementsAreArray(all));
  EXPECT_NE(first, second);
  EXPECT_DOUBLE_EQ(sampler.epochs(6), 2);
}

TEST(Sampler, BatchesMayBeLargerThanTheSet) {
  const auto set = read_pictures(small_config("faces"));
  Sampler sampler(set, 1, 60, false);
  std::map<std::size_t, int> seen;
  for (const std::size_t place : places(*set, sampler.batch(0).images))
    ++seen[place];
  EXPECT_EQ(seen.size(), 24U);
  for (const auto& [place, count] : seen)
    EXPECT_THAT(count, ::testing::AllOf(::testing::Ge(2), ::testing::Le(3)));
}

TEST(Sampler, AnyStepCanBeHadAtAnyTime) {
  const auto set = read_pictures(small_config("faces"));
  Sampler forwards(set, 1, 8, true);
  const torch::Tensor early = forwards.batch(1).images;
  const torch::Tensor late = forwards.batch(40).images;
  Sampler other(set, 1, 8, true);
  EXPECT_TRUE(other.batch(40).images.equal(late));
  EXPECT_TRUE(other.batch(1).images.equal(early));
}

TEST(Sampler, FlipsAboutHalfOfThePictures) {
  const auto set = read_pictures(small_config("faces"));
  const torch::Tensor plain = Sampler(set, 1, 96, false).batch(0).images;
  const torch::Tensor flipped = Sampler(set, 1, 96, true).batch(0).images;
  int same = 0;
  int mirrored = 0;
  for (std::int64_t i = 0; i < 96; ++i) {
    same += flipped[i].equal(plain[i]) ? 1 : 0;
    mirrored += flipped[i].equal(plain[i].flip(2)) ? 1 : 0;
  }
  EXPECT_EQ(same + mirrored, 96);
  EXPECT_GT(same, 25);
  EXPECT_GT(mirrored, 25);
}

TEST(Sampler, PicturesThatAreReadAheadComeInTheSameOrder) {
  const auto kept = read_pictures(small_config("faces"));
  DataSetOptions options;
  options.image_size = 32;
  options.memory = 5 * 3 * 32 * 32;
  const auto read_ahead = std::make_shared<DataSet>(training_folder() / "pictures", options);
  ASSERT_EQ(read_ahead->kept(), 5U);
  Sampler one(kept, 1, 8, true);
  Sampler other(read_ahead, 1, 8, true);
  for (const std::uint64_t step : {0, 1, 2, 3, 7, 8, 2})
    EXPECT_TRUE(other.batch(step).images.equal(one.batch(step).images)) << "step " << step;
}

TEST(Sampler, ALostPictureIsReplacedAndNamed) {
  const TemporaryFolder folder;
  fs::copy(training_folder() / "pictures", folder / "set");
  DataSetOptions options;
  options.image_size = 32;
  options.memory = 1;
  const auto set = std::make_shared<DataSet>(folder / "set", options);
  fs::remove(folder / "set/05.png");
  Sampler sampler(set, 1, 24, false);
  const RealBatch batch = sampler.batch(0);
  EXPECT_EQ(batch.images.size(0), 24);
  ASSERT_EQ(batch.lost.size(), 1U);
  EXPECT_EQ(batch.lost.front().name, "05.png");

  fs::remove_all(folder / "set");
  EXPECT_THAT([&] { Sampler(set, 2, 24, false).batch(0); },
              ::testing::ThrowsMessage<Error>(::testing::HasSubstr("can no longer be read")));
}

TEST(Sampler, NormalisedPicturesAreTheirBytesFromMinusOneToOne) {
  const torch::Tensor bytes = torch::tensor({0, 51, 255, 204}, torch::kUInt8).view({2, 1, 1, 2});
  const torch::Tensor values = normalise(bytes, torch::tensor({false, true}));
  EXPECT_TRUE(values.allclose(torch::tensor({-1.0F, -0.6F, 0.6F, 1.0F}).view({2, 1, 1, 2})));
}

}  // namespace
}  // namespace facemorph
