#include "base/hardware.hpp"
#include "cli/commands.hpp"
#include "cli/print_json.hpp"
#include "engine/model_health.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdio>
#include <iostream>

namespace facemorph {
namespace {

using Json = nlohmann::ordered_json;

const char* architecture_name(const Model& model) {
  if (!model.network) return "torchscript";
  return model.network->is_tutorial() ? "dcgan" : "layers";
}

/// What the tensors leave open: the value taken, how sure it is and why, and the other values.
Json describe_assumptions(const Model& model) {
  Json result = Json::array();
  for (const Choice& choice : model.network->draft.choices) {
    const Certainty certainty = model.certainties.at(choice.key);
    result.push_back({{"key", choice.key},
                      {"value", model.network->assumptions.at(choice.key)},
                      {"confidence", std::round(certainty.confidence * 100) / 100},
                      {"why", basis_text(certainty.basis)},
                      {"options", choice.options}});
  }
  return result;
}

Json describe(const Model& model, const std::optional<ModelHealth>& health) {
  Json json = {{"file", model.path.string()},
               {"hash", model.hash},
               {"container", container_name(model.container)},
               {"architecture", architecture_name(model)},
               {"nz", model.arch.nz},
               {"image_size", model.arch.image_size},
               {"channels", model.arch.nc},
               {"parameters", model.parameters}};
  if (model.network) {
    if (model.network->is_tutorial()) json["ngf"] = model.arch.ngf;
    json["assumptions"] = describe_assumptions(model);
    json["state_dict"] = model.network->state_dict_path;
    json["other_state_dicts"] = model.network->other_choices;
  } else {
    json["latent_shape"] = model.torchscript_flat_latent ? "[N, nz]" : "[N, nz, 1, 1]";
  }
  if (health) {
    json["batch_norm"] = {{"recalibrate", health->recalibrate},
                          {"saturated", health->saturated},
                          {"spread", health->spread},
                          {"batch_difference", health->batch_difference},
                          {"text", health->text}};
  }
  json["problems"] = model.notes;
  return json;
}

void line(const char* name, const std::string& value) {
  std::printf("%-14s %s\n", name, value.c_str());
}

std::string architecture_text(const Model& model) {
  if (!model.network) return "TorchScript program, run as it is";
  if (model.network->is_tutorial())
    return "DCGAN generator (the PyTorch tutorial's), ngf " + std::to_string(model.arch.ngf);
  return network_text(*model.network);
}

void print_assumptions(const Model& model) {
  for (const Choice& choice : model.network->draft.choices) {
    if (choice.options.size() == 1) continue;
    const Certainty certainty = model.certainties.at(choice.key);
    std::printf("%-14s %-17s %s (%.0f %%, %s)\n", "assumed", choice.key.c_str(),
                model.network->assumptions.at(choice.key).c_str(), 100 * certainty.confidence,
                std::string(basis_text(certainty.basis)).c_str());
  }
}

void print(const Model& model, const std::optional<ModelHealth>& health) {
  line("file", model.path.string());
  line("container", std::string(container_name(model.container)));
  line("architecture", architecture_text(model));
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
  if (model.network) print_assumptions(model);
  if (health) line("batch norm", health->text);
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
    const auto health = check_health(*model, choose_threads(0));
    if (options->json)
      print_json(describe(*model, health));
    else
      print(*model, health);
  });
}

}  // namespace facemorph
