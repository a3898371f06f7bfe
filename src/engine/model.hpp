#pragma once

#include "checkpoint/generator/certainty.hpp"
#include "checkpoint/generator/generator.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace facemorph {

/// An opened model: immutable, shared between threads.
struct Model {
  std::filesystem::path path;  ///< where it came from
  std::string name;            ///< file name without extension, for people
  std::string hash;            ///< content_hash of the file
  Container container = Container::TorchZip;
  GeneratorArch arch;                      ///< nz, image size and channels hold for TorchScript too
  std::optional<OpenedGenerator> network;  ///< empty for TorchScript, which runs as it is
  Certainties certainties;                 ///< how sure each of network->assumptions is
  Assumptions chosen;                      ///< those that were chosen by a person
  std::vector<std::byte> torchscript;      ///< the archive's bytes, for TorchScript only
  bool torchscript_flat_latent = false;    ///< it takes [N, nz] instead of [N, nz, 1, 1]
  bool recalibrated = false;               ///< batch norm was re-estimated after loading
  std::int64_t parameters = 0;
  std::vector<std::string> notes;  ///< assumptions and problems, plain sentences
};

/// Opens a checkpoint file and finds out what its tensors leave open (choose_reading).
/// `assumptions` go before what the file beside the checkpoint keeps, and that before
/// what is found out. Slow (disk, and many forward passes where something is left open): call it
/// off the UI thread. Throws Error with the reason and what to do; UsageError for assumptions that
/// the model does not leave open.
std::shared_ptr<const Model> load_model(
    const std::filesystem::path& path,
    const std::optional<std::string>& state_dict_path = std::nullopt,
    const Assumptions& assumptions = {});

/// A generator that is in no file yet: of a training run, which `origin` names. Nothing is left
/// open in it.
std::shared_ptr<const Model> unsaved_model(const OpenedGenerator& generator,
                                           const std::filesystem::path& origin);

/// The checkpoint to open for a path: of a training run's folder, its newest; others as they are.
std::filesystem::path checkpoint_of(const std::filesystem::path& path);

/// What a person asks to open.
struct ModelRequest {
  std::optional<std::filesystem::path> path;  ///< none: the bundled model
  std::optional<std::string> state_dict;      ///< none: the best one
  Assumptions assumptions;
  bool recalibrate = false;
};

/// Throws as load_model and recalibrate_batch_norm, and UsageError where there is no batch norm to
/// re-estimate.
std::shared_ptr<const Model> load_model(const ModelRequest& request);

/// The model with these assumptions fixed, and the others found out anew. Requires model.network.
std::shared_ptr<const Model> with_assumptions(const Model& model, const Assumptions& chosen);

/// The layers of a TorchScript program, found out from its weights, if they make the same pictures
/// as the program. Throws Error when they do not, or are no chain of layers.
std::shared_ptr<const Model> understood(const Model& script);

/// The bundled model's file. Throws Error when it is not installed.
std::filesystem::path bundled_model_path();
/// Whether the model is that file.
bool is_bundled(const Model& model);

/// A copy of the model with batch-norm running statistics re-estimated from `samples` random
/// latents, layer by layer in one forward pass each (cumulative average over batches of 64;
/// the network's own weights are untouched). Deterministic. Requires model.network.
std::shared_ptr<const Model> recalibrate_batch_norm(const Model& model, int samples = 1280);

}  // namespace facemorph
