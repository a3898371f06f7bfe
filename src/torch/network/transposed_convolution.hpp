#pragma once

#include <torch/types.h>

namespace facemorph {

/// torch::conv_transpose2d(x, weight, bias, stride, padding, output_padding), differentiable, and
/// much faster on a CPU, most of all for the two shapes that a DCGAN is made of, where LibTorch
/// never uses oneDNN:
/// - kernel 4, stride 2, padding 1 is one 2x2 convolution with four times the output channels, a
///   group of them for each parity of row and column, whose results are interleaved (the sub-pixel
///   form of Shi et al. 2016, "Is the deconvolution layer the same as a convolutional layer?");
/// - stride 1 without padding on a 1x1 input is a matrix product.
/// Other shapes are one matrix product for many pictures, whose columns are then added up. Small
/// batches and other devices go to LibTorch.
class TransposedConvolution {
 public:
  /// Arranges the weight [in, out, kernel, kernel], once for any number of calls.
  /// `bias` is [out], or undefined.
  TransposedConvolution(torch::Tensor weight, int stride, int padding, int output_padding = 0,
                        torch::Tensor bias = {});
  torch::Tensor operator()(const torch::Tensor& x) const;

 private:
  torch::Tensor by_products(const torch::Tensor& x) const;
  torch::Tensor by_one_product(const torch::Tensor& x) const;

  torch::Tensor weight_;
  torch::Tensor bias_;
  torch::Tensor parity_kernels_;  ///< [4 * out, in, 2, 2], or undefined
  torch::Tensor parity_bias_;     ///< [4 * out], or undefined
  int stride_;
  int padding_;
  int output_padding_;
};

}  // namespace facemorph
