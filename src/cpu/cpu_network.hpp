#pragma once

#include "cpu/aligned.hpp"
#include "cpu/dcgan_stages.hpp"
#include "cpu/instruction_set.hpp"
#include "cpu/worker_pool.hpp"
#include "pictures/image.hpp"

#include <array>
#include <cstddef>
#include <functional>
#include <span>
#include <vector>

namespace facemorph {

/// A DCGAN generator on the CPU: weights are packed once, and while it runs only the pictures are
/// allocated.
///
/// A transposed convolution of kernel 4, stride 2 and padding 1 makes four pictures, one for each
/// parity of row and column, and each is a 2x2 convolution (Shi et al. 2016, "Is the deconvolution
/// layer the same as a convolutional layer?"). Here each is a matrix product whose rows are pixels;
/// what comes out goes right to its place in the next layer's input, which has a border of zeros.
/// Layouts are [picture, y, x, channel].
class CpuNetwork {
 public:
  /// Batch norms are folded in. Requires kernels that this processor has.
  CpuNetwork(const DcganStages& stages, const Kernels& kernels);

  int nz() const { return nz_; }
  const Kernels& kernels() const { return *kernels_; }
  /// All latents of nz values. One caller at a time.
  std::vector<Image> generate(std::span<const std::vector<float>> latents, WorkerPool& pool);

  /// What a stage but the last has made of all latents, where it lies: the next stage takes it from
  /// there.
  struct StageValues {
    float* first = nullptr;  ///< channel 0 of the first pixel, inside the border of zeros
    std::size_t pictures = 0;
    int side = 0;
    std::size_t pixel = 0;    ///< values from a pixel to the next
    std::size_t row = 0;      ///< to the pixel below
    std::size_t picture = 0;  ///< to the next picture
  };
  /// May change what a stage but the last has made; false ends the run, which gives no pictures.
  using Look = std::function<bool(std::size_t stage, const StageValues& values)>;
  /// As generate(), all pictures at once, with a look behind every stage. Requires float kernels.
  std::vector<Image> generate(std::span<const std::vector<float>> latents, WorkerPool& pool,
                              const Look& look);
  /// The same by a network that is needed only once: packs a layer when its turn comes and drops it
  /// after that, which takes a fraction of the memory.
  static std::vector<Image> generate_once(const DcganStages& stages, const Kernels& kernels,
                                          std::span<const std::vector<float>> latents,
                                          WorkerPool& pool, const Look& look = {});

 private:
  /// Some outputs of a layer, for one place in the output of every pixel of the input.
  struct Panel {
    int vectors = 1;
    std::size_t weights = 0;    ///< place in Layer::weights, in bytes
    std::size_t bias = 0;       ///< place in Layer::bias
    std::ptrdiff_t input = 0;   ///< from the pixel's place in the input to the window, in elements
    std::ptrdiff_t output = 0;  ///< from the pixel's place in the output, in elements
  };
  struct Layer {
    int side = 1;      ///< of the input, without its border
    int border = 0;    ///< of the input
    int channels = 0;  ///< of the input, as they lie in memory
    int out_side = 0;  ///< of the output with its border; 0: it is the picture
    int out_channels = 0;
    int scale = 1;  ///< pixels of the output from one of the input to the next
    float slope = 1;
    std::vector<std::ptrdiff_t> taps;
    std::vector<Panel> panels;
    AlignedVector<std::byte> weights;
    AlignedVector<float> bias;
    AlignedVector<std::byte> input;  ///< of so many pictures as there were at most

    std::size_t input_size() const {  ///< elements a picture
      const auto width = static_cast<std::size_t>(side + 2 * border);
      return width * width * static_cast<std::size_t>(channels);
    }
  };
  /// Which number of the kernel every tap takes; -1: none.
  using Places = std::vector<int>;

  struct Unpacked {};
  /// With its layers still to be packed.
  CpuNetwork(const DcganStages& stages, const Kernels& kernels, Unpacked);
  Layer packed_layer(const DcganStages& stages, std::size_t index) const;
  int padded(int channels) const;
  std::size_t element() const { return kernels_->bfloat16 ? 2 : 4; }
  Layer first_layer(const DcganStage& stage) const;
  Layer middle_layer(const DcganStage& stage, int side) const;
  Layer last_layer(const DcganStage& stage, int side) const;
  static std::vector<std::ptrdiff_t> window_taps(const Layer& layer, int size);
  /// Adds panels for all output channels of a stage.
  void add_panels(Layer& layer, const DcganStage& stage, const FoldedNorm& norm,
                  const Places& places, std::ptrdiff_t input, std::ptrdiff_t output) const;
  /// Packs weight(tap, input channel, output) for `outputs` outputs and adds the panel.
  template <typename Weight, typename Bias>
  void add_panel(Layer& layer, Panel panel, const Weight& weight, const Bias& bias) const;

  std::vector<Image> black_images(std::size_t count) const;
  void make_room(Layer& layer, std::size_t pictures) const;
  void put_latents(std::span<const std::vector<float>> latents);
  StageValues values_behind(std::size_t stage, std::size_t pictures);
  /// `in_turn`: where to pack the layers behind the first from; each is dropped when it is done.
  std::vector<Image> run_layers(std::span<const std::vector<float>> latents, WorkerPool& pool,
                                const Look& look, const DcganStages* in_turn);
  void run_layer(std::size_t index, int pictures, std::span<Image> images, WorkerPool& pool);
  void run_rows(std::size_t index, const Panel& panel, int first, int last,
                std::span<Image> images);

  const Kernels* kernels_;
  int nz_;
  int channels_;
  int image_size_;
  std::vector<Layer> layers_;
};

}  // namespace facemorph
