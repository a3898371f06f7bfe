#pragma once

#include "checkpoint/formats/tensor.hpp"
#include "runs/train_config.hpp"

#include <torch/nn/module.h>
#include <torch/optim/adam.h>

#include <memory>
#include <string>

namespace facemorph {

torch::optim::Adam make_adam(const torch::nn::Module& module, const AdamSettings& settings);

void set_learning_rate(torch::optim::Adam& adam, double rate);

/// Adds the moments to `table` as <prefix><parameter>.exp_avg and .exp_avg_sq. torch::save brings
/// neither the learning rate nor stable names back.
void save_adam(torch::optim::Adam& adam, const torch::nn::Module& module, const std::string& prefix,
               TensorTable& table);
/// Throws Error naming what is missing or has another shape.
void restore_adam(torch::optim::Adam& adam, const torch::nn::Module& module,
                  const std::string& prefix, const TensorTable& table, std::int64_t step);

}  // namespace facemorph
