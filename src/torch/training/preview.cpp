#include "torch/training/preview.hpp"

#include "torch/network/images.hpp"
#include "torch/network/torch_errors.hpp"
#include "torch/network/torch_threads.hpp"
#include "torch/training/augment.hpp"
#include "torch/training/random.hpp"
#include "torch/training/sampler.hpp"

namespace facemorph {

std::vector<Image> preview_pictures(const std::shared_ptr<const DataSet>& pictures,
                                    const TrainConfig& config, std::uint64_t round, int count) {
  check_config(config);
  return with_plain_errors("The pictures cannot be shown", [&] {
    use_one_thread();
    const torch::NoGradGuard no_grad;
    const RealBatch batch = Sampler(pictures, config.seed, count, config.flip).batch(round);
    return to_images(augment(batch.images, config.augment,
                             random_stream(config.seed, Draw::AugmentReal, round)));
  });
}

}  // namespace facemorph
