#include "torch/training/score.hpp"

#include "base/error.hpp"
#include "torch/network/images.hpp"
#include "torch/network/stack_network.hpp"
#include "torch/training/metrics.hpp"
#include "torch/training/random.hpp"

#include <algorithm>
#include <cmath>
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

constexpr int kNearestFaces = 16;

struct Nearest {
  std::size_t place = 0;
  double squared = std::numeric_limits<double>::infinity();  ///< mean over the bytes
};

/// The nearest picture to each face, but for its own place where the faces are pictures themselves.
std::vector<Nearest> nearest_to(const std::vector<Image>& faces, const DataSet& pictures,
                                const std::stop_token& stop,
                                const std::vector<std::size_t>& own_places = {}) {
  std::vector<Nearest> nearest(faces.size());
  for (std::size_t place = 0; place < pictures.size(); ++place) {
    if (!pictures.is_kept(place)) continue;
    leave_if(stop);
    const Image picture = pictures.image(place);
    for (std::size_t i = 0; i < faces.size(); ++i) {
      if (!own_places.empty() && own_places[i] == place) continue;
      std::int64_t sum = 0;
      for (std::size_t at = 0; at < picture.rgba.size(); ++at) {
        const int difference = picture.rgba[at] - faces[i].rgba[at];
        sum += difference * difference;
      }
      const double colours = static_cast<double>(picture.rgba.size()) * 3 / 4;
      const double squared = static_cast<double>(sum) / colours;
      if (squared < nearest[i].squared) nearest[i] = {place, squared};
    }
  }
  return nearest;
}

double mean_distance(const std::vector<Nearest>& nearest) {
  double sum = 0;
  for (const Nearest& found : nearest)
    sum += std::sqrt(found.squared);
  return sum / static_cast<double>(nearest.size());
}

/// Between some of the pictures and the nearest others; infinite for a single one.
double usual_distance(const DataSet& pictures, const std::stop_token& stop) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < kNearestFaces; ++i) {
    const std::size_t place = i * pictures.size() / kNearestFaces;
    if (pictures.is_kept(place) && (places.empty() || places.back() != place))
      places.push_back(place);
  }
  std::vector<Image> some;
  for (const std::size_t place : places)
    some.push_back(pictures.image(place));
  return mean_distance(nearest_to(some, pictures, stop, places));
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

NearestPictures nearest_pictures(const LayerStack& stack, const DataSet& pictures,
                                 std::uint64_t seed, const std::stop_token& stop,
                                 std::optional<double> usual) {
  std::vector<Image> faces = to_images(generated(stack, kNearestFaces, seed, stop));
  const std::vector<Nearest> nearest = nearest_to(faces, pictures, stop);
  NearestPictures result;
  result.distance = mean_distance(nearest);
  result.usual = usual ? *usual : usual_distance(pictures, stop);
  for (const Nearest& found : nearest)
    faces.push_back(pictures.image(found.place));
  result.sheet = contact_sheet(faces, kNearestFaces, 2);
  return result;
}

}  // namespace facemorph
