#include "app/train/train_view.hpp"
#include "ui/choice.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <thread>
#include <variant>

namespace facemorph {
namespace {

constexpr std::array<std::pair<int, const char*>, 4> kSizes = {
    {{32, "32 pixels"}, {64, "64 pixels"}, {128, "128 pixels"}, {256, "256 pixels"}}};
constexpr std::array<std::pair<int, const char*>, 2> kChannels = {{{3, "Colours"}, {1, "Grey"}}};
constexpr std::array<std::pair<Loss, const char*>, 2> kLosses = {
    {{Loss::Hinge, "Hinge"}, {Loss::Bce, "Cross entropy"}}};
constexpr std::array<std::pair<Precision, const char*>, 2> kPrecisions = {
    {{Precision::Float32, "float32"}, {Precision::BFloat16, "bfloat16"}}};

using Real = double& (*)(TrainConfig&);
using Whole = int& (*)(TrainConfig&);
using Yes = bool& (*)(TrainConfig&);

/// One setting of a run: where it is kept, and what it may be.
struct Setting {
  const char* label;
  const char* name;  ///< as in config.json
  const char* tip;
  std::variant<Real, Whole, Yes> place;
  double least = 0;
  double most = 0;
  const char* format = "%g";
};

constexpr std::array<Setting, 3> kWidths = {{
    {"Latent", "nz", "Numbers that make a face", Whole{[](TrainConfig& c) -> int& { return c.nz; }},
     1, 1024, "%d dimensions"},
    {"Width of G", "ngf", "Channels of the generator's widest picture",
     Whole{[](TrainConfig& c) -> int& { return c.ngf; }}, 4, 256, "%d channels"},
    {"Width of D", "ndf", "Channels of the discriminator's first layer",
     Whole{[](TrainConfig& c) -> int& { return c.ndf; }}, 4, 256, "%d channels"},
}};

constexpr std::array<Setting, 10> kLearning = {{
    {"Norm in D", "discriminator_norm",
     "Batch norm in the discriminator. Without it R1 and DiffAugment do better.",
     Yes{[](TrainConfig& c) -> bool& { return c.discriminator_norm; }}},
    {"Batch", "batch", "Pictures a step", Whole{[](TrainConfig& c) -> int& { return c.batch; }}, 2,
     1024, "%d pictures"},
    {"Rate of G", "generator_learning_rate", "The generator's learning rate (Adam)",
     Real{[](TrainConfig& c) -> double& { return c.generator.learning_rate; }}, 1e-6, 0.1, "%.6f"},
    {"Rate of D", "discriminator_learning_rate", "The discriminator's learning rate (Adam)",
     Real{[](TrainConfig& c) -> double& { return c.discriminator.learning_rate; }}, 1e-6, 0.1,
     "%.6f"},
    {"beta1 of G", "generator_beta1", "Adam's memory of the gradient",
     Real{[](TrainConfig& c) -> double& { return c.generator.beta1; }}, 0, 0.999, "%.3f"},
    {"beta1 of D", "discriminator_beta1", "Adam's memory of the gradient",
     Real{[](TrainConfig& c) -> double& { return c.discriminator.beta1; }}, 0, 0.999, "%.3f"},
    {"beta2 of G", "generator_beta2", "Adam's memory of the gradient's size",
     Real{[](TrainConfig& c) -> double& { return c.generator.beta2; }}, 0, 0.9999, "%.4f"},
    {"beta2 of D", "discriminator_beta2", "Adam's memory of the gradient's size",
     Real{[](TrainConfig& c) -> double& { return c.discriminator.beta2; }}, 0, 0.9999, "%.4f"},
    {"R1", "r1", "Gamma of the R1 penalty, which keeps D gentle: more blurs, 0 turns it off",
     Real{[](TrainConfig& c) -> double& { return c.r1; }}, 0, 100, "gamma %.2f"},
    {"R1 every", "r1_every", "Steps between penalties, which weigh as much more",
     Whole{[](TrainConfig& c) -> int& { return c.r1_every; }}, 1, 1000, "%d steps"},
}};

constexpr std::array<Setting, 4> kAugmenting = {{
    {"How often", "augment_probability", "Of each change, for each picture (DiffAugment)",
     Real{[](TrainConfig& c) -> double& { return c.augment.probability; }}, 0, 1, "%.2f"},
    {"Colours", "augment_colour", "Brightness, saturation and contrast change",
     Yes{[](TrainConfig& c) -> bool& { return c.augment.colour; }}},
    {"Shift", "augment_translation", "At most this share of the width",
     Real{[](TrainConfig& c) -> double& { return c.augment.translation; }}, 0, 0.5, "%.3f"},
    {"Cut out", "augment_cutout", "Side of the blank square, as a share of the width",
     Real{[](TrainConfig& c) -> double& { return c.augment.cutout; }}, 0, 1, "%.3f"},
}};

constexpr std::array<Setting, 8> kKeeping = {{
    {"Averaging", "ema", "Decay a step of the averaged generator (EMA); 0: none",
     Real{[](TrainConfig& c) -> double& { return c.ema; }}, 0, 0.99999, "%.5f"},
    {"Norm from", "ema_batches",
     "Batches that the average's batch norm is estimated from whenever it is shown",
     Whole{[](TrainConfig& c) -> int& { return c.ema_batches; }}, 1, 200, "%d batches"},
    {"Save every", "save_minutes", "Between checkpoints; a crash loses no more than that",
     Real{[](TrainConfig& c) -> double& { return c.save_minutes; }}, 0, 1440, "%.1f minutes"},
    {"Keep every", "keep_every", "Of so many checkpoints one is kept for good",
     Whole{[](TrainConfig& c) -> int& { return c.keep_every; }}, 1, 10'000, "%d checkpoints"},
    {"Faces every", "samples_every", "Between sheets of faces, besides those of the first passes",
     Whole{[](TrainConfig& c) -> int& { return c.samples_every; }}, 1, 1'000'000, "%d steps"},
    {"Note every", "log_every", "Between points of the curves",
     Whole{[](TrainConfig& c) -> int& { return c.log_every; }}, 1, 10'000, "%d steps"},
    {"Scores from", "score_pictures", "Pictures that faces are compared with; 0: no scores",
     Whole{[](TrainConfig& c) -> int& { return c.score_pictures; }}, 0, 100'000, "%d pictures"},
    {"Threads", "threads", "Of the processor; 0: as \"First comes\" says",
     Whole{[](TrainConfig& c) -> int& { return c.threads; }}, 0, 256, "%d threads"},
}};

std::string value_text(const Setting& setting, TrainConfig config) {
  std::array<char, 64> text{};
  if (const Real* real = std::get_if<Real>(&setting.place))
    std::snprintf(text.data(), text.size(), "%g", (*real)(config));
  else if (const Whole* whole = std::get_if<Whole>(&setting.place))
    std::snprintf(text.data(), text.size(), "%d", (*whole)(config));
  else
    return std::get<Yes>(setting.place)(config) ? "yes" : "no";
  return text.data();
}

/// What it does, what the tutorial takes, and its name on the command line.
std::string tip_of(const Setting& setting) {
  static const TrainConfig tutorial = preset_config("tutorial");
  return std::string(setting.tip) + "\nThe tutorial takes " + value_text(setting, tutorial) +
         ".  (" + setting.name + ")";
}

void draw_real(Ui& ui, const Setting& setting, const char* tip, double* value) {
  auto shown = static_cast<float>(*value);
  // Small numbers want small steps.
  const double step = setting.most <= 0.1 ? 1e-5 : (setting.most - setting.least) / 500;
  if (ui.number(setting.name, tip, &shown, {step, setting.least, setting.most}, setting.format, -1))
    *value = static_cast<double>(shown);
}

void draw_setting(Ui& ui, const Setting& setting, TrainConfig& config) {
  draw_label(ui, setting.label);
  const std::string tip = tip_of(setting);
  if (const Real* real = std::get_if<Real>(&setting.place)) {
    draw_real(ui, setting, tip.c_str(), &(*real)(config));
  } else if (const Whole* whole = std::get_if<Whole>(&setting.place)) {
    ui.number(setting.name, tip.c_str(), &(*whole)(config), {1, setting.least, setting.most},
              setting.format, -1);
  } else {
    const std::string id = std::string("##") + setting.name;
    ui.checkbox(id.c_str(), tip.c_str(), &std::get<Yes>(setting.place)(config));
    ui.record_item(setting.name);
  }
}

void draw_group(Ui& ui, const char* title, std::span<const Setting> settings, TrainConfig& config) {
  ImGui::Dummy({0, ui.px(2)});
  ui.dim_text(title);
  for (const Setting& setting : settings)
    draw_setting(ui, setting, config);
}

/// A recipe replaces all settings but those of the plan itself.
void choose_preset(TrainConfig& config, const std::string& name) {
  TrainConfig chosen = preset_config(name);
  chosen.image_size = config.image_size;
  chosen.ngf = config.ngf;
  chosen.ndf = config.ndf;
  chosen.channels = config.channels;
  chosen.crop = config.crop;
  chosen.seed = config.seed;
  chosen.device = config.device;
  config = chosen;
}

void draw_preset(Ui& ui, TrainConfig& config) {
  draw_label(ui, "Recipe");
  const bool open = ui.begin_combo(
      "##preset",
      "faces: few pictures, clean faces. tutorial: the PyTorch DCGAN faces tutorial to the letter. "
      "Choosing one sets everything below.",
      config.preset.c_str(), -1);
  if (!open) {
    ui.record_item("preset");
    return;
  }
  for (const std::string& name : preset_names()) {
    if (ImGui::Selectable(name.c_str(), name == config.preset)) choose_preset(config, name);
    ui.record_item("preset: " + name);
  }
  ImGui::EndCombo();
}

void draw_networks(Ui& ui, const TrainingPlan& plan, TrainConfig& config) {
  if (plan.from_open_model) {
    draw_group(ui, "Networks: G's shape is the open model's", std::span(kWidths).last(1), config);
    return;
  }
  draw_group(ui, "Networks", kWidths, config);
  draw_label(ui, "Size");
  draw_choice(ui, "image_size", "Of the faces; the tutorial takes 64 pixels", &config.image_size,
              kSizes, -1);
  draw_label(ui, "Pictures in");
  draw_choice(ui, "channels", "The tutorial takes colours", &config.channels, kChannels, -1);
}

void draw_machine(Ui& ui, bool cuda, TrainConfig& config) {
  draw_label(ui, "Computes in");
  draw_choice(ui, "precision",
              "bfloat16 is faster on processors and graphics cards that know it, and as good here; "
              "the tutorial takes float32",
              &config.precision, kPrecisions, -1);
  if (cuda) {
    bool on_card = config.device == "cuda";
    draw_label(ui, "On the GPU");
    if (ui.checkbox("##device", "Trains with CUDA", &on_card))
      config.device = on_card ? "cuda" : "cpu";
  }
  draw_label(ui, "Seed");
  std::optional<std::uint64_t> seed = config.seed;
  if (ui.seed_input("##run seed", "Of all that is random: the same seed, the same run", "seed",
                    &seed, -1))
    config.seed = *seed;
  ui.record_item("seed");
}

}  // namespace

void draw_train_settings(Ui& ui, TrainingPlan& plan, bool cuda_present) {
  const bool open = ImGui::CollapsingHeader("Advanced");
  ui.control("Advanced");
  if (!open) return;
  TrainConfig& config = plan.config;
  draw_preset(ui, config);
  draw_networks(ui, plan, config);
  ImGui::Dummy({0, ui.px(2)});
  ui.dim_text("Learning");
  draw_label(ui, "Loss");
  draw_choice(ui, "loss", "What D and G are after; the tutorial takes cross entropy", &config.loss,
              kLosses, -1);
  for (const Setting& setting : kLearning)
    draw_setting(ui, setting, config);
  draw_group(ui, "Changes before D sees a picture", kAugmenting, config);
  draw_group(ui, "What is kept", kKeeping, config);
  ImGui::Dummy({0, ui.px(2)});
  ui.dim_text("The machine");
  draw_machine(ui, cuda_present, config);
}

}  // namespace facemorph
