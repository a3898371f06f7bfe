#include "engine/picture_changes.hpp"

#include <algorithm>
#include <cmath>

namespace facemorph {
namespace {

constexpr std::size_t kBatch = 16;

double difference(const Image& a, const Image& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.rgba.size(); ++i) {
    const double change = static_cast<double>(a.rgba[i]) - static_cast<double>(b.rgba[i]);
    sum += change * change;
  }
  return std::sqrt(sum / (static_cast<double>(a.rgba.size()) * 0.75));  // alpha never changes
}

}  // namespace

std::vector<double> picture_changes(Engine& engine, std::span<const Latent> latents,
                                    float truncation) {
  std::vector<double> changes;
  Image last;
  for (std::size_t start = 0; start < latents.size(); start += kBatch) {
    const std::size_t count = std::min(kBatch, latents.size() - start);
    std::vector<Latent> batch;
    for (const Latent& latent : latents.subspan(start, count))
      batch.push_back(truncate(latent, truncation));
    for (Image& image : engine.generate(batch)) {
      if (!last.rgba.empty()) changes.push_back(difference(last, image));
      last = std::move(image);
    }
  }
  return changes;
}

}  // namespace facemorph
