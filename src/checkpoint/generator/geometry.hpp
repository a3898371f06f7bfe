#pragma once

#include "checkpoint/generator/chain.hpp"

#include <string>
#include <vector>

namespace facemorph {

/// How a layer changes the size of its maps: an enlargement before it, its own stride and padding,
/// a view or a pixel shuffle behind it.
struct LayerGeometry {
  int upsample = 1;
  int stride = 1;
  int padding = 0;
  int output_padding = 0;
  int view_side = 0;  ///< of the maps behind a fully connected layer, 0 for none
  int shuffle = 1;
  bool operator==(const LayerGeometry&) const = default;
};

/// One reading of all layers' geometry.
struct Geometry {
  std::vector<LayerGeometry> layers;
  int image_size = 0;
  double surprise = 0;  ///< 0 for the usual; grows with what is seldom done

  bool operator==(const Geometry&) const = default;
};

/// The readings of kernels, strides and paddings that give a picture of a plausible size (28, 32,
/// 64, 96, 128, 256 …), the likeliest first, 64 at most. Throws Error when there is none.
std::vector<Geometry> plausible_geometries(const GeneratorChain& chain);

/// "k4s1p0 k4s2p1 up2 k3s1p1 (64 px)": kernel, stride, padding (and output padding, o) of each
/// layer, up for an enlargement before it, view and shuffle for what comes behind.
std::string geometry_text(const GeneratorChain& chain, const Geometry& geometry);

}  // namespace facemorph
