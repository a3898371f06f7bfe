#include "checkpoint/stack/stack_check.hpp"

#include "base/error.hpp"
#include "checkpoint/formats/tensor.hpp"

#include <array>
#include <cmath>
#include <string>

namespace facemorph {
namespace {

[[noreturn]] void refuse(const std::string& problem) {
  throw Error(problem + ".");
}

std::string shape_of(const FeatureShape& shape) {
  if (!shape.is_map) return shape_text({shape.channels});
  return shape_text({shape.channels, shape.height, shape.width});
}

void check_number(const char* name, int value, int least, int most) {
  if (value < least || value > most)
    refuse("its " + std::string(name) + " is " + std::to_string(value) + ", not " +
           std::to_string(least) + " to " + std::to_string(most));
}

void check_real(const char* name, float value, bool may_be_negative = true) {
  if (!std::isfinite(value) || (!may_be_negative && value < 0))
    refuse("its " + std::string(name) + " is an impossible number");
}

void check_count(const char* name, std::size_t count, std::int64_t expected) {
  if (static_cast<std::int64_t>(count) != expected)
    refuse("its " + std::string(name) + " has " + std::to_string(count) + " numbers, not " +
           std::to_string(expected));
}

void check_count_or_none(const char* name, std::size_t count, std::int64_t expected) {
  if (count != 0) check_count(name, count, expected);
}

void check_input(const FeatureShape& input, std::int64_t channels) {
  if (input.channels != channels)
    refuse("it takes " + std::to_string(channels) + " channels, but gets " + shape_of(input));
}

void check_map(const FeatureShape& input) {
  if (!input.is_map) refuse("it takes feature maps, but gets a vector " + shape_of(input));
}

/// What the two convolutions have in common.
template <typename Convolution>
void check_convolution(const Convolution& layer, const FeatureShape& input) {
  check_number("in_channels", layer.in_channels, 1, kMostChannels);
  check_number("out_channels", layer.out_channels, 1, kMostChannels);
  check_number("kernel", layer.kernel, 1, kMostKernel);
  check_number("stride", layer.stride, 1, kMostKernel);
  check_number("padding", layer.padding, 0, kMostKernel);
  check_map(input);
  check_input(input, layer.in_channels);
  check_count(
      "weight", layer.weight.size(),
      std::int64_t{1} * layer.in_channels * layer.out_channels * layer.kernel * layer.kernel);
  check_count_or_none("bias", layer.bias.size(), layer.out_channels);
}

/// Scale and shift of a norm.
template <typename Norm>
void check_affine(const Norm& norm, std::int64_t channels) {
  check_count_or_none("scale", norm.scale.size(), channels);
  check_count("shift", norm.shift.size(), static_cast<std::int64_t>(norm.scale.size()));
  check_real("eps", norm.eps, /*may_be_negative=*/false);
}

struct ShapeAfter {
  FeatureShape input;

  FeatureShape operator()(const LatentLayer&) const { return input; }

  FeatureShape operator()(const ConditionLayer& layer) const {
    const auto count = static_cast<std::int64_t>(layer.values.size());
    if (count == 0 || count > kMostChannels) refuse("it has no values, or far too many");
    FeatureShape output = input;
    if (layer.kind == ConditionKind::Multiply)
      check_input(input, count);
    else
      output.channels += count;
    return output;
  }

  FeatureShape operator()(const LinearLayer& layer) const {
    // An MLP's last layer may make every value of a picture.
    constexpr int kMostFeatures = 1 << 24;
    check_number("in_features", layer.in_features, 1, kMostFeatures);
    check_number("out_features", layer.out_features, 1, kMostFeatures);
    if (input.numel() != layer.in_features)
      refuse("it takes " + std::to_string(layer.in_features) + " features, but gets " +
             shape_of(input));
    check_count("weight", layer.weight.size(),
                std::int64_t{1} * layer.in_features * layer.out_features);
    check_count_or_none("bias", layer.bias.size(), layer.out_features);
    return {layer.out_features, 1, 1, false};
  }

  FeatureShape operator()(const ReshapeLayer& layer) const {
    check_number("channels", layer.channels, 1, 1 << 24);
    check_number("height", layer.height, 1, kMostImageSize);
    check_number("width", layer.width, 1, kMostImageSize);
    const FeatureShape output{layer.channels, layer.height, layer.width, true};
    if (output.numel() != input.numel())
      refuse("it makes " + shape_of(output) + " of " + shape_of(input));
    return output;
  }

  FeatureShape operator()(const ConvTranspose2dLayer& layer) const {
    check_convolution(layer, input);
    check_number("output_padding", layer.output_padding, 0, layer.stride - 1);
    const std::int64_t more = layer.kernel + layer.output_padding - 2 * layer.padding;
    return {layer.out_channels, (input.height - 1) * layer.stride + more,
            (input.width - 1) * layer.stride + more, true};
  }

  FeatureShape operator()(const Conv2dLayer& layer) const {
    check_convolution(layer, input);
    if (layer.reflect && (layer.padding >= input.height || layer.padding >= input.width))
      refuse("it cannot mirror " + std::to_string(layer.padding) + " pixels of " + shape_of(input));
    const std::int64_t padding = layer.padding;
    const std::int64_t height = input.height + 2 * padding - layer.kernel;
    const std::int64_t width = input.width + 2 * padding - layer.kernel;
    if (height < 0 || width < 0)
      refuse("its kernel of " + std::to_string(layer.kernel) + " is larger than " +
             shape_of(input));
    return {layer.out_channels, height / layer.stride + 1, width / layer.stride + 1, true};
  }

