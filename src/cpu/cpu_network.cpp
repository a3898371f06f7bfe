#include "cpu/cpu_network.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <cstring>

namespace facemorph {
namespace {

constexpr int kTaps = 16;                  // of a kernel of 4 x 4
constexpr std::size_t kMostPictures = 16;  // at a time: more do not stay in the caches
constexpr int kPiecesAThread = 4;
constexpr std::size_t kMostRows = 16;  // of any tile
constexpr std::size_t kMostBytes = 64;

/// Rounds to the nearest, halves to even; NaN stays one.
std::uint16_t to_bfloat16(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  if (std::isnan(value)) return static_cast<std::uint16_t>((bits >> 16U) | 0x40U);
  return static_cast<std::uint16_t>((bits + 0x7FFFU + ((bits >> 16U) & 1U)) >> 16U);
}

void put(std::byte* to, float value, bool bfloat16) {
  if (!bfloat16) {
    std::memcpy(to, &value, sizeof value);
    return;
  }
  const std::uint16_t half = to_bfloat16(value);
  std::memcpy(to, &half, sizeof half);
}

/// Rows (or columns) of the kernel that make an output of this parity, by their distance from the
/// first row of the 3 x 3 window around a pixel; -1: none. Output o takes input i by kernel row
/// o + 1 - 2 i.
constexpr std::array<std::array<int, 3>, 2> kKernelRows = {{{3, 1, -1}, {-1, 2, 0}}};

int place_of(int row, int column) {
  return row < 0 || column < 0 ? -1 : row * 4 + column;
}

float scaled(float weight, double factor) {
  return static_cast<float>(static_cast<double>(weight) * factor);
}

/// The four pixels of all parities: [row][column][channel].
void put_pixels(Image& image, int channels, int x, int y, const std::uint8_t* values) {
  for (int row = 0; row < 2; ++row) {
    std::uint8_t* out =
        image.rgba.data() + static_cast<std::size_t>(((y + row) * image.width + x) * 4);
    for (int column = 0; column < 2; ++column, out += 4, values += channels) {
      out[0] = values[0];
      out[1] = values[channels == 3 ? 1 : 0];
      out[2] = values[channels == 3 ? 2 : 0];
      out[3] = 255;
    }
  }
}

}  // namespace

CpuNetwork::CpuNetwork(const DcganStages& stages, const Kernels& kernels, Unpacked)
    : kernels_(&kernels),
      nz_(stages.nz),
      channels_(stages.channels),
      image_size_(stages.image_size),
      layers_(stages.stages.size()) {}

CpuNetwork::CpuNetwork(const DcganStages& stages, const Kernels& kernels)
    : CpuNetwork(stages, kernels, Unpacked()) {
  for (std::size_t i = 0; i < layers_.size(); ++i)
    layers_[i] = packed_layer(stages, i);
}

CpuNetwork::Layer CpuNetwork::packed_layer(const DcganStages& stages, std::size_t index) const {
  const DcganStage& stage = stages.stages[index];
  if (index == 0) return first_layer(stage);
  const int side = 4 << (index - 1);
  return index + 1 < stages.stages.size() ? middle_layer(stage, side) : last_layer(stage, side);
}

int CpuNetwork::padded(int channels) const {
  return (channels + kernels_->lanes - 1) / kernels_->lanes * kernels_->lanes;
}

template <typename Weight, typename Bias>
void CpuNetwork::add_panel(Layer& layer, Panel panel, const Weight& weight,
                           const Bias& bias) const {
  const int outputs = panel.vectors * kernels_->lanes;
  const int step = kernels_->bfloat16 ? 2 : 1;
  panel.weights = layer.weights.size();
  panel.bias = layer.bias.size();
  const std::size_t count = layer.taps.size() * static_cast<std::size_t>(layer.channels) *
                            static_cast<std::size_t>(outputs);
  layer.weights.resize(layer.weights.size() + count * element());
  std::byte* out = layer.weights.data() + panel.weights;
  for (int tap = 0; tap < static_cast<int>(layer.taps.size()); ++tap)
    for (int k = 0; k < layer.channels; k += step)
      for (int c = 0; c < outputs; ++c)
        for (int i = k; i < k + step; ++i, out += element())
          put(out, weight(tap, i, c), kernels_->bfloat16);
  for (int c = 0; c < outputs; ++c)
    layer.bias.push_back(bias(c));
  layer.panels.push_back(panel);
}

void CpuNetwork::add_panels(Layer& layer, const DcganStage& stage, const FoldedNorm& norm,
                            const Places& places, std::ptrdiff_t input,
                            std::ptrdiff_t output) const {
  const int all = padded(stage.out_channels) / kernels_->lanes;
  layer.weights.reserve(static_cast<std::size_t>(kTaps * layer.channels) *
                        static_cast<std::size_t>(padded(stage.out_channels)) * element());
  const float* weights = stage.weight.data();
  for (int vector = 0; vector < all; vector += kernels_->vectors) {
    const int first = vector * kernels_->lanes;
    const Panel panel{std::min(kernels_->vectors, all - vector), 0, 0, input, output + first};
    const auto weight = [&](int tap, int in, int c) {
      const int out = first + c;
      if (in >= stage.in_channels || out >= stage.out_channels) return 0.0F;
      return scaled(
          weights[(in * stage.out_channels + out) * kTaps + places[static_cast<std::size_t>(tap)]],
          norm.factor[static_cast<std::size_t>(out)]);
    };
    add_panel(layer, panel, weight, [&](int c) {
      const int out = first + c;
      return out < stage.out_channels ? norm.bias[static_cast<std::size_t>(out)] : 0.0F;
    });
  }
}

/// The latent is one pixel; the sixteen pixels that it makes are sixteen products.
CpuNetwork::Layer CpuNetwork::first_layer(const DcganStage& stage) const {
  Layer layer;
  layer.channels = (stage.in_channels + 1) / 2 * 2;
  layer.out_side = 4 + 2;
  layer.out_channels = padded(stage.out_channels);
  layer.slope = stage.slope;
  layer.taps = {0};
  const FoldedNorm norm = fold_norm(stage);
  for (int y = 0; y < 4; ++y)
    for (int x = 0; x < 4; ++x)
      add_panels(layer, stage, norm, {y * 4 + x}, 0,
                 ((y + 1) * layer.out_side + x + 1) * layer.out_channels);
  return layer;
}

/// The pixels of a square window.
std::vector<std::ptrdiff_t> CpuNetwork::window_taps(const Layer& layer, int size) {
  std::vector<std::ptrdiff_t> taps;
  for (int y = 0; y < size; ++y)
    for (int x = 0; x < size; ++x)
      taps.push_back((y * (layer.side + 2 * layer.border) + x) * layer.channels);
  return taps;
}

CpuNetwork::Layer CpuNetwork::middle_layer(const DcganStage& stage, int side) const {
  Layer layer;
  layer.side = side;
  layer.border = 1;
  layer.channels = padded(stage.in_channels);
  layer.out_side = 2 * side + 2;
  layer.out_channels = padded(stage.out_channels);
  layer.scale = 2;
  layer.slope = stage.slope;
  layer.taps = window_taps(layer, 2);
  const int width = side + 2;
  const FoldedNorm norm = fold_norm(stage);
  for (int a = 0; a < 2; ++a)
    for (int b = 0; b < 2; ++b) {
      Places places;
      for (int y = 0; y < 2; ++y)
        for (int x = 0; x < 2; ++x)
          places.push_back(
              place_of(kKernelRows[static_cast<std::size_t>(a)][static_cast<std::size_t>(a + y)],
                       kKernelRows[static_cast<std::size_t>(b)][static_cast<std::size_t>(b + x)]));
      add_panels(layer, stage, norm, places, (a * width + b) * layer.channels,
                 ((a + 1) * layer.out_side + b + 1) * layer.out_channels);
    }
  return layer;
}

/// So few channels that all four parities share a panel, over the 3 x 3 window of them all.
CpuNetwork::Layer CpuNetwork::last_layer(const DcganStage& stage, int side) const {
  Layer layer;
  layer.side = side;
  layer.border = 1;
  layer.channels = padded(stage.in_channels);
  layer.scale = 2;
  layer.taps = window_taps(layer, 3);
  const int outputs = 4 * stage.out_channels;
  const FoldedNorm norm = fold_norm(stage);
  const auto weight = [&](int tap, int in, int c) {
    if (in >= stage.in_channels || c >= outputs) return 0.0F;
    const auto parity = static_cast<std::size_t>(c / stage.out_channels);
    const auto y = static_cast<std::size_t>(tap / 3);
    const auto x = static_cast<std::size_t>(tap % 3);
    const int place = place_of(kKernelRows[parity / 2][y], kKernelRows[parity % 2][x]);
    if (place < 0) return 0.0F;
    const int out = c % stage.out_channels;
    return scaled(stage.weight.data()[(in * stage.out_channels + out) * kTaps + place],
                  norm.factor[static_cast<std::size_t>(out)]);
  };
  add_panel(layer, {padded(outputs) / kernels_->lanes, 0, 0, 0, 0}, weight, [&](int c) {
    return c < outputs ? norm.bias[static_cast<std::size_t>(c % stage.out_channels)] : 0.0F;
  });
  return layer;
}

void CpuNetwork::make_room(Layer& layer, std::size_t pictures) const {
  const std::size_t size = pictures * layer.input_size() * element();
  if (layer.input.size() < size) layer.input.assign(size, std::byte{0});
}

void CpuNetwork::put_latents(std::span<const std::vector<float>> latents) {
  Layer& layer = layers_.front();
  std::byte* row = layer.input.data();
  for (const std::vector<float>& latent : latents) {
    for (std::size_t i = 0; i < latent.size(); ++i)
      put(row + i * element(), latent[i], kernels_->bfloat16);
    row += layer.input_size() * element();
  }
}

void CpuNetwork::run_rows(std::size_t index, const Panel& panel, int first, int last,
                          std::span<Image> images) {
  const Layer& layer = layers_[index];
  const bool bytes = layer.out_side == 0;
  std::byte* target = bytes ? nullptr : layers_[index + 1].input.data();
  const int pixels = layer.side * layer.side;
  const int width = layer.side + 2 * layer.border;
  const std::size_t out_size = bytes ? 0 : layers_[index + 1].input_size();
  std::array<const void*, kMostRows> rows{};
  std::array<void*, kMostRows> outputs{};
  std::array<std::array<std::uint8_t, kMostBytes>, kMostRows> pieces{};
  KernelTile tile{rows.data(),
                  0,
                  layer.taps.data(),
                  static_cast<int>(layer.taps.size()),
                  layer.channels,
                  layer.weights.data() + panel.weights,
                  panel.vectors,
                  layer.bias.data() + panel.bias,
                  layer.slope,
                  outputs.data(),
                  bytes};
  const int most = kernels_->rows[panel.vectors];
  for (int row = first; row < last; row += tile.count) {
    tile.count = std::min(most, last - row);
    for (int r = 0; r < tile.count; ++r) {
      const int picture = (row + r) / pixels;
      const int y = (row + r) % pixels / layer.side;
      const int x = (row + r) % layer.side;
      const std::ptrdiff_t from =
          static_cast<std::ptrdiff_t>(static_cast<std::size_t>(picture) * layer.input_size()) +
          std::ptrdiff_t{y * width + x} * layer.channels + panel.input;
      rows[static_cast<std::size_t>(r)] =
          layer.input.data() + from * static_cast<std::ptrdiff_t>(element());
      if (bytes) {
        outputs[static_cast<std::size_t>(r)] = pieces[static_cast<std::size_t>(r)].data();
        continue;
      }
      const std::ptrdiff_t to =
          static_cast<std::ptrdiff_t>(static_cast<std::size_t>(picture) * out_size) +
          std::ptrdiff_t{(y * layer.out_side + x) * layer.scale} * layer.out_channels +
          panel.output;
      outputs[static_cast<std::size_t>(r)] = target + to * static_cast<std::ptrdiff_t>(element());
    }
    kernels_->multiply(tile);
    for (int r = 0; bytes && r < tile.count; ++r) {
      const int at = (row + r) % pixels;
      put_pixels(images[static_cast<std::size_t>((row + r) / pixels)], channels_,
                 2 * (at % layer.side), 2 * (at / layer.side),
                 pieces[static_cast<std::size_t>(r)].data());
    }
  }
}

void CpuNetwork::run_layer(std::size_t index, int pictures, std::span<Image> images,
                           WorkerPool& pool) {
  const Layer& layer = layers_[index];
  const int rows = pictures * layer.side * layer.side;
  const auto panels = static_cast<int>(layer.panels.size());
  const int tile = kernels_->rows[layer.panels.front().vectors];
  const int wanted = (kPiecesAThread * pool.threads() + panels - 1) / panels;
  const int tiles = (rows + tile - 1) / tile;
  const int chunk = std::max(1, tiles / wanted) * tile;
  const int chunks = (rows + chunk - 1) / chunk;
  pool.run(panels * chunks, [&](int piece) {
    const int first = piece % chunks * chunk;
    run_rows(index, layer.panels[static_cast<std::size_t>(piece / chunks)], first,
             std::min(rows, first + chunk), images);
  });
}

std::vector<Image> CpuNetwork::black_images(std::size_t count) const {
  const auto side = static_cast<std::size_t>(image_size_);
  return {count, {image_size_, image_size_, std::vector<std::uint8_t>(side * side * 4)}};
}

std::vector<Image> CpuNetwork::generate(std::span<const std::vector<float>> latents,
                                        WorkerPool& pool) {
  std::vector<Image> images = black_images(latents.size());
  for (std::size_t first = 0; first < latents.size(); first += kMostPictures) {
    const std::size_t count = std::min(kMostPictures, latents.size() - first);
    for (Layer& layer : layers_)
      make_room(layer, count);
    put_latents(latents.subspan(first, count));
    for (std::size_t i = 0; i < layers_.size(); ++i)
      run_layer(i, static_cast<int>(count), std::span(images).subspan(first, count), pool);
  }
  return images;
}

CpuNetwork::StageValues CpuNetwork::values_behind(std::size_t stage, std::size_t pictures) {
  Layer& next = layers_[stage + 1];
  const auto pixel = static_cast<std::size_t>(next.channels);
  const std::size_t row = pixel * static_cast<std::size_t>(next.side + 2);
  float* values = reinterpret_cast<float*>(next.input.data());
  return {values + row + pixel, pictures, next.side, pixel, row, next.input_size()};
}

std::vector<Image> CpuNetwork::generate(std::span<const std::vector<float>> latents,
                                        WorkerPool& pool, const Look& look) {
  return run_layers(latents, pool, look, nullptr);
}

std::vector<Image> CpuNetwork::generate_once(const DcganStages& stages, const Kernels& kernels,
                                             std::span<const std::vector<float>> latents,
                                             WorkerPool& pool, const Look& look) {
  CpuNetwork network(stages, kernels, Unpacked());
  network.layers_.front() = network.packed_layer(stages, 0);
  return network.run_layers(latents, pool, look, &stages);
}

std::vector<Image> CpuNetwork::run_layers(std::span<const std::vector<float>> latents,
                                          WorkerPool& pool, const Look& look,
                                          const DcganStages* in_turn) {
  assert(!kernels_->bfloat16);
  const auto pictures = static_cast<int>(latents.size());
  make_room(layers_.front(), latents.size());
  put_latents(latents);
  for (std::size_t i = 0; i + 1 < layers_.size(); ++i) {
    if (in_turn != nullptr) layers_[i + 1] = packed_layer(*in_turn, i + 1);
    make_room(layers_[i + 1], latents.size());
    run_layer(i, pictures, {}, pool);
    if (in_turn != nullptr) layers_[i] = {};
    if (look && !look(i, values_behind(i, latents.size()))) return {};
  }
  std::vector<Image> images = black_images(latents.size());
  run_layer(layers_.size() - 1, pictures, images, pool);
  return images;
}

}  // namespace facemorph
