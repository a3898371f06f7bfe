#include "torch/training/training_speed.hpp"

#include "torch/training/trainer.hpp"

#include <chrono>

namespace facemorph {

double training_speed(const TrainConfig& config, const std::shared_ptr<const DataSet>& pictures,
                      double seconds) {
  using Clock = std::chrono::steady_clock;
  Trainer trainer(config, pictures);
  for (int i = 0; i < 2; ++i)
    trainer.step();
  const auto start = Clock::now();
  std::chrono::duration<double> spent{};
  int steps = 0;
  for (; spent.count() < seconds; spent = Clock::now() - start, ++steps)
    trainer.step();
  return steps * config.batch / spent.count();
}

}  // namespace facemorph
