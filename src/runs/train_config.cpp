#include "runs/train_config.hpp"

#include "base/error.hpp"
#include "base/utf8.hpp"
#include "checkpoint/generator/names.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <bit>
#include <limits>
#include <type_traits>

namespace facemorph {

using Json = nlohmann::ordered_json;

NLOHMANN_JSON_SERIALIZE_ENUM(Loss, {{Loss::Bce, "bce"}, {Loss::Hinge, "hinge"}})
NLOHMANN_JSON_SERIALIZE_ENUM(Precision,
                             {{Precision::Float32, "float32"}, {Precision::BFloat16, "bfloat16"}})
NLOHMANN_JSON_SERIALIZE_ENUM(Crop, {{Crop::Centre, "centre"}, {Crop::None, "none"}})

namespace {

/// Whether a setting of type T can be this value; nlohmann's own conversions would turn 8.5 into 8
/// and unknown names into the first.
template <typename T>
bool fits(const Json& value) {
  if constexpr (std::is_same_v<T, bool>) return value.is_boolean();
  if constexpr (std::is_same_v<T, std::string>) return value.is_string();
  if constexpr (std::is_enum_v<T>) return value.is_string() && Json(value.get<T>()) == value;
  if constexpr (std::is_floating_point_v<T>) return value.is_number();
  if constexpr (std::is_unsigned_v<T>) return value.is_number_unsigned();
  if constexpr (std::is_integral_v<T>)
    return value.is_number_integer() && value >= std::numeric_limits<T>::min() &&
           value <= std::numeric_limits<T>::max();
}

/// Whether this processor multiplies bfloat16 numbers as such.
bool processor_has_bfloat16() {
#ifdef __x86_64__
  return __builtin_cpu_supports("avx512bf16") != 0;
#else
  return false;
#endif
}

TrainConfig faces() {
  TrainConfig config;
  if (processor_has_bfloat16()) config.precision = Precision::BFloat16;
  return config;
}

TrainConfig tutorial() {
  TrainConfig config;
  config.preset = "tutorial";
  config.flip = false;
  config.discriminator_norm = true;
  config.loss = Loss::Bce;
  config.batch = 128;
  config.generator = config.discriminator = {2e-4, 0.5, 0.999};
  config.r1 = 0;
  config.augment.probability = 0;
  config.ema = 0;
  return config;
}

/// Visits every setting with its name: the one list of what config.json holds.
template <typename Config, typename Visit>
void for_each_setting(Config& config, Visit visit) {
  visit("preset", config.preset);
  visit("data", config.data);
  visit("image_size", config.image_size);
  visit("channels", config.channels);
  visit("crop", config.crop);
  visit("flip", config.flip);
  visit("nz", config.nz);
  visit("ngf", config.ngf);
  visit("ndf", config.ndf);
  visit("discriminator_norm", config.discriminator_norm);
  visit("loss", config.loss);
  visit("batch", config.batch);
  visit("generator_learning_rate", config.generator.learning_rate);
  visit("generator_beta1", config.generator.beta1);
  visit("generator_beta2", config.generator.beta2);
  visit("discriminator_learning_rate", config.discriminator.learning_rate);
  visit("discriminator_beta1", config.discriminator.beta1);
  visit("discriminator_beta2", config.discriminator.beta2);
  visit("r1", config.r1);
  visit("r1_every", config.r1_every);
  visit("augment_probability", config.augment.probability);
  visit("augment_colour", config.augment.colour);
  visit("augment_translation", config.augment.translation);
  visit("augment_cutout", config.augment.cutout);
  visit("ema", config.ema);
  visit("ema_batches", config.ema_batches);
  visit("seed", config.seed);
  visit("init", config.init);
  visit("precision", config.precision);
  visit("threads", config.threads);
  visit("device", config.device);
  visit("save_minutes", config.save_minutes);
  visit("keep_every", config.keep_every);
  visit("samples_every", config.samples_every);
  visit("log_every", config.log_every);
  visit("score_pictures", config.score_pictures);
}

void require(bool condition, const char* setting, const char* allowed) {
  if (!condition) throw UsageError(std::string(setting) + " must be " + allowed + ".");
}

void require_adam(const AdamSettings& adam, const char* rate, const char* betas) {
  require(adam.learning_rate > 0 && adam.learning_rate <= 1, rate, "above 0 and at most 1");
  require(adam.beta1 >= 0 && adam.beta1 < 1 && adam.beta2 >= 0 && adam.beta2 < 1, betas,
          "at least 0 and below 1");
}

}  // namespace

std::vector<std::string> preset_names() {
  return {"faces", "tutorial"};
}

TrainConfig preset_config(const std::string& name) {
  if (name == "faces") return faces();
  if (name == "tutorial") return tutorial();
  throw UsageError("There is no preset '" + name + "'. Choose faces or tutorial.");
}

void check_config(const TrainConfig& config) {
  const auto size = static_cast<unsigned>(std::max(config.image_size, 0));
  require(std::has_single_bit(size) && size >= 32 && size <= 256, "image_size",
          "32, 64, 128 or 256");
  require(is_utf8(config.data) && is_utf8(config.init), "data", "a path in UTF-8");
  require(config.channels == 1 || config.channels == 3, "channels", "1 or 3");
  require(config.nz >= 1 && config.nz <= 4096, "nz", "1 to 4096");
  require(config.ngf >= 1 && config.ngf <= 1024, "ngf", "1 to 1024");
  require(config.ndf >= 1 && config.ndf <= 1024, "ndf", "1 to 1024");
  const double widest = std::max(config.ngf, config.ndf) * config.image_size / 8.0;
  require(widest * widest * 8 < 5e8, "ngf and ndf",
          "smaller for this image_size: the networks would have over 500 million weights");
  require(config.batch >= 2 && config.batch <= 4096, "batch", "2 to 4096");
  require_adam(config.generator, "generator_learning_rate", "generator_beta1 and _beta2");
  require_adam(config.discriminator, "discriminator_learning_rate",
               "discriminator_beta1 and _beta2");
  require(config.r1 >= 0 && config.r1 <= 1e6, "r1", "0 (off) or a positive number");
  require(config.r1_every >= 1, "r1_every", "1 or more");
  require(config.augment.probability >= 0 && config.augment.probability <= 1, "augment_probability",
          "0 (off) to 1");
  require(config.augment.translation >= 0 && config.augment.translation <= 0.5,
          "augment_translation", "0 to 0.5");
  require(config.augment.cutout >= 0 && config.augment.cutout <= 1, "augment_cutout", "0 to 1");
  require(config.ema >= 0 && config.ema < 1, "ema", "0 (off) to below 1");
  require(config.ema_batches >= 1 && config.ema_batches <= 1000, "ema_batches", "1 to 1000");
  require(config.threads >= 0 && config.threads <= 256, "threads", "0 (chosen) to 256");
  require(config.save_minutes >= 0 && config.save_minutes <= 1440, "save_minutes", "0 to 1440");
  require(config.keep_every >= 1, "keep_every", "1 or more");
  require(config.samples_every >= 1, "samples_every", "1 or more");
  require(config.log_every >= 1, "log_every", "1 or more");
  require(config.score_pictures >= 0 && config.score_pictures <= 100'000, "score_pictures",
          "0 (none) to 100000");
  require(config.device == "cpu" || config.device == "cuda", "device", "cpu or cuda");
}

Json to_json(const TrainConfig& config) {
  Json json;
  for_each_setting(config, [&](const char* name, const auto& value) { json[name] = value; });
  return json;
}

TrainConfig config_from_json(const Json& json) {
  if (!json.is_object()) throw Error("the settings are not a JSON object.");
  const auto named = json.find("preset");
  TrainConfig config = preset_config(
      named != json.end() && named->is_string() ? named->get<std::string>() : std::string("faces"));
  std::size_t known = 0;
  for_each_setting(config, [&](const char* name, auto& value) {
    const auto found = json.find(name);
    if (found == json.end()) return;
    ++known;
    if (!fits<std::decay_t<decltype(value)>>(*found))
      throw Error("the setting '" + std::string(name) + "' cannot be " + found->dump() + ".");
    found->get_to(value);
  });
  if (known != json.size()) {
    const Json names = to_json(config);
    for (const auto& [name, value] : json.items())
      if (!names.contains(name)) throw Error("there is no setting '" + name + "'.");
  }
  return config;
}

}  // namespace facemorph
