#include "viewer/opened_model.hpp"

#include "base/files.hpp"
#include "base/hardware.hpp"
#include "base/memory.hpp"
#include "session/session_file.hpp"

#include <filesystem>

namespace facemorph {
namespace {

/// Tools like tools/find_directions.py put them there.
void add_directions_beside(OpenedModel& opened) {
  const std::filesystem::path& model = opened.model->path;
  const std::filesystem::path path =
      path_in(model.parent_path(), model.stem().string(), ".directions.json");
  if (!is_there(path)) return;
  try {
    opened.named = load_directions(path, static_cast<std::size_t>(opened.model->arch.nz));
  } catch (const std::exception& error) {
    opened.named_problem = error.what();
  }
}

}  // namespace

std::shared_ptr<OpenedModel> ready_to_show(std::shared_ptr<const Model> model,
                                           const EngineOptions& options) {
  auto opened = std::make_shared<OpenedModel>();
  opened->model = std::move(model);
  opened->engine = make_engine(*opened->model, options);
  opened->engine->generate(seed_latents(0, 1, opened->model->arch.nz));
  opened->bundled = is_bundled(*opened->model);
  opened->warning = backend_warning();
  add_directions_beside(*opened);
  release_free_memory();
  return opened;
}

/// OpenMP's waiting threads spin: without a core to spare for the window, two are many times slower
/// than one (measured on 2 cores: 78 ms a face against 5).
EngineOptions beside_a_window(EngineOptions options) {
  options.threads = choose_threads(options.threads, 1);
  return options;
}

}  // namespace facemorph
