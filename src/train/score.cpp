#include "train/score.hpp"

#include "base/error.hpp"
#include "model/images.hpp"
#include "model/stack_network.hpp"
#include "train/metrics.hpp"
#include "train/random.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace facemorph {
namespace {

void leave_if(const std::stop_token& stop) {
  if (stop.stop_requested()) throw Error("The scoring was stopped.");
}

/// `count` pictures of a random order, from `first` on: [count, C, S, S] in [-1, 1].
torch::Tensor real_pictures(const DataSet& pictures, std::size_t first, std::size_t count,
                            std::uint64_t seed, const std::stop_token& stop) {
  const torch::Tensor order = torch::randperm(static_cast<std::int64_t>(pictures.size()),
                                              random_stream(seed, Draw::Metrics, 100));
  torch::Tensor batch = torch::empty({static_cast<std::int64_t>(count), pictures.channels(),
                                      pictures.image_size(), pictures.image_size()});
  float* out = batch.data_ptr<float>();
  for (std::size_t i = first; i < first + count; ++i) {
    leave_if(stop);
    for (const std::uint8_t byte :
         pictures.read(static_cast<std::size_t>(order.data_ptr<std::int64_t>()[i])))
      *out++ = static_cast<float>(byte) / 127.5F - 1.0F;
  }
  return batch;
}

torch::Tensor generated(const LayerStack& stack, std::size_t count, std::uint64_t seed,
                        const std::stop_token& stop) {
  constexpr std::int64_t kBatch = 64;
  const StackNetwork network(stack);
  const torch::Tensor latents = torch::randn({static_cast<std::int64_t>(count), stack.nz, 1, 1},
                                             random_stream(seed, Draw::Metrics, 101));
  std::vector<torch::Tensor> parts;
  for (const torch::Tensor& batch : latents.split(kBatch)) {
    leave_if(stop);
    parts.push_back(network.forward(batch));
  }
  return torch::cat(parts);
}

Scores compare(const torch::Tensor& candidate, const torch::Tensor& real, std::uint64_t seed,
               const std::stop_token& stop) {
  leave_if(stop);
  Scores scores;
  scores.count = static_cast<std::size_t>(real.size(0));
  scores.swd = sliced_wasserstein(candidate, real, seed);
  for (std::size_t i = 0; i < scores.swd.size(); ++i)
    scores.sizes.push_back(static_cast<int>(real.size(3)) >> i);
  scores.swd_mean = std::accumulate(scores.swd.begin(), scores.swd.end(), 0.0) /
                    static_cast<double>(scores.swd.size());
  leave_if(stop);
  scores.ms_ssim = pairwise_ms_ssim(candidate);
  return scores;
}

}  // namespace

Scores score_generator(const LayerStack& stack, const DataSet& pictures, std::size_t count,
                       std::uint64_t seed, const std::stop_token& stop) {
  if (stack.image_size != pictures.image_size() || stack.channels != pictures.channels())
    throw Error("The pictures were read at another size than the generator makes.");
  const std::size_t used = std::min(count, pictures.size());
  if (used < 2) throw Error("Scores need at least two pictures on each side.");
  return compare(generated(stack, used, seed, stop), real_pictures(pictures, 0, used, seed, stop),
                 seed, stop);
}

Scores score_halves(const DataSet& pictures, std::size_t count, std::uint64_t seed,
                    const std::stop_token& stop) {
  const std::size_t used = std::min(count, pictures.size() / 2);
  if (used < 2) throw Error("Scores of two halves need at least four pictures.");
  return compare(real_pictures(pictures, used, used, seed, stop),
                 real_pictures(pictures, 0, used, seed, stop), seed, stop);
}

bool has_collapsed(const Scores& generator, const Scores& real) {
  constexpr std::size_t kEnoughToTell = 16;
  return std::min(generator.count, real.count) >= kEnoughToTell &&
         generator.ms_ssim > (1 + real.ms_ssim) / 2;
}

Image nearest_pictures(const LayerStack& stack, const DataSet& pictures, std::uint64_t seed,
                       const std::stop_token& stop) {
  constexpr std::size_t kFaces = 16;
  std::vector<Image> faces = to_images(generated(stack, kFaces, seed, stop));
  std::vector<std::size_t> nearest(kFaces, 0);
  std::vector<std::int64_t> least(kFaces, std::numeric_limits<std::int64_t>::max());
  for (std::size_t k = 0; k < pictures.size(); ++k) {
    if (!pictures.is_kept(k)) continue;
    leave_if(stop);
    const Image picture = pictures.image(k);
    for (std::size_t i = 0; i < kFaces; ++i) {
      std::int64_t distance = 0;
      for (std::size_t at = 0; at < picture.rgba.size(); ++at) {
        const int difference = picture.rgba[at] - faces[i].rgba[at];
        distance += difference * difference;
      }
      if (distance >= least[i]) continue;
      least[i] = distance;
      nearest[i] = k;
    }
  }
  for (const std::size_t place : nearest)
    faces.push_back(pictures.image(place));
  return contact_sheet(faces, kFaces, 2);
}

}  // namespace facemorph