  FeatureShape operator()(const UpsampleLayer& layer) const {
    check_number("factor", layer.factor, 1, kMostKernel);
    check_map(input);
    return {input.channels, input.height * layer.factor, input.width * layer.factor, true};
  }

  FeatureShape operator()(const PixelShuffleLayer& layer) const {
    check_number("factor", layer.factor, 1, kMostKernel);
    check_map(input);
    const std::int64_t squared = std::int64_t{1} * layer.factor * layer.factor;
    if (input.channels % squared != 0)
      refuse("it takes a multiple of " + std::to_string(squared) + " channels, but gets " +
             shape_of(input));
    return {input.channels / squared, input.height * layer.factor, input.width * layer.factor,
            true};
  }

  FeatureShape operator()(const BatchNormLayer& layer) const {
    check_affine(layer, input.channels);
    check_count_or_none("running_mean", layer.running_mean.size(), input.channels);
    check_count("running_var", layer.running_var.size(),
                static_cast<std::int64_t>(layer.running_mean.size()));
    return input;
  }

  FeatureShape operator()(const InstanceNormLayer& layer) const {
    check_map(input);
    check_affine(layer, input.channels);
    return input;
  }

  FeatureShape operator()(const GroupNormLayer& layer) const {
    check_number("groups", layer.groups, 1, kMostChannels);
    if (input.channels % layer.groups != 0)
      refuse("it cannot split " + shape_of(input) + " into " + std::to_string(layer.groups) +
             " groups of channels");
    check_affine(layer, input.channels);
    return input;
  }

  FeatureShape operator()(const PixelNormLayer& layer) const {
    check_real("eps", layer.eps, /*may_be_negative=*/false);
    return input;
  }

  FeatureShape operator()(const ActivationLayer& layer) const {
    check_real("slope", layer.slope);
    const bool has_slopes = layer.kind == Activation::PRelu;
    if (!has_slopes || layer.slopes.size() != 1)
      check_count("slopes", layer.slopes.size(), has_slopes ? input.channels : 0);
    return input;
  }

  FeatureShape operator()(const ScaleLayer& layer) const {
    check_real("factor", layer.factor);
    check_real("offset", layer.offset);
    return input;
  }
};

void check_memory(const FeatureShape& output) {
  if (output.height < 1 || output.width < 1) refuse("nothing would be left behind it");
  // One after the other: the product of all three may be too large for any integer.
  if (output.channels > kMostActivation / output.height / output.width)
    refuse("it would make " + shape_of(output) + ", far more than a generator needs");
}

}  // namespace

std::string_view layer_type(const Layer& layer) {
  // In the order of the variant.
  constexpr std::array<std::string_view, std::variant_size_v<Layer>> kTypes = {
      "latent",     "condition",  "linear",        "reshape",    "conv_transpose2d",
      "conv2d",     "upsample",   "pixel_shuffle", "batch_norm", "instance_norm",
      "group_norm", "pixel_norm", "activation",    "scale"};
  return kTypes.at(layer.index());
}

FeatureShape shape_after(const Layer& layer, const FeatureShape& input) {
  const FeatureShape output = std::visit(ShapeAfter{input}, layer);
  check_memory(output);
  return output;
}

std::int64_t work_of(const Layer& layer, const FeatureShape& input, const FeatureShape& output) {
  if (const auto* linear = std::get_if<LinearLayer>(&layer))
    return std::int64_t{1} * linear->in_features * linear->out_features;
  if (const auto* conv = std::get_if<Conv2dLayer>(&layer))
    return output.height * output.width * static_cast<std::int64_t>(conv->weight.size());
  if (const auto* conv = std::get_if<ConvTranspose2dLayer>(&layer))
    return input.height * input.width * static_cast<std::int64_t>(conv->weight.size());
  return output.numel();
}

std::vector<FeatureShape> feature_shapes(const LayerStack& stack) {
  if (stack.nz < 1 || stack.nz > kMostChannels)
    throw Error("this network's latent size is " + std::to_string(stack.nz) + ", not 1 to " +
                std::to_string(kMostChannels) + ".");
  if (stack.layers.size() > kMostLayers)
    throw Error("this network has " + std::to_string(stack.layers.size()) +
                " layers; Facemorph runs up to " + std::to_string(kMostLayers) + ".");
  std::vector<FeatureShape> shapes = {{stack.nz, 1, 1, true}};
  for (std::size_t i = 0; i < stack.layers.size(); ++i) {
    try {
      shapes.push_back(shape_after(stack.layers[i], shapes.back()));
    } catch (const Error& error) {
      throw Error("layer " + std::to_string(i) + " (" + std::string(layer_type(stack.layers[i])) +
                  ") does not fit: " + error.what());
    }
  }
  return shapes;
}

void check_stack(const LayerStack& stack) {
  const std::vector<FeatureShape> shapes = feature_shapes(stack);
  std::int64_t work = 0;
  for (std::size_t i = 0; i < stack.layers.size(); ++i) {
    const std::int64_t more = work_of(stack.layers[i], shapes[i], shapes[i + 1]);
    if (more > kMostWork - work)
      throw Error("this network takes far more work a picture than a generator needs.");
    work += more;
  }
  const FeatureShape& image = shapes.back();
  const bool picture = image.is_map && (image.channels == 1 || image.channels == 3) &&
                       image.height == image.width && image.height <= kMostImageSize;
  if (!picture)
    throw Error("this network makes " + shape_of(image) +
                "; a generator makes square pictures of 1 or 3 channels, at most " +
                std::to_string(kMostImageSize) + " pixels wide.");
  if (image.channels != stack.channels || image.height != stack.image_size)
    throw Error("this network makes " + shape_of(image) + ", but the file says " +
                shape_text({stack.channels, stack.image_size, stack.image_size}) + ".");
}

}  // namespace facemorph
