#pragma once

#include "cli/options.hpp"

#include <functional>

namespace facemorph {

/// One function per subcommand, each in a file of its own: it adds the subcommand with its help to
/// `app`; CLI11 calls what it registered when the subcommand was given. Failures are thrown.
void add_info_command(CLI::App& app);
void add_sample_command(CLI::App& app);
void add_morph_command(CLI::App& app);
void add_convert_command(CLI::App& app);
void add_bench_command(CLI::App& app);
void add_bench_train_command(CLI::App& bench);
void add_bench_video_command(CLI::App& bench);
void add_train_command(CLI::App& app);
void add_make_faces_command(CLI::App& app);
void add_score_command(CLI::App& app);

/// The processor's name, for reports of measurements.
std::string processor_name();

/// A seamless morph loop as a contact sheet and PNG frames: what the viewer shows, on a machine
/// without a display. Returns the folder.
std::filesystem::path render_demo_loop(const ModelOptions& options);

}  // namespace facemorph
