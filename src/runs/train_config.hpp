#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace facemorph {

enum class Loss {
  Bce,    ///< binary cross entropy; G maximises log D(G(z)) (Goodfellow et al. 2014, section 3)
  Hinge,  ///< hinge for D, -D(G(z)) for G (Lim & Ye 2017; Miyato et al. 2018)
};

/// How a picture that is not square becomes one.
enum class Crop {
  Centre,  ///< the largest centred square
  None,    ///< the whole picture, squeezed
};

/// What the networks compute in while they train; weights are float32 either way.
enum class Precision {
  Float32,
  BFloat16,  ///< convolutions and products: 1.6 times as fast where the processor knows it
};

/// Adam (Kingma & Ba 2015).
struct AdamSettings {
  double learning_rate = 2e-4;
  double beta1 = 0.5;
  double beta2 = 0.999;
  bool operator==(const AdamSettings&) const = default;
};

/// DiffAugment (Zhao et al. 2020): the same random changes, differentiable, for real and generated
/// pictures before the discriminator sees them, in its own step and in the generator's.
struct AugmentSettings {
  double probability = 0;      ///< of each change, for each picture; 0 turns all off
  bool colour = false;         ///< brightness, saturation, contrast
  double translation = 0.125;  ///< at most this share of the width
  double cutout = 1.0 / 3.0;   ///< side of a blanked square, as a share of the width
  bool operator==(const AugmentSettings&) const = default;
};

/// Everything that decides how a run goes: written to its config.json, so that the run can be
/// continued or repeated.
struct TrainConfig {
  std::string preset = "faces";
  std::string data;  ///< folder or archive of pictures

  int image_size = 64;  ///< 32, 64, 128 or 256
  int channels = 3;     ///< 1 or 3
  Crop crop = Crop::Centre;
  bool flip = true;  ///< every picture also mirrored, at random

  int nz = 100;
  int ngf = 64;
  int ndf = 64;
  bool discriminator_norm = false;  ///< batch norm in the discriminator

  Loss loss = Loss::Hinge;
  int batch = 64;
  AdamSettings generator{2e-4, 0.5, 0.99};
  AdamSettings discriminator{3e-4, 0.5, 0.99};
  double r1 = 1;      ///< gamma of the R1 penalty (Mescheder et al. 2018); 0 turns it off
  int r1_every = 16;  ///< steps between penalties, scaled up to match (Karras et al. 2020, lazy)
  AugmentSettings augment{0.7, false, 0.125, 1.0 / 3.0};
  double ema = 0.999;    ///< decay a step of the averaged generator; 0 turns averaging off
  int ema_batches = 20;  ///< batches that batch norm is re-estimated from for every snapshot

  std::uint64_t seed = 1;
  std::string init;  ///< checkpoint that the generator starts from; empty: random weights
  Precision precision = Precision::Float32;
  int threads = 0;  ///< 0: chosen
  std::string device = "cpu";

  double save_minutes = 1;   ///< between checkpoints; 0: after every step
  int keep_every = 10;       ///< every so many checkpoints, one is kept for good
  int samples_every = 500;   ///< steps between sample sheets, and scores
  int log_every = 10;        ///< steps between rows of metrics.csv
  int score_pictures = 500;  ///< on each side; 0: no scores

  bool operator==(const TrainConfig&) const = default;
};

/// "tutorial": the PyTorch DCGAN faces tutorial to the letter. "faces": the recipe of
/// docs/training.md, in the precision that is fastest here. Throws UsageError for other names.
TrainConfig preset_config(const std::string& name);
std::vector<std::string> preset_names();

/// Throws UsageError naming the setting and what it may be.
void check_config(const TrainConfig& config);

nlohmann::ordered_json to_json(const TrainConfig& config);
/// Missing settings take the values of the preset that the object names. Throws Error for unknown
/// settings and wrong types, naming them.
TrainConfig config_from_json(const nlohmann::ordered_json& json);

}  // namespace facemorph
