#include "torch/training/trainer.hpp"

#include "base/error.hpp"
#include "base/hardware.hpp"
#include "torch/network/dcgan.hpp"
#include "torch/network/stack_network.hpp"
#include "torch/network/torch_errors.hpp"
#include "torch/network/torch_threads.hpp"
#include "torch/training/adam.hpp"
#include "torch/training/augment.hpp"
#include "torch/training/losses.hpp"
#include "torch/training/mixed_precision.hpp"
#include "torch/training/random.hpp"
#include "torch/training/sampler.hpp"
#include "torch/training/step_watch.hpp"

#include <malloc.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <optional>

namespace facemorph {
namespace {

/// What a report is made of; tensors, so that a GPU need not be waited for.
struct Sums {
  torch::Tensor values;  ///< loss_d, loss_g, d_real, d_fake, d_fake_after
  torch::Tensor r1;
  int steps = 0;
  int discriminator_steps = 0;
  int generator_steps = 0;
  int r1_steps = 0;
  std::vector<SkippedPicture> lost;
  StepWatch watch;
};

GeneratorArch generator_arch(const TrainConfig& config) {
  return {config.nz, config.ngf, config.channels, config.image_size};
}

DiscriminatorArch discriminator_arch(const TrainConfig& config) {
  return {config.ndf, config.channels, config.image_size, config.discriminator_norm};
}

/// Seeds LibTorch's global stream, which the initialisation of modules draws from.
template <typename Network, typename Arch>
Network make_network(const Arch& arch, std::uint64_t seed, std::uint64_t index) {
  torch::manual_seed(random_stream(seed, Draw::Initialisation, index).current_seed());
  return Network(arch);
}

/// cuDNN's kernels for bfloat16 want the channels innermost. Shapes and names stay.
void move_to(torch::nn::Module& network, torch::Device device) {
  network.to(device);
  if (device.is_cpu()) return;
  for (torch::Tensor& parameter : network.parameters())
    if (parameter.dim() == 4)
      parameter.set_data(parameter.contiguous(torch::MemoryFormat::ChannelsLast));
}

torch::Tensor in_format_of(const torch::Tensor& images, torch::Device device) {
  return device.is_cpu() ? images : images.contiguous(torch::MemoryFormat::ChannelsLast);
}

/// Every step allocates the same tensors. Left alone, the C library hands the large ones back to
/// the system each time and gets them anew, zeroed: 10 % of the time of a step.
void keep_freed_memory() {
#ifdef __GLIBC__
  constexpr int kPad = 64 << 20;
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
  mallopt(M_TOP_PAD, kPad);
#endif
}

void require_gradients(torch::nn::Module& module, bool wanted) {
  for (torch::Tensor& parameter : module.parameters())
    parameter.requires_grad_(wanted);
}

int training_threads(const TrainConfig& config) {
  return config.threads > 0 ? config.threads : cores();
}

TensorTable with_prefix(const std::string& prefix, const TensorTable& table) {
  TensorTable result;
  for (const auto& [name, tensor] : table.entries())
    result.set(prefix + name, tensor);
  return result;
}

TensorTable part(const TensorTable& table, const std::string& prefix) {
  TensorTable result;
  for (const auto& [name, tensor] : table.entries())
    if (name.starts_with(prefix)) result.set(name.substr(prefix.size()), tensor);
  return result;
}

void append(TensorTable& table, const TensorTable& more) {
  for (const auto& [name, tensor] : more.entries())
    table.set(name, tensor);
}

constexpr const char* kStep = "training.step";
constexpr const char* kGeneratorSteps = "training.generator_steps";
constexpr const char* kDiscriminatorSteps = "training.discriminator_steps";

/// A number of steps in a state. Throws Error when it is none, or missing without a `fallback`.
std::int64_t steps_in(const TensorTable& state, const char* name,
                      std::optional<std::int64_t> fallback = std::nullopt) {
  const Tensor* found = state.find(name);
  if (found == nullptr && fallback) return *fallback;
  if (found == nullptr || found->dtype != DType::Int64 || found->numel() != 1)
    throw Error("it is no training state: '" + std::string(name) + "' is missing.");
  const std::int64_t steps = to_torch(*found).item<std::int64_t>();
  if (steps < 0) throw Error("its number of steps is negative.");
  return steps;
}

double mean_of(double sum, int count) {
  return count > 0 ? sum / count : std::numeric_limits<double>::quiet_NaN();
}

Tensor steps_tensor(std::uint64_t steps) {
  return from_torch(torch::tensor(static_cast<std::int64_t>(steps)));
}

}  // namespace

struct Trainer::Impl {
  Impl(const TrainConfig& settings, std::shared_ptr<const DataSet> data)
      : config(settings),
        device(config.device),
        pictures(std::move(data)),
        sampler(pictures, config.seed, config.batch, config.flip, device),
        generator(make_network<Generator>(generator_arch(config), config.seed, 0)),
        discriminator(make_network<Discriminator>(discriminator_arch(config), config.seed, 1)),
        adam_g(make_adam(*generator, config.generator)),
        adam_d(make_adam(*discriminator, config.discriminator)) {
    move_to(*generator, device);
    move_to(*discriminator, device);
    if (pictures->image_size() != config.image_size || pictures->channels() != config.channels)
      throw Error("The pictures were read at another size than the networks are for.");
    reset_average();
    reset_sums();
  }

