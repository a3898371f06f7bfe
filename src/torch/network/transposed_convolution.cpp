#include "torch/network/transposed_convolution.hpp"

#include <ATen/ops/cat.h>
#include <ATen/ops/col2im.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/conv_transpose2d.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <vector>

namespace facemorph {
namespace {

/// [in, out, 4, 4] to [4 * out, in, 2, 2]. Row 2i of the result sees rows i - 1 and i of the input
/// through kernel rows 3 and 1, row 2i + 1 sees rows i and i + 1 through 2 and 0; so for columns.
torch::Tensor parity_kernels(const torch::Tensor& weight) {
  const std::int64_t in = weight.size(0);
  const std::int64_t out = weight.size(1);
  // Flipped, kernel index 3 - k: even results use 0 and 2, odd ones 1 and 3: [tap, parity].
  return weight.flip({2, 3})
      .view({in, out, 2, 2, 2, 2})  // in, out, row tap, row parity, column tap, column parity
      .permute({3, 5, 1, 0, 2, 4})  // row parity, column parity, out, in, row tap, column tap
      .reshape({4 * out, in, 2, 2});
}

/// The four parities side by side, [N, 2, 2, out, H + 1, W + 1], to one picture [N, out, 2H, 2W].
/// Odd rows and columns begin one further into the convolution's (H + 1) x (W + 1).
class Interleave : public torch::autograd::Function<Interleave> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context,
                               const torch::Tensor& parts) {
    context->saved_data["sizes"] = parts.sizes().vec();
    const std::int64_t height = parts.size(4) - 1;
    const std::int64_t width = parts.size(5) - 1;
    torch::Tensor picture =
        at::empty({parts.size(0), parts.size(3), 2 * height, 2 * width}, parts.options());
    for_each_parity(parts, picture,
                    [](const torch::Tensor& part, torch::Tensor pixels) { pixels.copy_(part); });
    return picture;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    const std::vector<std::int64_t> sizes = context->saved_data["sizes"].toIntVector();
    const torch::Tensor parts = at::zeros(sizes, gradients[0].options());
    for_each_parity(parts, gradients[0],
                    [](torch::Tensor part, const torch::Tensor& pixels) { part.copy_(pixels); });
    return {parts};
  }

 private:
  template <typename Visit>
  static void for_each_parity(const torch::Tensor& parts, const torch::Tensor& picture,
                              Visit visit) {
    const std::int64_t height = picture.size(2) / 2;
    const std::int64_t width = picture.size(3) / 2;
    for (const std::int64_t row : {0, 1})
      for (const std::int64_t column : {0, 1})
        visit(
            parts.select(1, row).select(1, column).narrow(2, row, height).narrow(3, column, width),
            picture.slice(2, row, c10::nullopt, 2).slice(3, column, c10::nullopt, 2));
  }
};

/// Below, oneDNN spends more on rearranging the weights for itself than it gains.
constexpr std::int64_t kLeastBatch = 8;

bool doubles(const torch::Tensor& weight, int stride, int padding) {
  return weight.is_cpu() && stride == 2 && padding == 1 && weight.size(2) == 4 &&
         weight.size(3) == 4;
}

}  // namespace

TransposedConvolution::TransposedConvolution(torch::Tensor weight, int stride, int padding,
                                             int output_padding, torch::Tensor bias)
    : weight_(std::move(weight)),
      bias_(std::move(bias)),
      stride_(stride),
      padding_(padding),
      output_padding_(output_padding) {
  if (!doubles(weight_, stride, padding) || output_padding != 0) return;
  parity_kernels_ = parity_kernels(weight_);
  if (bias_.defined()) parity_bias_ = bias_.repeat(4);
}

torch::Tensor TransposedConvolution::operator()(const torch::Tensor& x) const {
  if (parity_kernels_.defined() && x.size(0) >= kLeastBatch)
    return Interleave::apply(
        at::conv2d(x, parity_kernels_, parity_bias_, /*stride=*/1, /*padding=*/1)
            .view({x.size(0), 2, 2, weight_.size(1), x.size(2) + 1, x.size(3) + 1}));
  if (x.is_cpu() && stride_ == 1 && padding_ == 0 && output_padding_ == 0 && x.size(2) == 1 &&
      x.size(3) == 1) {
    const torch::Tensor y =
        x.flatten(1)
            .mm(weight_.flatten(1))
            .view({x.size(0), weight_.size(1), weight_.size(2), weight_.size(3)});
    return bias_.defined() ? y + bias_.view({1, -1, 1, 1}) : y;
  }
  if (x.is_cpu() && x.size(0) >= kLeastBatch) return by_products(x);
  return at::conv_transpose2d(x, weight_, bias_, stride_, padding_, output_padding_);
}

/// LibTorch multiplies one picture after the other, which for small ones takes many times as long.
torch::Tensor TransposedConvolution::by_products(const torch::Tensor& x) const {
  constexpr std::int64_t kMostColumns = std::int64_t{4} << 20;  // numbers in one product
  const std::int64_t a_picture =
      weight_.size(1) * weight_.size(2) * weight_.size(3) * x.size(2) * x.size(3);
  std::vector<torch::Tensor> parts;
  for (const torch::Tensor& part : x.split(std::max<std::int64_t>(1, kMostColumns / a_picture)))
    parts.push_back(by_one_product(part));
  return parts.size() == 1 ? parts.front() : at::cat(parts);
}

torch::Tensor TransposedConvolution::by_one_product(const torch::Tensor& x) const {
  const std::int64_t kernel = weight_.size(2);
  const auto after = [&](std::int64_t side) {
    return (side - 1) * stride_ - 2 * padding_ + kernel + output_padding_;
  };
  const std::int64_t pixels = x.size(2) * x.size(3);
  const torch::Tensor columns = weight_.flatten(1)
                                    .t()
                                    .mm(x.transpose(0, 1).reshape({x.size(1), -1}))
                                    .view({-1, x.size(0), pixels})
                                    .transpose(0, 1)
                                    .contiguous();
  const torch::Tensor y =
      at::col2im(columns, {after(x.size(2)), after(x.size(3))}, {kernel, kernel}, {1, 1},
                 {padding_, padding_}, {stride_, stride_});
  return bias_.defined() ? y + bias_.view({1, -1, 1, 1}) : y;
}

}  // namespace facemorph
