#include "cli/command_line.hpp"

#include "base/error.hpp"
#include "cli/commands.hpp"
#include "record/made_by.hpp"
#include "session/session_file.hpp"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iostream>

namespace facemorph {
namespace {

constexpr const char* kAbout =
    "Facemorph shows and morphs the faces of a DCGAN generator, live.\n"
    "Without a subcommand it opens the viewer, on a checkpoint, a session\n"
    "(*.facemorph.json), or a video that it made.";

bool set_in_environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

/// Whether a window can be expected to open. SDL_VIDEODRIVER names a driver that needs neither.
bool has_display() {
  return set_in_environment("DISPLAY") || set_in_environment("WAYLAND_DISPLAY") ||
         set_in_environment("SDL_VIDEODRIVER");
}

void view(ViewerRequest& request, const ModelOptions& options,
          const std::function<void(const ViewerRequest&)>& open_viewer) {
  if (has_display()) {
    request.model = model_request(options);
    request.engine = options.engine;
    open_viewer(request);
    return;
  }
  if (is_session_name(options.checkpoint) || may_carry_session(options.checkpoint))
    throw Error(
        "There is no display here, so no window can open. Render the session instead: "
        "facemorph morph --session " +
        options.checkpoint + " -o morph-again.mp4");
  std::cout << "There is no display here, so no window can open (DISPLAY and WAYLAND_DISPLAY are "
               "not set).\n"
               "Rendering a seamless eight-second loop instead …\n";
  const std::filesystem::path folder = render_demo_loop(options);
  std::cout << "Contact sheet: " << (folder / "contact-sheet.png").string() << "\n"
            << "Frames:        " << (folder / "frame-*.png").string() << "\n";
}

/// A disk that is full, or a reader that has gone, is a failure like any other.
int flush_output(int code) {
  if (std::cout.flush() && std::fflush(stdout) == 0) return code;
  std::cerr << "facemorph: what was printed could not be written to its end.\n";
  return code == 0 ? 1 : code;
}

int run(int argc, char** argv, const std::function<void(const ViewerRequest&)>& open_viewer) {
  CLI::App app(kAbout, "facemorph");
  app.set_version_flag("--version", FACEMORPH_VERSION);
  app.require_subcommand(0, 1);
  ViewerRequest request;
  ModelOptions options;
  add_model_options(app, options, true);
  app.add_option("--width", request.width, "Width of the window")
      ->check(CLI::Range(320, 16384))
      ->option_text("PX");
  app.add_option("--height", request.height, "Height of the window")
      ->check(CLI::Range(240, 16384))
      ->option_text("PX");
  app.add_flag("--verbose", request.verbose, "Tell how long the window took to start");
  add_info_command(app);
  add_sample_command(app);
  add_morph_command(app);
  add_convert_command(app);
  add_train_command(app);
  add_make_faces_command(app);
  add_score_command(app);
  add_bench_command(app);
  try {
    app.parse(argc, argv);
    if (!app.get_subcommands().empty()) return 0;
    view(request, options, open_viewer);
    return 0;
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const UsageError& error) {
    std::cerr << "facemorph: " << error.what() << "\n";
    return 2;
  } catch (const std::exception& error) {
    std::cerr << "facemorph: " << error.what() << "\n";
    return 1;
  }
}

}  // namespace

int run_command_line(int argc, char** argv,
                     const std::function<void(const ViewerRequest&)>& open_viewer) {
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is a write that fails, and is told
  return flush_output(run(argc, argv, open_viewer));
}

}  // namespace facemorph
