#include "cpu/ceilings.hpp"

#include "cpu/aligned.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace facemorph {
namespace {

using Clock = std::chrono::steady_clock;

/// The best of many rounds of work on every thread, in seconds: for a while, because a processor
/// that has rested, or that others use as well, takes time to show what it can do.
template <typename Work>
double fastest(WorkerPool& pool, const Work& work) {
  constexpr std::chrono::milliseconds kWhile(300);
  auto best = Clock::duration::max();
  const auto end = Clock::now() + kWhile;
  while (Clock::now() < end) {
    const auto start = Clock::now();
    pool.run(pool.threads(), work);
    best = std::min(best, Clock::now() - start);
  }
  return std::chrono::duration<double>(best).count();
}

}  // namespace

double peak_operations(const Kernels& kernels, WorkerPool& pool) {
  constexpr int kDepth = 64;
  constexpr int kCalls = 20'000;
  const int vectors = kernels.vectors;
  const int rows = kernels.rows[vectors];
  const auto outputs = static_cast<std::size_t>(vectors * kernels.lanes);
  const auto work = [&](int) {
    const AlignedVector<float> zeros(outputs * kDepth, 0.0F);
    AlignedVector<float> results(outputs * 16, 0.0F);
    std::array<const void*, 16> inputs{};
    std::array<void*, 16> targets{};
    for (std::size_t row = 0; row < 16; ++row) {
      inputs[row] = zeros.data();
      targets[row] = results.data() + row * outputs;
    }
    const std::ptrdiff_t tap = 0;
    const KernelTile tile{inputs.data(), rows, &tap,           1,    kDepth, zeros.data(), vectors,
                          zeros.data(),  0,    targets.data(), false};
    for (int call = 0; call < kCalls; ++call)
      kernels.multiply(tile);
  };
  const double operations = 2.0 * rows * static_cast<double>(outputs) * kDepth * kCalls;
  return operations * pool.threads() / fastest(pool, work);
}

double read_bandwidth(WorkerPool& pool) {
  constexpr std::size_t kBytes = std::size_t{96} << 20U;  // beyond the caches
  const AlignedVector<std::uint64_t> numbers(kBytes / 8, 1);
  std::array<std::uint64_t, 256> sums{};
  const auto threads = static_cast<std::size_t>(pool.threads());
  const auto work = [&](int piece) {
    const std::size_t part = numbers.size() / threads;
    const std::uint64_t* from = numbers.data() + part * static_cast<std::size_t>(piece);
    std::array<std::uint64_t, 8> sum{};
    for (std::size_t i = 0; i + 8 <= part; i += 8)
      for (std::size_t lane = 0; lane < 8; ++lane)
        sum[lane] += from[i + lane];
    sums[static_cast<std::size_t>(piece) % sums.size()] = sum[0] + sum[7];
  };
  return static_cast<double>(kBytes) / fastest(pool, work);
}

}  // namespace facemorph
