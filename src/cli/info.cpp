#include "cli/commands.hpp"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <iostream>

namespace facemorph {
namespace {

using Json = nlohmann::ordered_json;

Json describe(const Model& model) {
  Json json = {{"file", model.path.string()},
               {"hash", model.hash},
               {"container", container_name(model.container)},
               {"architecture", model.network ? "dcgan" : "torchscript"},
               {"nz", model.arch.nz},
               {"image_size", model.arch.image_size},
               {"channels", model.arch.nc},
               {"parameters", model.parameters}};
  if (model.network) {
    json["ngf"] = model.arch.ngf;
    json["state_dict"] = model.network->state_dict_path;
    json["other_state_dicts"] = model.network->other_choices;
  } else {
    json["latent_shape"] = model.torchscript_flat_latent ? "[N, nz]" : "[N, nz, 1, 1]";
  }
  if (model.health) {
    json["batch_norm"] = {{"recalibrate", model.health->recalibrate},
                          {"saturated", model.health->saturated},
                          {"spread", model.health->spread},
                          {"batch_difference", model.health->batch_difference},
                          {"text", model.health->text}};
  }
  json["problems"] = model.notes;
  return json;
}

void line(const char* name, const std::string& value) {
  std::printf("%-14s %s\n", name, value.c_str());
}

void print(const Model& model) {
  line("file", model.path.string());
  line("container", std::string(container_name(model.container)));
  line("architecture", model.network ? "DCGAN generator (PyTorch tutorial keys), ngf " +
                                           std::to_string(model.arch.ngf)
                                     : std::string("TorchScript program, run as it is"));
  line("latent", "nz " + std::to_string(model.arch.nz));
  line("image", std::to_string(model.arch.image_size) + " x " +
                    std::to_string(model.arch.image_size) + ", " +
                    (model.arch.nc == 1 ? "grey" : "colour"));
  line("parameters", std::to_string(model.parameters));
  if (model.network &&
      (!model.network->state_dict_path.empty() || !model.network->other_choices.empty())) {
    const auto shown = [](const std::string& path) {
      return path.empty() ? std::string("(top level)") : path;
    };
    std::string text = shown(model.network->state_dict_path);
    for (const std::string& other : model.network->other_choices)
      text += ", or with --weights: " + shown(other);
    line("weights", text);
  }
  if (model.health) line("batch norm", model.health->text);
  for (const std::string& note : model.notes)
    line("note", note);
  line("hash", model.hash);
}

}  // namespace

void add_info_command(CLI::App& app) {
  struct Options {
    ModelOptions model;
    bool json = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("info", "What a checkpoint is: container, sizes, parameters, problems");
  add_model_options(*command, options->model, false);
  command->add_flag("--json", options->json, "Print one JSON object");
  command->callback([options] {
    const auto model = load_asked_model(options->model);
    if (options->json)
      std::cout << describe(*model).dump(2) << "\n";
    else
      print(*model);
  });
}

}  // namespace facemorph
