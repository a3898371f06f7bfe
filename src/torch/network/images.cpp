#include "torch/network/images.hpp"

namespace facemorph {
namespace {

/// [N, 1|3, H, W] in [-1, 1] to [N, H, W, 4] bytes: round((x + 1) / 2 * 255), NaN gives 0.
torch::Tensor to_rgba(const torch::Tensor& batch) {
  const torch::Tensor levels = batch.to(torch::kFloat32).add(1.0).mul_(127.5).round_();
  const torch::Tensor bytes = levels.nan_to_num_(0.0, 255.0, 0.0).clamp_(0, 255).to(torch::kUInt8);
  torch::Tensor rgba =
      torch::full({bytes.size(0), bytes.size(2), bytes.size(3), 4}, 255, bytes.options());
  rgba.narrow(3, 0, 3).copy_(bytes.permute({0, 2, 3, 1}));  // one channel broadcasts to three
  return rgba.to(torch::kCPU);
}

}  // namespace

std::vector<Image> to_images(const torch::Tensor& batch) {
  const torch::Tensor rgba = to_rgba(batch);
  const auto height = static_cast<int>(rgba.size(1));
  const auto width = static_cast<int>(rgba.size(2));
  const std::size_t size = static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4;
  const std::uint8_t* source = rgba.data_ptr<std::uint8_t>();
  std::vector<Image> images;
  for (std::int64_t i = 0; i < rgba.size(0); ++i, source += size)
    images.push_back({width, height, {source, source + size}});
  return images;
}

}  // namespace facemorph
