#pragma once

#include "checkpoint/generator/named_layers.hpp"

#include <cstdint>
#include <vector>

namespace facemorph {

/// Names of torch.nn.utils.parametrizations ("l.parametrizations.weight.original",
/// "l.parametrizations.weight.0._u") as the older torch.nn.utils wrote them ("l.weight_orig",
/// "l.weight_u"; of weight norm "l.weight_g", "l.weight_v").
TensorView with_plain_leaves(const TensorView& tensors);

/// Spectral norm in eval mode (Miyato et al. 2018): weight / (u^T W v), W being the weight with its
/// output channels as rows. `v` may be missing, as in files of old versions; then W^T u is taken.
std::vector<float> without_spectral_norm(std::vector<float> weight,
                                         const std::vector<std::int64_t>& shape,
                                         const std::vector<float>& u, std::vector<float> v);

/// Weight norm (Salimans and Kingma 2016): g * v / |v|, a length for each index of the dimension
/// that `g` is as long as; the first, when several are.
std::vector<float> without_weight_norm(std::vector<float> v, const std::vector<std::int64_t>& shape,
                                       const std::vector<float>& g);

}  // namespace facemorph
