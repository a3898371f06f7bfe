// The one kernel, for every instruction set. Included once by each kernels_….cpp, which defines
// FACEMORPH_LANES, and FACEMORPH_BF16 where elements are bfloat16. Everything here is in an unnamed
// namespace: see kernels.hpp.

#include "cpu/kernels.hpp"

#ifdef FACEMORPH_BF16
#include <immintrin.h>
#endif

namespace facemorph {
namespace {

constexpr int kLanes = FACEMORPH_LANES;
typedef float Vector __attribute__((vector_size(kLanes * 4)));
typedef float LooseVector __attribute__((vector_size(kLanes * 4), aligned(4), may_alias));
typedef std::int32_t Integers __attribute__((vector_size(kLanes * 4)));

inline Vector load(const float* from) {
  return *reinterpret_cast<const LooseVector*>(from);
}

#ifdef FACEMORPH_BF16
using Element = std::uint16_t;
constexpr int kStep = 2;  // elements that one instruction takes

struct Weight {
  __m512i pairs;
};
inline Weight load_weight(const Element* from) {
  return {_mm512_loadu_si512(from)};
}
inline Vector multiply_add(Vector sum, const Element* pair, const Weight& weight) {
  std::int32_t both;
  __builtin_memcpy(&both, pair, sizeof both);
  return (Vector)_mm512_dpbf16_ps((__m512)sum, (__m512bh)_mm512_set1_epi32(both),
                                  (__m512bh)weight.pairs);
}
inline void store(Element* to, Vector values) {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), (__m256i)_mm512_cvtneps_pbh((__m512)values));
}
#else
using Element = float;
constexpr int kStep = 1;

using Weight = Vector;
inline Weight load_weight(const Element* from) {
  return load(from);
}
inline Vector multiply_add(Vector sum, const Element* value, const Weight& weight) {
  return sum + *value * weight;
}
inline void store(Element* to, Vector values) {
  *reinterpret_cast<LooseVector*>(to) = values;
}
#endif

/// e^x for |x| below 80: 2^n times a polynomial of what is left (|r| <= ln 2 / 2; error 1e-7).
inline Vector exponential(Vector x) {
  constexpr float kMagic = 12582912.0F;  // 1.5 * 2^23: adding it rounds to a whole number
  const Vector scaled = x * 1.44269504F + kMagic;
  const Vector whole = scaled - kMagic;
  const Vector r = (x - whole * 0.693359375F) + whole * 2.12194440e-4F;
  Vector p = r * 1.3981999507e-3F + 8.3334519073e-3F;
  p = p * r + 4.1665795894e-2F;
  p = p * r + 1.6666665459e-1F;
  p = p * r + 0.5F;
  p = p * r * r + r + 1.0F;
  const Integers power = (__builtin_convertvector(whole, Integers) + 127) << 23;
  return p * (Vector)power;
}

/// round(255 * (tanh(x) + 1) / 2): the logistic function of 2x.
inline Integers to_bytes(Vector x) {
  const Vector low = Vector{} - 40.0F;
  const Vector high = Vector{} + 40.0F;
  const Vector inside = x < low ? low : x > high ? high : x;
  const Vector share = 1.0F / (1.0F + exponential(-2.0F * inside));
  const Vector known = x == x ? share * 255.0F + 0.5F : Vector{};
  return __builtin_convertvector(known, Integers);
}

template <int kRows, int kVectors>
void multiply(const KernelTile& tile) {
  Vector sums[kRows][kVectors];
#pragma GCC unroll 16
  for (int r = 0; r < kRows; ++r)
#pragma GCC unroll 4
    for (int v = 0; v < kVectors; ++v)
      sums[r][v] = load(tile.bias + v * kLanes);
  const auto* weights = static_cast<const Element*>(tile.weights);
  for (int t = 0; t < tile.tap_count; ++t) {
    const Element* rows[kRows];
#pragma GCC unroll 16
    for (int r = 0; r < kRows; ++r)
      rows[r] = static_cast<const Element*>(tile.rows[r]) + tile.taps[t];
    for (int k = 0; k < tile.depth; k += kStep) {
      Weight panel[kVectors];
#pragma GCC unroll 4
      for (int v = 0; v < kVectors; ++v)
        panel[v] = load_weight(weights + v * kLanes * kStep);
      weights += kVectors * kLanes * kStep;
#pragma GCC unroll 16
      for (int r = 0; r < kRows; ++r)
#pragma GCC unroll 4
        for (int v = 0; v < kVectors; ++v)
          sums[r][v] = multiply_add(sums[r][v], rows[r] + k, panel[v]);
    }
  }
#pragma GCC unroll 16
  for (int r = 0; r < kRows; ++r)
#pragma GCC unroll 4
    for (int v = 0; v < kVectors; ++v) {
      const Vector x = sums[r][v];
      if (tile.bytes) {
        const Integers bytes = to_bytes(x);
        auto* out = static_cast<std::uint8_t*>(tile.outputs[r]) + v * kLanes;
        for (int lane = 0; lane < kLanes; ++lane)
          out[lane] = static_cast<std::uint8_t>(bytes[lane]);
      } else {
        store(static_cast<Element*>(tile.outputs[r]) + v * kLanes,
              x > Vector{} ? x : x * tile.slope);
      }
    }
}

/// Chooses the function for a number of rows.
template <int kRows, int kVectors>
void multiply_rows(const KernelTile& tile) {
  if constexpr (kRows > 0) {
    if (tile.count == kRows)
      multiply<kRows, kVectors>(tile);
    else
      multiply_rows<kRows - 1, kVectors>(tile);
  }
}

/// Chooses it for a number of vectors, too. As many rows as leave the sums, a panel and a pixel in
/// registers; 0: no such panels.
template <int kRowsOf1, int kRowsOf2, int kRowsOf3, int kRowsOf4>
void multiply_any(const KernelTile& tile) {
  switch (tile.vectors) {
    case 1:
      return multiply_rows<kRowsOf1, 1>(tile);
    case 2:
      return multiply_rows<kRowsOf2, 2>(tile);
    case 3:
      return multiply_rows<kRowsOf3, 3>(tile);
    default:
      return multiply_rows<kRowsOf4, 4>(tile);
  }
}

template <int kRowsOf1, int kRowsOf2, int kRowsOf3, int kRowsOf4>
constexpr Kernels make_kernels(const char* name) {
  constexpr int kVectors = kRowsOf4 > 0 ? 4 : kRowsOf3 > 0 ? 3 : 2;
  return {name,       kLanes,
          kVectors,   {0, kRowsOf1, kRowsOf2, kRowsOf3, kRowsOf4},
          kStep == 2, multiply_any<kRowsOf1, kRowsOf2, kRowsOf3, kRowsOf4>};
}

}  // namespace
}  // namespace facemorph
