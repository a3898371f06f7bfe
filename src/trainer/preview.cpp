#include "trainer/preview.hpp"

#include "model/images.hpp"
#include "model/torch_errors.hpp"
#include "model/torch_threads.hpp"
#include "trainer/augment.hpp"
#include "trainer/random.hpp"
#include "trainer/sampler.hpp"

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
