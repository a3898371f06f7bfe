#include "torch/training/adam.hpp"

#include "base/error.hpp"
#include "torch/network/dcgan.hpp"

#include <sstream>
#include <type_traits>

namespace facemorph {
namespace {

using State = torch::optim::AdamParamState;

/// The key of a parameter's state: a text up to LibTorch 2.0, a pointer later.
template <typename Map>
auto key_of(const Map&, const torch::Tensor& parameter) {
  if constexpr (std::is_same_v<typename Map::key_type, std::string>) {
    std::ostringstream address;  // as Adam writes it; later versions have no function for that
    address << parameter.unsafeGetTensorImpl();
    return address.str();
  } else {
    return static_cast<typename Map::key_type>(parameter.unsafeGetTensorImpl());
  }
}

torch::Tensor moment(const TensorTable& table, const std::string& name,
                     const torch::Tensor& parameter) {
  const Tensor* found = table.find(name);
  if (found == nullptr) throw Error("it lacks '" + name + "'.");
  if (found->shape != parameter.sizes().vec() || found->dtype != DType::Float32)
    throw Error("'" + name + "' does not fit: " + std::string(dtype_name(found->dtype)) + " " +
                shape_text(found->shape) + ".");
  return to_torch(*found).to(parameter.device());
}

}  // namespace

torch::optim::Adam make_adam(const torch::nn::Module& module, const AdamSettings& settings) {
  return torch::optim::Adam(
      module.parameters(),
      torch::optim::AdamOptions(settings.learning_rate).betas({settings.beta1, settings.beta2}));
}

void set_learning_rate(torch::optim::Adam& adam, double rate) {
  for (torch::optim::OptimizerParamGroup& group : adam.param_groups())
    static_cast<torch::optim::AdamOptions&>(group.options()).lr(rate);
}

void save_adam(torch::optim::Adam& adam, const torch::nn::Module& module, const std::string& prefix,
               TensorTable& table) {
  auto& states = adam.state();
  for (const auto& parameter : module.named_parameters()) {
    const auto found = states.find(key_of(states, parameter.value()));
    if (found == states.end()) continue;  // before the first step
    const auto& state = static_cast<const State&>(*found->second);
    table.set(prefix + parameter.key() + ".exp_avg", from_torch(state.exp_avg()));
    table.set(prefix + parameter.key() + ".exp_avg_sq", from_torch(state.exp_avg_sq()));
  }
}

void restore_adam(torch::optim::Adam& adam, const torch::nn::Module& module,
                  const std::string& prefix, const TensorTable& table, std::int64_t step) {
  auto& states = adam.state();
  states.clear();
  if (step == 0) return;
  for (const auto& parameter : module.named_parameters()) {
    auto state = std::make_unique<State>();
    state->step(step);
    state->exp_avg(moment(table, prefix + parameter.key() + ".exp_avg", parameter.value()));
    state->exp_avg_sq(moment(table, prefix + parameter.key() + ".exp_avg_sq", parameter.value()));
    states[key_of(states, parameter.value())] = std::move(state);
  }
}

}  // namespace facemorph
