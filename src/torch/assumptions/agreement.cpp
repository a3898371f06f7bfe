#include "torch/assumptions/agreement.hpp"

#include <ATen/ops/cat.h>

#include <algorithm>
#include <cmath>
#include <cstring>

namespace facemorph {
namespace {

constexpr double kMostMismatch = 4;  // of a channel, so that a few dead ones do not decide
constexpr std::size_t kMostKeptBytes = 64U << 20;

/// How far statistics of a batch are from the stored ones: mean over channels.
double mismatch_of(const BatchNormLayer& norm, const torch::Tensor& values) {
  const NormStatistics seen = norm_statistics(values);
  const torch::Tensor mean = seen.mean.contiguous();
  const torch::Tensor variance = seen.variance.contiguous();
  double sum = 0;
  for (std::size_t i = 0; i < norm.running_mean.size(); ++i) {
    const double stored = static_cast<double>(norm.running_var[i]) + 1e-8;
    const double now = static_cast<double>(variance.data_ptr<float>()[i]) + 1e-8;
    const double shift = static_cast<double>(mean.data_ptr<float>()[i]) - norm.running_mean[i];
    const double ratio = std::log(now / stored);
    const double distance = shift * shift / stored + 0.5 * ratio * ratio;
    sum += std::isfinite(distance) ? std::min(distance, kMostMismatch) : kMostMismatch;
  }
  return sum / static_cast<double>(norm.running_mean.size());
}

/// Says what a layer of one draft does: weights, which the drafts share, go by their address.
class LayerKey {
 public:
  static std::string of(const Layer& layer) {
    LayerKey key;
    key.add(layer.index());
    std::visit([&](const auto& kind) { key.describe(kind); }, layer);
    return key.text_;
  }

 private:
  template <typename Value>
  void add(Value value) {
    static_assert(std::is_trivially_copyable_v<Value>);
    const auto* bytes = reinterpret_cast<const char*>(&value);
    text_.append(bytes, sizeof value);
  }
  void describe(const LatentLayer& layer) { add(layer.kind); }
  void describe(const ConditionLayer& layer) { add(layer.kind); }
  void describe(const LinearLayer& layer) { add(layer.weight.data()); }
  void describe(const ReshapeLayer& layer) { add(layer.height); }
  void describe(const ConvTranspose2dLayer& layer) {
    add(layer.weight.data());
    add(layer.stride);
    add(layer.padding);
    add(layer.output_padding);
  }
  void describe(const Conv2dLayer& layer) {
    add(layer.weight.data());
    add(layer.stride);
    add(layer.padding);
    add(layer.reflect);
  }
  void describe(const UpsampleLayer& layer) {
    add(layer.factor);
    add(layer.mode);
  }
  void describe(const PixelShuffleLayer& layer) { add(layer.factor); }
  void describe(const BatchNormLayer& layer) { add(layer.eps); }
  void describe(const InstanceNormLayer& layer) { add(layer.eps); }
  void describe(const GroupNormLayer& layer) { add(layer.groups); }
  void describe(const PixelNormLayer& layer) { add(layer.eps); }
  void describe(const ActivationLayer& layer) {
    add(layer.kind);
    add(layer.slope);
  }
  void describe(const ScaleLayer& layer) {
    add(layer.factor);
    add(layer.offset);
  }

