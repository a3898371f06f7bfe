#include "cli/commands.hpp"

#include "base/error.hpp"
#include "checkpoint/generator.hpp"

#include <iostream>
#include <map>

namespace facemorph {
namespace {

struct ConvertOptions {
  std::string input;
  std::string output;
  std::string state_dict;
  std::optional<DType> dtype;
  bool recalibrate = false;
  bool force = false;
};

TensorTable in_dtype(const TensorTable& tensors, std::optional<DType> dtype) {
  if (!dtype) return tensors;
  TensorTable converted;
  for (const auto& [name, tensor] : tensors.entries())
    converted.set(name, convert_floats(tensor, *dtype));
  return converted;
}

OpenedGenerator opened(const ConvertOptions& options) {
  const auto state_dict =
      options.state_dict.empty() ? std::nullopt : std::optional(options.state_dict);
  if (!options.recalibrate) return open_generator(read_checkpoint(options.input), state_dict);
  const auto model = load_model(options.input, state_dict);
  if (!model->network)
    throw Error(options.input +
                " is a TorchScript program; its batch norm cannot be re-estimated.");
  return *recalibrate_batch_norm(*model)->network;
}

void convert(const ConvertOptions& options) {
  if (std::filesystem::exists(options.output) && !options.force)
    throw Error(options.output +
                " exists already. Choose another name, or add --force to replace it.");
  const OpenedGenerator generator = opened(options);
  auto metadata = generator_metadata(generator.arch);
  metadata["facemorph.source"] = std::filesystem::path(options.input).filename().string();
  write_checkpoint(options.output, in_dtype(generator.tensors, options.dtype), metadata);
  for (const std::string& note : generator.notes)
    std::cerr << "note: " << note << "\n";
}

}  // namespace

void add_convert_command(CLI::App& app) {
  auto options = std::make_shared<ConvertOptions>();
  CLI::App* command = app.add_subcommand(
      "convert",
      "Writes a generator as .safetensors, or as .pth that torch.load(…, weights_only=True) opens");
  command->add_option("input", options->input, "Any checkpoint that Facemorph opens")
      ->required()
      ->option_text("IN");
  command->add_option("output", options->output, "A name ending in .safetensors, .pth or .pt")
      ->required()
      ->option_text("OUT");
  command->add_option("--weights", options->state_dict, "Which state dict of the file to take")
      ->option_text("NAME");
  static const std::map<std::string, DType> kTypes = {
      {"float32", DType::Float32}, {"float16", DType::Float16}, {"bfloat16", DType::BFloat16}};
  command
      ->add_option("--dtype", options->dtype, "Store weights in this type (default: as they are)")
      ->transform(CLI::CheckedTransformer(kTypes).description(""))
      ->option_text("float32|float16|bfloat16");
  command->add_flag("--recalibrate", options->recalibrate,
                    "Re-estimate batch-norm statistics first");
  command->add_flag("--force", options->force, "Replace OUT if it exists");
  command->callback([options] { convert(*options); });
}

}  // namespace facemorph
