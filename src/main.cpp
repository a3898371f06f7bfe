#include "app/app.hpp"
#include "base/files.hpp"
#include "cli/command_line.hpp"

int main(int argc, char** argv) {
  return facemorph::run_command_line(argc, argv, [](const facemorph::ViewerRequest& request) {
    facemorph::App app({request.model, request.engine, facemorph::config_folder() / "settings.json",
                        request.width, request.height, request.verbose});
    app.run();
  });
}
