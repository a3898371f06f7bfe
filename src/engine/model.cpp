#include "engine/model.hpp"

#include "base/error.hpp"
#include "base/file_bytes.hpp"
#include "base/files.hpp"
#include "base/hardware.hpp"
#include "base/memory.hpp"
#include "checkpoint/generator/assumptions_file.hpp"
#include "latent/latent.hpp"
#include "torch/assumptions/reading.hpp"
#include "torch/network/torch_network.hpp"

#include <algorithm>
#include <cmath>

namespace facemorph {
namespace {

std::int64_t count_parameters(const TensorTable& tensors) {
  std::int64_t count = 0;
  for (const auto& [name, tensor] : tensors.entries()) {
    const bool buffer = name.ends_with("running_mean") || name.ends_with("running_var") ||
                        name.ends_with("num_batches_tracked");
    if (!buffer) count += tensor.numel();
  }
  return count;
}

/// A script says nothing about its latent; its first weight does.
int script_latent_size(const Checkpoint& checkpoint) {
  constexpr std::int64_t kMaxLatent = 65536;
  for (const StateDict& state_dict : checkpoint.state_dicts)
    for (const auto& [name, tensor] : state_dict.tensors.entries()) {
      const auto& shape = tensor.shape;
      if (shape.size() != 4 && shape.size() != 2) continue;
      const std::int64_t nz = shape.size() == 4 ? shape[0]   // ConvTranspose2d: [in, out, k, k]
                                                : shape[1];  // Linear: [out, in]
      if (nz >= 1 && nz <= kMaxLatent) return static_cast<int>(nz);
    }
  throw Error(
      "This TorchScript archive holds no weights to tell the size of its latent from. Save the "
      "plain weights instead: torch.save(netG.state_dict(), \"netG.pth\")");
}

void open_script(Model& model, const Checkpoint& checkpoint, std::span<const std::byte> bytes) {
  model.arch.nz = script_latent_size(checkpoint);
  model.arch.ngf = 0;
  const ScriptFacts facts = script_facts(bytes, model.arch.nz);
  model.arch.nc = facts.channels;
  model.arch.image_size = facts.image_size;
  model.torchscript_flat_latent = facts.flat_latent;
  model.torchscript.assign(bytes.begin(), bytes.end());
  for (const StateDict& state_dict : checkpoint.state_dicts)
    model.parameters += count_parameters(state_dict.tensors);
}

/// Norms without running statistics get those of random latents, so that a face does not depend on
/// the others that are made with it.
void settle_statistics(Model& model) {
  const auto lacks = [](const Layer& layer) {
    const auto* norm = std::get_if<BatchNormLayer>(&layer);
    return norm != nullptr && norm->running_mean.empty();
  };
  if (std::ranges::none_of(model.network->stack.layers, lacks)) return;
  constexpr int kSamples = 640;
  model.network->stack = reestimated(model.network->stack, kSamples, 4'000'000, choose_threads(0));
}

/// Our own files of the tutorial's network say that they are such.
bool is_stated(const Checkpoint& checkpoint) {
  const auto arch = checkpoint.metadata.find("facemorph.arch");
  return arch != checkpoint.metadata.end() && arch->second == "dcgan";
}

/// Everything that follows from the choices.
void finish_network(Model& model) {
  settle_statistics(model);
  model.arch = model.network->arch;
  model.parameters = parameter_count(model.network->stack);
}

/// Finds out what the tensors leave open.
void read_network(Model& model, const Assumptions& chosen) {
  model.chosen = chosen;
  model.certainties.clear();
  if (!model.network->draft.choices.empty())
    model.certainties = choose_reading(*model.network, chosen);
  finish_network(model);
}

/// Takes the choices from the file.
void read_stated(Model& model) {
  for (const Choice& choice : model.network->draft.choices)
    model.certainties[choice.key] = {1, Basis::Stated};
  finish_network(model);
}

/// What was kept for this model, as far as it still fits.
Assumptions remembered(Model& model) {
  Assumptions result;
  try {
    for (const auto& [key, value] : read_assumptions(assumptions_place(model.path, model.hash)))
      result[key] = parse_option(model.network->draft, key, value);
  } catch (const std::exception& error) {
    model.notes.push_back(std::string("Kept assumptions were not used: ") + error.what());
  }
  return result;
}

/// Errors name the file.
template <typename Call>
void naming(const std::filesystem::path& path, Call call) {
  try {
    call();
  } catch (const UsageError&) {
    throw;
  } catch (const Error& error) {
    throw Error(path.string() + ": " + error.what());
  }
}

/// What is in a file, before anything is found out by running it. The file itself and its tensors
/// as they lie there are let go again: networks are large.
struct FileContents {
  std::shared_ptr<Model> model;
  bool stated = false;  ///< it says which network it is
};

FileContents read_file(const std::filesystem::path& path,
                       const std::optional<std::string>& state_dict_path,
                       const Assumptions& assumptions) {
  const FileBytes file(path);
  const Checkpoint checkpoint = read_checkpoint(file.bytes(), path.string());
  auto model = std::make_shared<Model>();
  model->path = path;
  model->name = path.stem().string();
  model->hash = content_hash(file.bytes());
  model->container = checkpoint.container;
  model->notes = checkpoint.notes;
  if (checkpoint.container == Container::TorchScript && !assumptions.empty())
    throw UsageError(path.string() +
                     " is a TorchScript program, which runs as it is: there is nothing to assume.");
  naming(path, [&] {
    if (checkpoint.container == Container::TorchScript)
      return open_script(*model, checkpoint, file.bytes());
    model->network = open_generator(checkpoint, state_dict_path);
    model->notes.insert(model->notes.end(), model->network->notes.begin(),
                        model->network->notes.end());
  });
  return {model, is_stated(checkpoint)};
}

void find_out_the_rest(const FileContents& contents, const Assumptions& assumptions) {
  Model& model = *contents.model;
  if (!model.network) return;
  if (model.network->draft.choices.empty() && !assumptions.empty())
    throw UsageError("This file says all about its network: there is nothing to assume.");
  Assumptions chosen = remembered(model);
  for (const auto& [key, value] : assumptions)
    chosen[key] = parse_option(model.network->draft, key, value);
  if (contents.stated && chosen.empty()) return read_stated(model);
  read_network(model, chosen);
}

}  // namespace

std::shared_ptr<const Model> load_model(const std::filesystem::path& path,
                                        const std::optional<std::string>& state_dict_path,
                                        const Assumptions& assumptions) {
  const FileContents contents = read_file(path, state_dict_path, assumptions);
  naming(path, [&] { find_out_the_rest(contents, assumptions); });
  release_free_memory();  // the thread that opens a model is seldom the one that needs memory next
  return contents.model;
}

std::shared_ptr<const Model> load_model(const ModelRequest& request) {
  const std::filesystem::path path =
      request.path ? checkpoint_of(*request.path) : bundled_model_path();
  auto model = load_model(path, request.state_dict, request.assumptions);
  if (!request.recalibrate) return model;
  if (!model->network)
    throw UsageError(
        "--recalibrate: " + path.string() +
        " is a TorchScript program, which runs as it is; its batch norm cannot be re-estimated.");
  return recalibrate_batch_norm(*model);
}

std::shared_ptr<const Model> unsaved_model(const OpenedGenerator& generator,
                                           const std::filesystem::path& origin) {
  auto model = std::make_shared<Model>();
  model->path = origin;
  model->name = origin.filename().string();
  model->hash = "training " + origin.string();
  model->container = Container::Safetensors;
  model->network = generator;
  model->arch = generator.arch;
  model->parameters = parameter_count(generator.stack);
  return model;
}

std::filesystem::path checkpoint_of(const std::filesystem::path& path) {
  std::filesystem::path newest = path;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(path / "checkpoints", ignored)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("step-") && entry.path().extension() == ".safetensors" &&
        (newest == path || entry.path() > newest))
      newest = entry.path();
  }
  return newest;
}

