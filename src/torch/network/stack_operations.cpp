#include "torch/network/stack_operations.hpp"

#include "torch/network/transposed_convolution.hpp"

#include <ATen/ATen.h>

#include <cmath>

namespace facemorph {
namespace {

using torch::Tensor;
using Operation = std::function<Tensor(const Tensor&)>;

/// The stack's own numbers, which the tensor keeps alive; nothing here writes to weights.
Tensor tensor_of(const Weights& weights, std::vector<std::int64_t> shape, torch::Device device) {
  return at::from_blob(
             const_cast<float*>(weights.data()), shape, [kept = weights.shared()](void*) {},
             torch::kFloat32)
      .to(device);
}

/// [N, C, 1, 1] or [N, C]: as wide as x has dimensions.
Tensor as_channels(const Tensor& values, const Tensor& x) {
  std::vector<std::int64_t> shape(static_cast<std::size_t>(x.dim()), 1);
  shape[1] = values.size(0);
  return values.view(shape);
}

struct MakeOperation {
  torch::Device device;
  bool may_overwrite;

  Operation operator()(const LatentLayer& layer) const {
    switch (layer.kind) {
      case LatentKind::Uniform:
        return [](const Tensor& x) { return at::erf(x * M_SQRT1_2); };
      case LatentKind::Sphere:
        return [](const Tensor& x) {
          const Tensor flat = x.flatten(1);
          return (flat / flat.norm(2, 1, /*keepdim=*/true).clamp_min(1e-12)).view_as(x);
        };
      case LatentKind::Normal:
        break;
    }
    return [](const Tensor& x) { return x; };
  }

  Operation operator()(const ConditionLayer& layer) const {
    const Tensor values = vector_tensor(layer.values, device);
    if (layer.kind == ConditionKind::Multiply)
      return [values](const Tensor& x) { return x * as_channels(values, x); };
    const bool append = layer.kind == ConditionKind::Append;
    return [values, append](const Tensor& x) {
      std::vector<std::int64_t> shape = x.sizes().vec();
      shape[1] = values.size(0);
      const Tensor condition = as_channels(values, x).expand(shape);
      return append ? at::cat({x, condition}, 1) : at::cat({condition, x}, 1);
    };
  }

  Operation operator()(const LinearLayer& layer) const {
    const Tensor weight = tensor_of(layer.weight, {layer.out_features, layer.in_features}, device);
    const Tensor bias = vector_tensor(layer.bias, device);
    return [weight, bias](const Tensor& x) { return at::linear(x.flatten(1), weight, bias); };
  }

  Operation operator()(const ReshapeLayer& layer) const {
    return [layer](const Tensor& x) {
      return x.reshape({x.size(0), layer.channels, layer.height, layer.width});
    };
  }

  Operation operator()(const ConvTranspose2dLayer& layer) const {
    return TransposedConvolution(
        tensor_of(layer.weight, {layer.in_channels, layer.out_channels, layer.kernel, layer.kernel},
                  device),
        layer.stride, layer.padding, layer.output_padding, vector_tensor(layer.bias, device));
  }

  Operation operator()(const Conv2dLayer& layer) const {
    const Tensor weight = tensor_of(
        layer.weight, {layer.out_channels, layer.in_channels, layer.kernel, layer.kernel}, device);
    const Tensor bias = vector_tensor(layer.bias, device);
    const std::int64_t stride = layer.stride;
    const std::int64_t padding = layer.padding;
    if (layer.reflect && padding > 0)
      return [=](const Tensor& x) {
        const Tensor padded = at::reflection_pad2d(x, {padding, padding, padding, padding});
        return at::conv2d(padded, weight, bias, stride);
      };
    return [=](const Tensor& x) { return at::conv2d(x, weight, bias, stride, padding); };
  }

  Operation operator()(const UpsampleLayer& layer) const {
    return [layer](const Tensor& x) {
      const std::vector<std::int64_t> size = {x.size(2) * layer.factor, x.size(3) * layer.factor};
      if (layer.mode == UpsampleMode::Nearest) return at::upsample_nearest2d(x, size);
      return at::upsample_bilinear2d(x, size, layer.mode == UpsampleMode::BilinearAligned);
    };
  }

  Operation operator()(const PixelShuffleLayer& layer) const {
    return [factor = layer.factor](const Tensor& x) { return at::pixel_shuffle(x, factor); };
  }

  Operation operator()(const InstanceNormLayer& layer) const {
    const Tensor scale = vector_tensor(layer.scale, device);
    const Tensor shift = vector_tensor(layer.shift, device);
    return [scale, shift, eps = layer.eps](const Tensor& x) {
      return at::instance_norm(x, scale, shift, {}, {}, /*use_input_stats=*/true, 0.0, eps, false);
    };
  }

  Operation operator()(const GroupNormLayer& layer) const {
    const Tensor scale = vector_tensor(layer.scale, device);
    const Tensor shift = vector_tensor(layer.shift, device);
    return [scale, shift, layer](const Tensor& x) {
      return at::group_norm(x, layer.groups, scale, shift, layer.eps);
    };
  }

  Operation operator()(const PixelNormLayer& layer) const {
    return [eps = layer.eps](const Tensor& x) {
      return x * at::rsqrt(x.square().mean(1, /*keepdim=*/true) + eps);
    };
  }

  Operation operator()(const ActivationLayer& layer) const {
    const double slope = layer.slope;
    const bool in_place = may_overwrite;
    const auto choose = [in_place](auto overwriting, auto copying) -> Operation {
      if (in_place) return overwriting;
      return copying;
    };
    switch (layer.kind) {
      case Activation::Relu:
        return choose([](Tensor x) { return at::relu_(x); },
                      [](const Tensor& x) { return at::relu(x); });
      case Activation::LeakyRelu:
        return choose([slope](Tensor x) { return at::leaky_relu_(x, slope); },
                      [slope](const Tensor& x) { return at::leaky_relu(x, slope); });
      case Activation::PRelu:
        return [slopes = vector_tensor(layer.slopes, device)](const Tensor& x) {
          return at::prelu(x, slopes);
        };
      case Activation::Elu:
        return [slope](const Tensor& x) { return at::elu(x, slope); };
      case Activation::Selu:
        return [](const Tensor& x) { return at::selu(x); };
      case Activation::Gelu:
        return [](const Tensor& x) { return at::gelu(x); };
      case Activation::Silu:
        return [](const Tensor& x) { return at::silu(x); };
      case Activation::Softplus:
        return [](const Tensor& x) { return at::softplus(x); };
      case Activation::Tanh:
        return choose([](Tensor x) { return at::tanh_(x); },
                      [](const Tensor& x) { return at::tanh(x); });
      case Activation::Sigmoid:
        return [](const Tensor& x) { return at::sigmoid(x); };
      case Activation::None:
        break;
    }
    return [](const Tensor& x) { return x; };
  }

  Operation operator()(const ScaleLayer& layer) const {
    return [layer](const Tensor& x) { return x * layer.factor + layer.offset; };
  }

  Operation operator()(const BatchNormLayer&) const {
    throw std::logic_error("a batch norm depends on the mode");
  }
};

}  // namespace

std::function<Tensor(const Tensor&)> stack_operation(const Layer& layer, torch::Device device,
                                                     bool may_overwrite) {
  return std::visit(MakeOperation{device, may_overwrite}, layer);
}

Tensor vector_tensor(const std::vector<float>& values, torch::Device device) {
  if (values.empty()) return {};
  return tensor_of(Weights(values), {static_cast<std::int64_t>(values.size())}, device);
}

}  // namespace facemorph
