#include "torch/assumptions/reading.hpp"

#include "base/hardware.hpp"
#include "torch/assumptions/agreement.hpp"
#include "torch/assumptions/reading_choices.hpp"
#include "torch/assumptions/reading_looks.hpp"
#include "torch/assumptions/reading_output.hpp"
#include "torch/assumptions/reading_statistics.hpp"
#include "torch/network/latent_tensor.hpp"
#include "torch/network/stack_network.hpp"
#include "torch/network/torch_errors.hpp"
#include "torch/network/torch_threads.hpp"

#include <algorithm>

namespace facemorph {
namespace {

constexpr std::uint64_t kFirstSeed = 3'000'000;
/// Multiplications: of a face of a large network, and of all faces of one try.
constexpr double kLargeFace = 8e6;
constexpr double kMostWork = 4e8;
/// And of those where only many faces tell two readings apart.
constexpr double kMostWorkOfMany = 5e8;
constexpr double kMostFaces = 1024;
constexpr std::int64_t kFacesToLookAt = 16;

bool has_telling_statistics(const LayerStack& stack) {
  return std::ranges::any_of(stack.layers, [](const Layer& layer) {
    const auto* norm = std::get_if<BatchNormLayer>(&layer);
    return norm != nullptr && tells_something(*norm);
  });
}

/// Maps tell as much as many faces do; where classes come one after the other it takes more.
ReadingLatents latents_for(const OpenedGenerator& generator, double face_work) {
  const GeneratorDraft& draft = generator.draft;
  const double most = draft.find("geometry") != nullptr && !draft.find("class") ? 48 : 256;
  const double usual = std::clamp(kMostWork / std::max(face_work, 1.0), 8.0, most);
  const double all = std::clamp(kMostWorkOfMany / std::max(face_work, 1.0), usual, kMostFaces);
  return {random_latents(static_cast<int>(all), generator.stack.nz, kFirstSeed),
          static_cast<std::int64_t>(usual)};
}

/// The last activation shows in the values that go into it.
void choose_output(ReadingChoices& choices, const OpenedGenerator& generator,
                   const torch::Tensor& latents) {
  const auto is_open = [&](const char* key) { return choices.options(key).size() > 1; };
  if (!is_open("output")) return;
  Assumptions bare = choices.chosen;
  bare["output"] = "none";
  bare["range"] = "-1..1";
  const StackNetwork network(build_stack(choices.draft(), bare));
  OutputReading output = read_output(network.forward_with_batch_statistics(latents),
                                     choices.draft().find("output")->options.front());
  // Nobody leaves out the tanh of a network that is the tutorial's in all else.
  if (generator.is_tutorial() && output.range == "-1..1")
    output = {"tanh", "-1..1", {0.9, Basis::Habit}};
  choices.chosen["output"] = output.output;
  choices.note("output", output.certainty);
  if (!is_open("range")) return;
  choices.chosen["range"] = output.range;
  choices.note("range", output.certainty);
}

Certainties choose(OpenedGenerator& generator, const Assumptions& fixed) {
  if (generator.draft.choices.empty()) return {};
  ReadingChoices choices(generator.draft, fixed);
  assume(generator, choices.chosen);
  const double work = multiplications(generator.stack);
  const bool large = work > kLargeFace;
  use_threads(large ? choose_threads(0) : 1);
  const ReadingLatents latents = latents_for(generator, work);
  const torch::Tensor some = latents.all.narrow(0, 0, std::min(latents.usual, kFacesToLookAt));
  if (!has_telling_statistics(generator.stack) || !choose_by_statistics(choices, latents, large))
    choose_by_looks(choices, some);
  assume(generator, choices.chosen);
  choose_output(choices, generator, some);
  assume(generator, choices.chosen);
  return std::move(choices.certainties);
}

}  // namespace

Certainties choose_reading(OpenedGenerator& generator, const Assumptions& fixed) {
  return with_plain_errors("The network cannot run", [&] { return choose(generator, fixed); });
}

}  // namespace facemorph
