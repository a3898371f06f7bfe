#include "torch/training/sample_sheet.hpp"

#include "runs/run_files.hpp"
#include "torch/network/images.hpp"
#include "torch/network/stack_network.hpp"
#include "torch/training/random.hpp"

namespace facemorph {

std::vector<Image> sample_faces(const GeneratorSnapshot& snapshot, std::uint64_t seed) {
  constexpr int kFaces = 64;
  const torch::Tensor latents = torch::randn({kFaces, snapshot.generator.arch.nz, 1, 1},
                                             random_stream(seed, Draw::Samples, 0));
  return to_images(StackNetwork(snapshot.generator.stack).forward(latents));
}

Image sample_sheet(const GeneratorSnapshot& snapshot, std::uint64_t seed) {
  constexpr int kColumns = 8;
  return contact_sheet(sample_faces(snapshot, seed), kColumns, kSheetGap);
}

}  // namespace facemorph