  std::string text_;
};

/// How many layers at the beginning stand for the latent and its class.
std::size_t head_length(const LayerStack& stack) {
  const auto in_head = [](const Layer& layer) {
    return std::holds_alternative<LatentLayer>(layer) ||
           std::holds_alternative<ConditionLayer>(layer);
  };
  return static_cast<std::size_t>(std::ranges::find_if_not(stack.layers, in_head) -
                                  stack.layers.begin());
}

}  // namespace

bool tells_something(const BatchNormLayer& norm) {
  bool initial = true;
  for (std::size_t i = 0; i < norm.running_mean.size(); ++i) {
    if (!std::isfinite(norm.running_mean[i]) || !std::isfinite(norm.running_var[i]) ||
        norm.running_var[i] < 0)
      return false;
    initial = initial && norm.running_mean[i] == 0 && norm.running_var[i] == 1;
  }
  return !norm.running_mean.empty() && !initial;
}

Agreement::Agreement(const GeneratorDraft& draft, torch::Tensor latents)
    : draft_(draft), latents_(std::move(latents)) {}

double Agreement::mismatch(const Assumptions& reading, std::size_t norms, double bound) {
  const Parts parts = cut(reading);
  const std::size_t most = std::min(norms, parts.norms.size());
  const auto end = parts.norms.begin() + static_cast<std::ptrdiff_t>(most);
  const auto telling = std::count_if(parts.norms.begin(), end, tells_something);
  double sum = 0;
  for (std::size_t i = 0; i < most && sum < bound; ++i)
    if (tells_something(parts.norms[i]))
      sum += mismatch_at(parts, i) / static_cast<double>(telling);
  return sum;
}

Agreement::Parts Agreement::cut(const Assumptions& reading) {
  LayerStack stack = build_stack(draft_, reading);
  const auto head = static_cast<std::ptrdiff_t>(head_length(stack));
  Parts parts;
  std::string key;
  for (auto layer = stack.layers.begin(); layer != stack.layers.begin() + head; ++layer)
    key += LayerKey::of(*layer);
  parts.inputs = inputs(reading, key, stack);
  LayerStack segment;
  for (auto layer = stack.layers.begin() + head; layer != stack.layers.end(); ++layer) {
    if (const auto* norm = std::get_if<BatchNormLayer>(&*layer)) {
      parts.segments.push_back(std::move(segment));
      parts.keys.push_back(key);
      parts.norms.push_back(*norm);
      segment = {};
    }
    key += LayerKey::of(*layer);
    segment.layers.push_back(std::move(*layer));
  }
  return parts;
}

/// Training saw all classes in every batch, so the faces here get one class after the other.
torch::Tensor Agreement::inputs(Assumptions reading, const std::string& key,
                                const LayerStack& stack) {
  torch::Tensor& known = inputs_[key];
  if (known.defined()) return known;
  const auto through_head = [](LayerStack head, const torch::Tensor& latents) {
    head.layers.resize(head_length(head));
    return StackNetwork(head).forward(latents);
  };
  const Choice* classes = draft_.find("class");
  if (classes == nullptr) return known = through_head(stack, latents_);
  const auto count = static_cast<std::int64_t>(classes->options.size());
  std::vector<torch::Tensor> parts;
  for (std::int64_t i = 0; i < std::min(count, latents_.size(0)); ++i) {
    reading["class"] = classes->options[static_cast<std::size_t>(i)];
    parts.push_back(
        through_head(build_stack(draft_, reading), latents_.slice(0, i, c10::nullopt, count)));
  }
  return known = at::cat(parts);
}

double Agreement::mismatch_at(const Parts& parts, std::size_t norm) {
  const auto found = mismatches_.find(parts.keys[norm]);
  if (found != mismatches_.end()) return found->second;
  return mismatches_[parts.keys[norm]] = mismatch_of(parts.norms[norm], values_into(parts, norm));
}

torch::Tensor Agreement::values_into(const Parts& parts, std::size_t norm) {
  const auto found = values_.find(parts.keys[norm]);
  if (found != values_.end()) return found->second;
  const torch::Tensor before = norm == 0 ? parts.inputs : values_into(parts, norm - 1);
  const torch::Tensor result = StackNetwork(parts.segments[norm], torch::kCPU, &operations_)
                                   .forward_with_batch_statistics(before);
  kept_bytes_ += result.nbytes();
  if (kept_bytes_ > kMostKeptBytes) {
    values_.clear();
    kept_bytes_ = result.nbytes();
  }
  return values_[parts.keys[norm]] = result;
}

}  // namespace facemorph