  torch::Tensor noise(Draw use, std::uint64_t index, int count) const {
    return torch::randn({count, config.nz, 1, 1}, random_stream(config.seed, use, index))
        .to(device, /*non_blocking=*/true);
  }
  torch::Tensor augmented(const torch::Tensor& images, Draw use) const {
    return augment(images, config.augment, random_stream(config.seed, use, step));
  }

  void reset_average();
  void reset_sums();
  void train_step(const StepOptions& options);
  void train_discriminator(const torch::Tensor& real, const torch::Tensor& fake);
  void train_generator(const torch::Tensor& fake);
  /// Notes the time of a part of a step, and rests if asked to.
  void end_part(Phase phase);
  torch::Tensor judge_real(const torch::Tensor& real);
  /// The networks' forward passes, in the run's precision.
  torch::Tensor generate(const torch::Tensor& latents);
  torch::Tensor judge(const torch::Tensor& images, bool exactly = false);
  void average();
  void check_finite(const torch::Tensor& values) const;
  TensorTable averaged_table() const;

  TrainConfig config;
  torch::Device device;
  std::shared_ptr<const DataSet> pictures;
  Sampler sampler;
  Generator generator;
  Discriminator discriminator;
  torch::optim::Adam adam_g;
  torch::optim::Adam adam_d;
  std::vector<torch::Tensor> ema;  ///< the generator's parameters, averaged; empty: no averaging
  std::uint64_t step = 0;
  std::uint64_t generator_steps = 0;  ///< that its optimiser made
  std::uint64_t discriminator_steps = 0;
  std::function<void(double)> rested;  ///< of the step under way
  Sums sums;
};

void Trainer::Impl::reset_average() {
  ema.clear();
  if (config.ema == 0) return;
  for (const torch::Tensor& parameter : generator->parameters())
    ema.push_back(parameter.detach().clone());
}

void Trainer::Impl::reset_sums() {
  sums = {torch::zeros({5}, device), torch::zeros({}, device), 0, 0, 0, 0, {}, {}};
}

torch::Tensor Trainer::Impl::generate(const torch::Tensor& latents) {
  const MixedPrecision mixed(device, config.precision == Precision::BFloat16);
  return generator->forward(latents).to(torch::kFloat32);
}

torch::Tensor Trainer::Impl::judge(const torch::Tensor& images, bool exactly) {
  const MixedPrecision mixed(device, config.precision == Precision::BFloat16 && !exactly);
  return discriminator->forward_logits(in_format_of(images, device)).to(torch::kFloat32);
}

/// D on real pictures, with the R1 penalty every r1_every steps; returns the logits.
torch::Tensor Trainer::Impl::judge_real(const torch::Tensor& real) {
  const bool penalise = config.r1 > 0 && step % static_cast<std::uint64_t>(config.r1_every) == 0;
  const torch::Tensor images = augmented(real, Draw::AugmentReal).detach().requires_grad_(penalise);
  const torch::Tensor logits = judge(images, /*exactly=*/penalise);
  torch::Tensor loss = discriminator_loss(config.loss, logits, true);
  sums.values[0] += loss.detach();
  if (penalise) {
    const torch::Tensor penalty = r1_penalty(logits, images);
    sums.r1 += penalty.detach();
    ++sums.r1_steps;
    loss = loss + penalty * (config.r1 / 2 * config.r1_every);
  }
  loss.backward();
  return logits.detach();
}

void Trainer::Impl::end_part(Phase phase) {
  const double seconds = sums.watch.lap(phase);
  if (!rested) return;
  rested(seconds);
  sums.watch.lap(kRest);
}

void Trainer::Impl::train_discriminator(const torch::Tensor& real, const torch::Tensor& fake) {
  adam_d.zero_grad();
  sums.values[2] += judge_real(real).sigmoid().mean();
  end_part(kReal);
  const torch::Tensor logits = judge(augmented(fake.detach(), Draw::AugmentFake));
  const torch::Tensor loss = discriminator_loss(config.loss, logits, false);
  loss.backward();
  sums.values[0] += loss.detach();
  sums.values[3] += logits.detach().sigmoid().mean();
  end_part(kFake);
  adam_d.step();
  ++discriminator_steps;
  ++sums.discriminator_steps;
}

void Trainer::Impl::train_generator(const torch::Tensor& fake) {
  adam_g.zero_grad();
  require_gradients(*discriminator, false);  // saves a third of D's backward pass
  const torch::Tensor logits = judge(augmented(fake, Draw::AugmentFakeAgain));
  const torch::Tensor loss = generator_loss(config.loss, logits);
  loss.backward();
  require_gradients(*discriminator, true);
  sums.values[1] += loss.detach();
  sums.values[4] += logits.detach().sigmoid().mean();
  end_part(kGenerator);
  adam_g.step();
  ++generator_steps;
  ++sums.generator_steps;
  average();
}

void Trainer::Impl::train_step(const StepOptions& options) {
  rested = options.rested;
  sums.watch.skip();
  RealBatch real = sampler.batch(step);
  std::ranges::move(real.lost, std::back_inserter(sums.lost));
  sums.watch.lap(kOther);
  // One generated batch serves both networks, as in the tutorial.
  const torch::Tensor fake = generate(noise(Draw::Noise, step, config.batch));
  end_part(kFake);
  if (options.parts != StepParts::Generator) train_discriminator(real.images, fake);
  if (options.parts != StepParts::Discriminator) train_generator(fake);
  ++step;
  ++sums.steps;
  sums.watch.lap(kOther);
}

/// Exponential moving average of the weights, with a shorter memory in the beginning.
void Trainer::Impl::average() {
  if (ema.empty()) return;
  const torch::NoGradGuard no_grad;
  const auto t = static_cast<double>(step + 1);  // the one under way included
  const double decay = std::min(config.ema, (1 + t) / (10 + t));
  const std::vector<torch::Tensor> parameters = generator->parameters();
  for (std::size_t i = 0; i < ema.size(); ++i)
    ema[i].lerp_(parameters[i].detach(), 1 - decay);
}

void Trainer::Impl::check_finite(const torch::Tensor& values) const {
  if (!values.isfinite().all().item<bool>())
    throw TrainingBrokeDown(
        "Training broke down before step " + std::to_string(step) +
        ": a loss or a weight is no longer a finite number. Continue the run with smaller learning "
        "rates (generator_learning_rate, discriminator_learning_rate).");
}

TensorTable Trainer::Impl::averaged_table() const {
  TensorTable table = to_table(*generator);
  const auto parameters = generator->named_parameters();
  for (std::size_t i = 0; i < ema.size(); ++i)
    table.set(parameters[i].key(), from_torch(ema[i]));
  return table;
}

Trainer::Trainer(const TrainConfig& config, std::shared_ptr<const DataSet> pictures) {
  check_config(config);
  use_training_threads(training_threads(config));
  keep_freed_memory();
  impl_ = with_plain_errors("Training cannot start",
                            [&] { return std::make_unique<Impl>(config, std::move(pictures)); });
}

Trainer::~Trainer() = default;

const TrainConfig& Trainer::config() const {
  return impl_->config;
}

std::uint64_t Trainer::steps() const {
  return impl_->step;
}

void Trainer::step(const StepOptions& options) {
  use_training_threads(options.threads > 0 ? options.threads : training_threads(impl_->config));
  with_plain_errors("The training step failed", [&] { impl_->train_step(options); });
}

void Trainer::check() const {
  impl_->check_finite(impl_->sums.values);
  for (const torch::nn::Module* network : std::initializer_list<const torch::nn::Module*>{
           impl_->generator.get(), impl_->discriminator.get()})
    for (const torch::Tensor& parameter : network->parameters())
      impl_->check_finite(parameter);
  for (const torch::Tensor& averaged : impl_->ema)
    impl_->check_finite(averaged);
}

TrainReport Trainer::report() {
  Sums& sums = impl_->sums;
  TrainReport report;
  report.step = impl_->step;
  report.epoch = impl_->sampler.epochs(impl_->step);
  if (sums.steps > 0) {
    const torch::Tensor totals = sums.values.to(torch::kCPU).contiguous();
    impl_->check_finite(totals);
    const float* values = totals.data_ptr<float>();
    report.loss_d = mean_of(values[0], sums.discriminator_steps);
    report.loss_g = mean_of(values[1], sums.generator_steps);
    report.d_real = mean_of(values[2], sums.discriminator_steps);
    report.d_fake = mean_of(values[3], sums.discriminator_steps);
    report.d_fake_after = mean_of(values[4], sums.generator_steps);
    if (sums.r1_steps > 0) report.r1 = sums.r1.item<double>() / sums.r1_steps;
    const double total = std::max(sums.watch.total(), 1e-9);
    report.images_per_second = sums.steps * impl_->config.batch / total;
    const double work = std::max(total - sums.watch.seconds(kRest), 1e-9);
    report.share_real = sums.watch.seconds(kReal) / work;
    report.share_fake = sums.watch.seconds(kFake) / work;
    report.share_generator = sums.watch.seconds(kGenerator) / work;
    report.share_other = sums.watch.seconds(kOther) / work;
  }
  report.lost = std::move(sums.lost);
  impl_->reset_sums();
  return report;
}

std::shared_ptr<const GeneratorSnapshot> Trainer::snapshot(GeneratorWeights weights) const {
  auto result = std::make_shared<GeneratorSnapshot>();
  result->step = impl_->step;
  result->weights = weights;
  OpenedGenerator& opened = result->generator;
  opened.arch = generator_arch(impl_->config);
  if (weights == GeneratorWeights::Plain) {
    opened.tensors = to_table(*impl_->generator);
    opened.stack = build_stack(opened.arch, opened.tensors);
    return result;
  }
  opened.tensors = impl_->averaged_table();
  std::vector<torch::Tensor> latents;
  for (int i = 0; i < impl_->config.ema_batches; ++i)
    latents.push_back(impl_->noise(Draw::BatchNorm, static_cast<std::uint64_t>(i), 64));
  opened.stack = recalibrated(build_stack(opened.arch, opened.tensors), latents, impl_->device);
  store_statistics(opened.stack, opened.tensors);
  return result;
}

TensorTable Trainer::state() const {
  TensorTable table = with_prefix("ema.", snapshot()->generator.tensors);
  append(table, with_prefix("generator.", to_table(*impl_->generator)));
  append(table, with_prefix("discriminator.", to_table(*impl_->discriminator)));
  save_adam(impl_->adam_g, *impl_->generator, "optimizer.generator.", table);
  save_adam(impl_->adam_d, *impl_->discriminator, "optimizer.discriminator.", table);
  table.set(kStep, steps_tensor(impl_->step));
  // Networks that were trained one at a time for a while have made fewer.
  if (impl_->generator_steps != impl_->step || impl_->discriminator_steps != impl_->step) {
    table.set(kGeneratorSteps, steps_tensor(impl_->generator_steps));
    table.set(kDiscriminatorSteps, steps_tensor(impl_->discriminator_steps));
  }
  return table;
}

void Trainer::restore(const TensorTable& state) {
  const std::int64_t steps = steps_in(state, kStep);
  const std::int64_t steps_g = steps_in(state, kGeneratorSteps, steps);
  const std::int64_t steps_d = steps_in(state, kDiscriminatorSteps, steps);
  from_table(*impl_->generator, part(state, "generator."));
  from_table(*impl_->discriminator, part(state, "discriminator."));
  restore_adam(impl_->adam_g, *impl_->generator, "optimizer.generator.", state, steps_g);
  restore_adam(impl_->adam_d, *impl_->discriminator, "optimizer.discriminator.", state, steps_d);
  if (!impl_->ema.empty()) {
    Generator averaged(generator_arch(impl_->config));
    from_table(*averaged, part(state, "ema."));
    const std::vector<torch::Tensor> parameters = averaged->parameters();
    const torch::NoGradGuard no_grad;
    for (std::size_t i = 0; i < parameters.size(); ++i)
      impl_->ema[i].copy_(parameters[i]);
  }
  impl_->step = static_cast<std::uint64_t>(steps);
  impl_->generator_steps = static_cast<std::uint64_t>(steps_g);
  impl_->discriminator_steps = static_cast<std::uint64_t>(steps_d);
  impl_->reset_sums();
}

void Trainer::set_learning_rates(double generator, double discriminator) {
  impl_->config.generator.learning_rate = generator;
  impl_->config.discriminator.learning_rate = discriminator;
  set_learning_rate(impl_->adam_g, generator);
  set_learning_rate(impl_->adam_d, discriminator);
}

void Trainer::start_from(const OpenedGenerator& generator) {
  from_table(*impl_->generator, generator.tensors);
  impl_->reset_average();
}

}  // namespace facemorph
