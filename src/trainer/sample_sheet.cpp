#include "trainer/sample_sheet.hpp"

#include "model/images.hpp"
#include "model/stack_network.hpp"
#include "train/run_files.hpp"
#include "trainer/random.hpp"

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