std::shared_ptr<const Model> with_assumptions(const Model& model, const Assumptions& chosen) {
  auto result = std::make_shared<Model>(model);
  result->recalibrated = false;
  read_network(*result, chosen);
  return result;
}

std::shared_ptr<const Model> understood(const Model& script) {
  constexpr float kMostDifference = 1e-3F;
  const Checkpoint checkpoint = read_checkpoint(script.torchscript, script.path.string());
  auto result = std::make_shared<Model>(script);
  result->torchscript.clear();
  result->network = open_generator(checkpoint);
  read_network(*result, {});
  const std::vector<Latent> latents = seed_latents(5'000'000, 4, script.arch.nz);
  const FeatureMaps expected = open_script(script.torchscript, script.arch.nz, {})->values(latents);
  const FeatureMaps made = open_stack(result->network->stack, {})->values(latents);
  if (made.values.size() != expected.values.size() ||
      !std::ranges::equal(made.values, expected.values,
                          [](float a, float b) { return std::abs(a - b) <= kMostDifference; }))
    throw Error("the layers that its weights suggest make other pictures than the program does.");
  return result;
}

std::filesystem::path bundled_model_path() {
  return find_asset("models/faces-64.safetensors");
}

bool is_bundled(const Model& model) {
  std::error_code ignored;
  return std::filesystem::equivalent(model.path, bundled_model_path(), ignored);
}

}  // namespace facemorph
