#include "viewer/viewer.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "engine/picture_changes.hpp"

#include <random>

// Every frame, undo, and the end. What opens files is in viewer_opening.cpp, what writes them in
// viewer_saving.cpp.

namespace facemorph {

Viewer::Viewer(const Options& options, std::function<void()> wake)
    : settings_path_(options.settings_path),
      backstage_(std::move(wake)),
      settings(options.settings),
      editor(notices, std::random_device{}()),
      model(backstage_, notices, options.engine, settings_path_.parent_path() / "directions"),
      stage(backstage_.queue, notices),
      recorder(backstage_, notices),
      pictures(backstage_, saver_, notices),
      training(backstage_, pictures, notices, settings, model, settings_path_.parent_path()),
      sessions_(backstage_, saver_, notices, options.place),
      kept_settings_(settings),
      written_settings_(std::make_shared<Settings>(settings)),
      opener_(backstage_, Workers::Manner::Prompt),
      measurer_(backstage_, Workers::Manner::Prompt) {
  model.on_opened = [this](std::unique_ptr<Engine> engine, bool alike) {
    model_opened(std::move(engine), alike);
  };
  model.on_failed = [this] { awaited_step_.reset(); };
}

Viewer::~Viewer() {
  stop_measuring_.request_stop();
  keep_all();
}

// --- every frame --------------------------------------------------------------------------------

void Viewer::update(double elapsed_seconds) {
  backstage_.queue.run_posted();
  recorder.update();
  training.update();
  notices.age(elapsed_seconds);
  editor.advance(elapsed_seconds);
  if (stage.update()) recorder.show(stage.picture());
}

void Viewer::record_edits() {
  editor.record_edits();
  note_favourites();
  if (editor.take_unkept()) sessions_.keep(editor.history());
  keep_settings();
}

void Viewer::request_frames() {
  if (!editor.ready()) return;
  editor.keep_in_walk();
  stage.request(editor.state);
}

bool Viewer::engine_idle() const {
  return editor.ready() && !model.loading() && stage.idle();
}

void Viewer::attend(const TrainingDesk::Attention& attention) {
  TrainingDesk::Attention all = attention;
  all.animating = all.animating || animating() || recorder.busy();
  training.attend(all);
}

// --- undo ---------------------------------------------------------------------------------------

void Viewer::undo() {
  editor.record_edits();
  if (editor.history().can_undo()) go_to_step(editor.history().at() - 1);
}

void Viewer::redo() {
  editor.record_edits();
  if (editor.history().can_redo()) go_to_step(editor.history().at() + 1);
}

void Viewer::go_to_step(std::size_t step) {
  editor.record_edits();
  if (!editor.ready() || step >= editor.history().size()) return;
  notices.withdraw("Opened ");  // and could be undone
  const ModelRef& its_model = editor.history().model(step);
  if (its_model.hash == model.get()->hash) {
    editor.go_to_step(step, editor.nz());
    return;
  }
  awaited_.reset();
  awaited_step_ = step;
  training.let_go();
  ModelRequest request;
  if (!its_model.path.empty()) request.path = its_model.path;
  model.open(request);
}

/// The step that waited for its model.
bool Viewer::take_step() {
  const auto step = std::exchange(awaited_step_, std::nullopt);
  if (!step || *step >= editor.history().size()) return false;
  const Work work = editor.history().work(*step);
  if (static_cast<int>(work.state.face.latent.size()) != model.get()->arch.nz) return false;
  editor.go_to_step(*step, model.get()->arch.nz);
  editor.refer_to(model.ref());
  return true;
}

// --- the walk -----------------------------------------------------------------------------------

void Viewer::even_speed() {
  if (!editor.ready() || measuring_ || editor.state.keys.size() < 2) return;
  measuring_ = true;
  measurer_.run<MorphState>(
      [measured = editor.state, of = model.get(), options = model.options(),
       stop = stop_measuring_.get_token()]() mutable {
        const auto engine = make_engine(*of, options);
        even_out(measured, [&](std::span<const Latent> way) {
          if (stop.stop_requested()) throw Error("The window was closed.");
          return picture_changes(*engine, way, measured.truncation);
        });
        return measured;
      },
      [this, before = editor.state](const MorphState& measured) {
        measuring_ = false;
        if (editor.state.keys != before.keys || editor.state.walk != before.walk) {
          notices.info("The walk was changed", "Ask for constant speed once more.");
          return;
        }
        editor.state.keys = measured.keys;
        editor.state.walk = measured.walk;
      },
      [this](const std::string& reason) {
        measuring_ = false;
        notices.error("The walk could not be measured", reason);
      });
}

}  // namespace facemorph
