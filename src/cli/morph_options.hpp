#pragma once

#include "cli/options.hpp"
#include "record/export_settings.hpp"

namespace facemorph {

/// What `facemorph morph` was asked for, as it was typed.
struct MorphOptions {
  ModelOptions model;
  std::string seeds;
  std::string session;
  std::string output;
  std::string path = "slerp";
  std::string easing = "smooth";
  std::string format;
  std::string layout = "face";
  std::string grid = "3x3";
  std::string range;
  std::string quality = "good";
  std::string dither = "diffusion";
  bool loop = false;
  bool constant_speed = false;
  bool json = false;
  double seconds = 0;  ///< of the whole morph; 0: as the walk says
  std::string fps;     ///< empty: 60, or what the format takes
  float truncation = 1.0F;
  ExportSettings settings;
};

/// Adds all of them but the model's.
void add_morph_options(CLI::App& command, MorphOptions& options);

/// The same as exports take it. Throws UsageError for what cannot be meant.
ExportSettings export_settings(const MorphOptions& options);

bool is_standard_output(const MorphOptions& options);
/// A PNG file shows the faces of the walk, all in one picture.
bool is_key_sheet(const MorphOptions& options);

}  // namespace facemorph
