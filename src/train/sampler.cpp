#include "train/sampler.hpp"

#include "train/random.hpp"

#include <algorithm>

namespace facemorph {
namespace {

/// Bytes 0 to 255 to [-1, 1]; `flip` mirrors every row.
void copy_picture(std::span<const std::uint8_t> picture, std::size_t width, bool flip, float* out) {
  for (std::size_t row = 0; row < picture.size(); row += width)
    for (std::size_t x = 0; x < width; ++x)
      *out++ = static_cast<float>(picture[row + (flip ? width - 1 - x : x)]) / 127.5F - 1.0F;
}

}  // namespace

Sampler::Sampler(std::shared_ptr<const DataSet> pictures, std::uint64_t seed, int batch, bool flip)
    : pictures_(std::move(pictures)),
      seed_(seed),
      batch_(static_cast<std::uint64_t>(batch)),
      flip_(flip) {}

double Sampler::epochs(std::uint64_t steps) const {
  return static_cast<double>(steps * batch_) / static_cast<double>(pictures_->size());
}

const std::vector<std::int64_t>& Sampler::order(std::uint64_t epoch) {
  if (order_.empty() || epoch != epoch_) {
    const torch::Tensor shuffled = torch::randperm(static_cast<std::int64_t>(pictures_->size()),
                                                   random_stream(seed_, Draw::Order, epoch));
    const auto* values = shuffled.data_ptr<std::int64_t>();
    order_.assign(values, values + shuffled.numel());
    epoch_ = epoch;
  }
  return order_;
}

torch::Tensor Sampler::batch(std::uint64_t step) {
  const std::int64_t side = pictures_->image_size();
  const auto count = static_cast<std::int64_t>(batch_);
  torch::Tensor batch = torch::empty({count, pictures_->channels(), side, side});
  const torch::Tensor flips = torch::rand({count}, random_stream(seed_, Draw::Flip, step)) < 0.5;
  for (std::uint64_t i = 0; i < batch_; ++i) {
    const std::uint64_t place = step * batch_ + i;
    const std::uint64_t size = pictures_->size();
    const auto index = static_cast<std::size_t>(order(place / size)[place % size]);
    const std::span<const std::uint8_t> picture = pictures_->picture(index);
    copy_picture(picture, static_cast<std::size_t>(side), flip_ && flips.data_ptr<bool>()[i],
                 batch.data_ptr<float>() + i * picture.size());
  }
  return batch;
}

}  // namespace facemorph
