#include "cli/bench_generator.hpp"
#include "cpu/cpu_network.hpp"
#include "engine/cpu_engine.hpp"
#include "engine/torch_engine.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <functional>

// The fast engine piece by piece; `facemorph bench` compares it with others.

namespace facemorph {
namespace {

std::shared_ptr<const Model> generator(std::int64_t size) {
  return random_generator({100, 64, 3, static_cast<int>(size)});
}

/// Arguments: picture size, faces at a time, 16 or 32 bits, threads.
void generate_faces(benchmark::State& state) {
  const auto format = state.range(2) == 16 ? NumberFormat::BFloat16 : NumberFormat::Float32;
  if (best_kernels(format) == nullptr) {
    state.SkipWithError("this processor does not compute in bfloat16");
    return;
  }
  const auto engine = make_cpu_engine(*generator(state.range(0)),
                                      {Device::Cpu, static_cast<int>(state.range(3)), format});
  const std::vector<Latent> latents = seed_latents(0, static_cast<int>(state.range(1)), 100);
  for (auto _ : state)
    benchmark::DoNotOptimize(engine->generate(latents));
  state.SetItemsProcessed(state.iterations() * state.range(1));
}
BENCHMARK(generate_faces)
    ->ArgNames({"px", "faces", "bits", "threads"})
    ->ArgsProduct({{64}, {1, 8, 24, 64}, {16, 32}, {1, 2}})
    ->ArgsProduct({{128, 256}, {1, 24}, {16}, {2}})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

// What each step of the optimisation gave: 64 px, two threads.

constexpr int kThreads = 2;

/// The general engine.
void step_libtorch(benchmark::State& state) {
  const auto engine = make_torch_engine(*generator(64), {Device::Cpu, kThreads, {}});
  const std::vector<Latent> latents = seed_latents(0, static_cast<int>(state.range(0)), 100);
  for (auto _ : state)
    benchmark::DoNotOptimize(engine->generate(latents));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

using Generate = std::function<void(CpuNetwork&, const std::vector<Latent>&, WorkerPool&)>;

void run_step(benchmark::State& state, const Kernels& kernels, const Generate& generate,
              bool fused = true) {
  const auto model = generator(64);
  DcganStages stages = *dcgan_stages(model->network->stack);
  for (DcganStage& stage : stages.stages)
    if (!fused) stage.slope = 1;
  CpuNetwork network(stages, kernels);
  WorkerPool pool(kThreads);
  const std::vector<Latent> latents = seed_latents(0, static_cast<int>(state.range(0)), 100);
  for (auto _ : state)
    generate(network, latents, pool);
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.SetLabel(kernels.name);
}

/// The activation as a pass of its own over what a layer has made.
void step_passes_apart(benchmark::State& state) {
  const auto relu = [](const CpuNetwork::StageValues& values, WorkerPool& pool) {
    pool.run(static_cast<int>(values.pictures) * values.side, [&](int line) {
      const auto picture = static_cast<std::size_t>(line / values.side);
      const auto y = static_cast<std::size_t>(line % values.side);
      float* row = values.first + picture * values.picture + y * values.row;
      for (std::size_t i = 0; i < static_cast<std::size_t>(values.side) * values.pixel; ++i)
        row[i] = std::max(row[i], 0.0F);
    });
    return true;
  };
  run_step(
      state, *best_kernels(NumberFormat::Float32),
      [&](CpuNetwork& network, const auto& latents, WorkerPool& pool) {
        benchmark::DoNotOptimize(network.generate(
            latents, pool, [&](std::size_t, const auto& values) { return relu(values, pool); }));
      },
      /*fused=*/false);
}

/// Fused, but all pictures go through a layer before the next begins.
void step_all_at_once(benchmark::State& state) {
  run_step(state, *best_kernels(NumberFormat::Float32),
           [](CpuNetwork& network, const auto& latents, WorkerPool& pool) {
             benchmark::DoNotOptimize(
                 network.generate(latents, pool, [](std::size_t, const auto&) { return true; }));
           });
}

/// Groups of pictures that stay in the caches; the second argument is the set of kernels.
void step_kernels(benchmark::State& state) {
  run_step(state, *available_kernels()[static_cast<std::size_t>(state.range(1))],
           [](CpuNetwork& network, const auto& latents, WorkerPool& pool) {
             benchmark::DoNotOptimize(network.generate(latents, pool));
           });
}
void every_kernel_and_batch(benchmark::internal::Benchmark* bench) {
  for (const std::int64_t batch : {1, 64})
    for (std::size_t i = 0; i < available_kernels().size(); ++i)
      bench->Args({batch, static_cast<std::int64_t>(i)});
}
BENCHMARK(step_libtorch)->Arg(1)->Arg(64)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(step_passes_apart)->Arg(1)->Arg(64)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(step_all_at_once)->Arg(1)->Arg(64)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(step_kernels)
    ->Apply(every_kernel_and_batch)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

/// What opening a model costs: packing its weights for every set of kernels.
void pack_weights(benchmark::State& state) {
  const auto kernels = available_kernels();
  const Kernels& chosen = *kernels[static_cast<std::size_t>(state.range(0))];
  const auto model = generator(64);
  const auto stages = dcgan_stages(model->network->stack);
  for (auto _ : state)
    benchmark::DoNotOptimize(CpuNetwork(*stages, chosen));
  state.SetLabel(chosen.name);
}
void every_kernel(benchmark::internal::Benchmark* bench) {
  for (std::size_t i = 0; i < available_kernels().size(); ++i)
    bench->Arg(static_cast<std::int64_t>(i));
}
BENCHMARK(pack_weights)->Apply(every_kernel)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace facemorph
