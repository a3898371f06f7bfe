#pragma once

#include <cstddef>
#include <cstdint>

// What the instruction sets have to offer. The files behind it are compiled once for each, with
// flags of their own; they must not use anything that other files compile too (no standard
// library), or a processor without these instructions might be given their version of it.

namespace facemorph {

/// A few pixels times one panel of weights:
///   out[r][c] = activation(bias[c] + sum over taps t and k of rows[r][taps[t] + k] *
///   weights[t][k][c])
/// Elements are float, or bfloat16 where the kernels say so.
struct KernelTile {
  const void* const* rows = nullptr;     ///< first element of each pixel's window
  int count = 0;                         ///< of rows: 1 to Kernels::rows[vectors]
  const std::ptrdiff_t* taps = nullptr;  ///< offsets from there, in elements
  int tap_count = 0;
  int depth = 0;                  ///< elements a tap; even for bfloat16
  const void* weights = nullptr;  ///< [tap][k][c], for bfloat16 [tap][k / 2][c][2]
  int vectors = 1;                ///< of outputs: 1 to Kernels::vectors
  const float* bias = nullptr;    ///< [vectors * lanes]
  float slope = 0;                ///< of negative values
  void* const* outputs = nullptr;
  bool bytes = false;  ///< instead: round(255 * (tanh(x) + 1) / 2) as uint8; NaN gives 0
};

inline constexpr int kMostVectors = 4;

struct Kernels {
  const char* name;            ///< "AVX-512, bfloat16"
  int lanes;                   ///< floats in a vector
  int vectors;                 ///< outputs of a tile at most, in vectors
  int rows[kMostVectors + 1];  ///< pixels of a tile at most, by its vectors
  bool bfloat16;
  void (*multiply)(const KernelTile& tile);
};

/// Null where the compiler does not know the instructions.
extern const Kernels* const kGenericKernels;
extern const Kernels* const kAvx2Kernels;
extern const Kernels* const kAvx512Kernels;
extern const Kernels* const kAvx512Bf16Kernels;

}  // namespace facemorph
