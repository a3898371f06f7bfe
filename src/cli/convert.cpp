#include "cli/commands.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "checkpoint/onnx/onnx_writer.hpp"
#include "checkpoint/stack/stack_file.hpp"
#include "torch/network/stack_script.hpp"

#include <iostream>
#include <map>

namespace facemorph {
namespace {

struct ConvertOptions {
  ModelOptions model;
  std::string output;
  std::optional<DType> dtype;
  bool force = false;
};

TensorTable in_dtype(const TensorTable& tensors, std::optional<DType> dtype) {
  if (!dtype) return tensors;
  TensorTable converted;
  for (const auto& [name, tensor] : tensors.entries())
    converted.set(name, convert_floats(tensor, *dtype));
  return converted;
}

using Metadata = std::map<std::string, std::string>;

/// The tensors to write, and what says how to run them.
std::pair<TensorTable, Metadata> contents(const OpenedGenerator& generator,
                                          const std::string& extension) {
  if (generator.is_tutorial()) return {generator.tensors, generator_metadata(generator.arch)};
  if (extension == ".safetensors")
    return {stack_tensors(generator.stack), stack_metadata(generator.stack)};
  // A .pth only names tensors: those of the script that makes this network.
  if (generator.source) return {*generator.source, {}};
  throw UsageError(
      "This network has no names for a Python state dict. Convert it to .safetensors, .onnx or "
      ".torchscript.");
}

void write_as_program(const std::string& output, const std::vector<std::byte>& bytes,
                      std::optional<DType> dtype) {
  if (dtype && *dtype != DType::Float32)
    throw UsageError("--dtype: ONNX and TorchScript files are written in float32.");
  write_file_atomically(output, bytes);
}

std::shared_ptr<const Model> with_layers(std::shared_ptr<const Model> model) {
  if (model->network) return model;
  try {
    return understood(*model);
  } catch (const Error& error) {
    throw Error(
        model->path.string() +
        " is a TorchScript program, which runs as it is; it cannot be converted: " + error.what());
  }
}

void convert(const ConvertOptions& options) {
  if (is_there(options.output) && !options.force)
    throw Error(options.output +
                " exists already. Choose another name, or add --force to replace it.");
  const auto model = with_layers(load_asked_model(options.model));
  make_engine(*model)->generate(std::vector<Latent>{seed_latent(0, model->arch.nz)});  // it runs
  const OpenedGenerator& generator = *model->network;
  const std::string extension = std::filesystem::path(options.output).extension().string();
  if (extension == ".onnx") {
    write_as_program(options.output, to_onnx(generator.stack), options.dtype);
  } else if (extension == ".torchscript") {
    write_as_program(options.output, to_torchscript(generator.stack), options.dtype);
  } else {
    auto [tensors, metadata] = contents(generator, extension);
    metadata["facemorph.source"] = model->path.filename().string();
    write_checkpoint(options.output, in_dtype(tensors, options.dtype), metadata);
  }
  for (const std::string& note : model->notes)
    std::cerr << "note: " << note << "\n";
}

}  // namespace

void add_convert_command(CLI::App& app) {
  auto options = std::make_shared<ConvertOptions>();
  CLI::App* command = app.add_subcommand(
      "convert",
      "Writes a generator in another format: .safetensors, .pth that torch.load(…, "
      "weights_only=True) opens, .onnx, or .torchscript that torch.jit.load opens");
  add_model_options(*command, options->model, false);
  command->get_option("checkpoint")->required()->option_text("IN");
  command
      ->add_option("output", options->output,
                   "A name ending in .safetensors, .pth, .pt, .onnx or .torchscript")
      ->required()
      ->option_text("OUT");
  static const std::map<std::string, DType> kTypes = {
      {"float32", DType::Float32}, {"float16", DType::Float16}, {"bfloat16", DType::BFloat16}};
  command
      ->add_option("--dtype", options->dtype, "Store weights in this type (default: as they are)")
      ->transform(CLI::CheckedTransformer(kTypes).description(""))
      ->option_text("float32|float16|bfloat16");
  command->add_flag("--force", options->force, "Replace OUT if it exists");
  command->callback([options] { convert(*options); });
}

}  // namespace facemorph
