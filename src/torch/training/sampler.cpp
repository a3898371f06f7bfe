#include "torch/training/sampler.hpp"

#include "base/error.hpp"
#include "base/hardware.hpp"
#include "torch/network/torch_threads.hpp"
#include "torch/training/random.hpp"

#include <algorithm>
#include <cstring>
#include <thread>

namespace facemorph {
namespace {

constexpr int kMostLost = 100;

/// The picture at a place or, when it cannot be read any longer, the next that can.
std::vector<std::uint8_t> read_near(const DataSet& pictures, std::size_t place,
                                    std::vector<SkippedPicture>& lost) {
  for (int attempt = 1;; ++attempt) {
    try {
      return pictures.read(place);
    } catch (const Error& error) {
      lost.push_back({pictures.name(place), error.what()});
      if (attempt == kMostLost)
        throw Error("The training pictures can no longer be read; " + lost.back().name + ": " +
                    lost.back().reason);
    }
    place = (place + 1) % pictures.size();
  }
}

/// [N, C, S, S] uint8 for places [N].
torch::Tensor read_pictures(const DataSet& pictures, const torch::Tensor& places,
                            std::vector<SkippedPicture>& lost) {
  const std::int64_t side = pictures.image_size();
  torch::Tensor images =
      torch::empty({places.numel(), pictures.channels(), side, side}, torch::kUInt8);
  auto* out = images.data_ptr<std::uint8_t>();
  for (std::int64_t i = 0; i < places.numel(); ++i) {
    const auto place = static_cast<std::size_t>(places.data_ptr<std::int64_t>()[i]);
    const std::vector<std::uint8_t> planes = read_near(pictures, place, lost);
    std::memcpy(out, planes.data(), planes.size());
    out += planes.size();
  }
  return images;
}

/// All pictures on a GPU, or nothing when they do not fit or are not all at hand.
torch::Tensor place_on_device(const DataSet& pictures, torch::Device device) {
  if (device.is_cpu() || pictures.kept() < pictures.size()) return {};
  std::vector<SkippedPicture> lost;
  const auto count = static_cast<std::int64_t>(pictures.size());
  try {
    return read_pictures(pictures, torch::arange(count), lost).to(device);
  } catch (const c10::Error&) {
    return {};  // its memory is too small
  }
}

int steps_ahead() {
  return std::clamp(cores(), 2, 16);
}

}  // namespace

torch::Tensor normalise(const torch::Tensor& images, const torch::Tensor& flips) {
  const torch::Tensor values = images.to(torch::kFloat32).div_(127.5).sub_(1);
  return torch::where(flips.view({-1, 1, 1, 1}), values.flip(3), values);
}

Sampler::Sampler(std::shared_ptr<const DataSet> pictures, std::uint64_t seed, int batch, bool flip,
                 torch::Device device)
    : pictures_(std::move(pictures)),
      seed_(seed),
      batch_(batch),
      flip_(flip),
      device_(device),
      on_device_(place_on_device(*pictures_, device)) {}

double Sampler::epochs(std::uint64_t steps) const {
  return static_cast<double>(steps) * static_cast<double>(batch_) /
         static_cast<double>(pictures_->size());
}

std::shared_ptr<const Sampler::Order> Sampler::order(std::uint64_t epoch) const {
  const std::lock_guard lock(mutex_);
  if (!order_ || order_->epoch != epoch)
    order_ = std::make_shared<Order>(
        Order{epoch, torch::randperm(static_cast<std::int64_t>(pictures_->size()),
                                     random_stream(seed_, Draw::Order, epoch))});
  return order_;
}

torch::Tensor Sampler::places(std::uint64_t step) const {
  torch::Tensor places = torch::empty({batch_}, torch::kInt64);
  const std::uint64_t size = pictures_->size();
  for (std::int64_t i = 0; i < batch_; ++i) {
    const std::uint64_t at =
        step * static_cast<std::uint64_t>(batch_) + static_cast<std::uint64_t>(i);
    places.data_ptr<std::int64_t>()[i] =
        order(at / size)->places.data_ptr<std::int64_t>()[at % size];
  }
  return places;
}

torch::Tensor Sampler::flips(std::uint64_t step) const {
  if (!flip_) return torch::zeros({batch_}, torch::kBool);
  return torch::rand({batch_}, random_stream(seed_, Draw::Flip, step)) < 0.5;
}

RealBatch Sampler::read(std::uint64_t step) const {
  RealBatch batch;
  batch.images = normalise(read_pictures(*pictures_, places(step), batch.lost), flips(step));
  return batch;
}

RealBatch Sampler::batch(std::uint64_t step) {
  if (on_device_.defined())
    return {normalise(on_device_.index_select(0, places(step).to(device_, true)),
                      flips(step).to(device_, true)),
            {}};
  RealBatch batch;
  if (pictures_->kept() == pictures_->size()) {
    batch = read(step);
  } else {
    for (std::uint64_t next = step; next <= step + static_cast<std::uint64_t>(steps_ahead());
         ++next)
      if (!upcoming_.contains(next))
        upcoming_[next] = std::async(std::launch::async, [this, next] {
          use_one_thread();
          return read(next);
        });
    std::future<RealBatch> ready = std::move(upcoming_[step]);
    upcoming_.erase(upcoming_.begin(), upcoming_.upper_bound(step));
    batch = ready.get();
  }
  batch.images = batch.images.to(device_, /*non_blocking=*/true);
  return batch;
}

}  // namespace facemorph
