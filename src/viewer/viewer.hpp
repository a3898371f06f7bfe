#pragma once

#include "base/lanes.hpp"
#include "base/saver.hpp"
#include "viewer/gallery.hpp"
#include "viewer/morph_editor.hpp"
#include "viewer/notices.hpp"
#include "viewer/open_model.hpp"
#include "viewer/picture_saver.hpp"
#include "viewer/recorder.hpp"
#include "viewer/session_keeper.hpp"
#include "viewer/settings.hpp"
#include "viewer/stage.hpp"
#include "viewer/start.hpp"
#include "viewer/training_desk.hpp"

#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

namespace facemorph {

/// What the window is about, without the window: owns its parts, and does what concerns several of
/// them. Panels draw the parts and call them. Belongs to the UI thread, and never blocks it.
class Viewer {
 private:
  // First, as all parts use them, and the saver drains after them.
  std::filesystem::path settings_path_;
  Backstage backstage_;
  Saver saver_{backstage_.queue};

 public:
  struct Options {
    std::filesystem::path settings_path;
    EngineOptions engine;
    Settings settings;  ///< as they were read
    std::shared_ptr<const KeptWork> place;
  };
  /// `wake` may be called from any thread when there is news for update().
  Viewer(const Options& options, std::function<void()> wake);
  ~Viewer();  ///< keeps the work and the settings, as far as the disk answers
  Viewer(const Viewer&) = delete;
  Viewer& operator=(const Viewer&) = delete;

  // --- its parts --------------------------------------------------------------------------------
  Notices notices;
  Settings settings;
  MorphEditor editor;
  Gallery gallery;
  OpenModel model;
  Stage stage;
  Recorder recorder;
  PictureSaver pictures;
  TrainingDesk training;

  // --- every frame, in this order ---------------------------------------------------------------
  /// Takes results from the other threads and advances time.
  void update(double elapsed_seconds);
  /// After the panels, while no hand is down: makes one undo step of what was edited since the
  /// last, and keeps it and the settings safe.
  void record_edits();
  /// After the panels: asks the network for what is on show now, if that changed.
  void request_frames();
  /// Whether anything moves by itself, so that the next frame must be drawn soon.
  bool animating() const { return editor.animating(); }
  /// Whether every picture that was asked for is there.
  bool engine_idle() const;
  void attend(const TrainingDesk::Attention& attention);

  // --- beginning and ending ---------------------------------------------------------------------
  /// Shows what was asked for, on top of what the window before this one has kept, once `start` is
  /// there.
  void begin(const ModelRequest& asked, std::shared_future<std::shared_ptr<Start>> start);
  /// Hands everything that is to outlive the window over to the saver.
  void keep_all();
  /// What is not on the disk yet.
  std::optional<Saver::Status> saving() const;
  /// Why the work cannot be kept for the next window; empty: it is.
  const std::string& keep_problem() const { return sessions_.problem(); }

  // --- opening: always a step that undo takes back, so that nothing has to be asked --------------
  /// A session or a picture by its name, a video by the session it carries, a folder of pictures to
  /// learn from, anything else as a model.
  void open_file(const std::filesystem::path& path);
  /// None: the bundled one.
  void open_model(const std::optional<std::filesystem::path>& path);
  void open_bundled_model();
  /// Opens it with its model, as far as both are sound; a model that is nowhere is asked for.
  void open_session(const std::filesystem::path& path);
  /// Shows the face that a saved picture carries.
  void open_picture(const std::filesystem::path& path);
  /// The model whose faces were kept, by its content.
  void open_model_of_favourites(const std::string& hash);
  /// The window shows what training is about; reading it takes the wish away.
  bool take_training_wish() { return std::exchange(training_wish_, false); }

  // --- undo -------------------------------------------------------------------------------------
  void undo();
  void redo();
  /// Opens the step's model first where that is another one.
  void go_to_step(std::size_t step);

  // --- what is kept -----------------------------------------------------------------------------
  /// Adds the extension if it is not there; replaces what is there.
  void save_session(const std::filesystem::path& path);
  /// Where the session is saved; empty: it has no name yet.
  const std::filesystem::path& session_path() const { return editor.chapter().session; }
  /// Whether a session with a name differs from its file.
  bool session_unsaved() const { return !session_path().empty() && editor.changed(); }
  /// Writes the stage's picture, enlarged as on screen, to a new PNG in the pictures folder. The
  /// face itself travels in it.
  void save_picture();
  /// Writes all faces of the walk as one picture, to a new PNG in the same place.
  void save_key_sheet();
  /// Runs a job that writes a file; the window waits for it when it closes.
  Saver& saver() { return saver_; }
  Backstage& backstage() { return backstage_; }

  // --- videos -----------------------------------------------------------------------------------
  /// Beside the session, else among the videos; it may be taken.
  std::filesystem::path proposed_video() const;
  /// Renders the walk into a file in the background, as settings.video says.
  void export_video(const std::filesystem::path& path);
  /// Starts recording what the stage shows, in real time, or ends it.
  void toggle_recording();
  static constexpr int kMostLiveFps = 60;

  // --- the walk ---------------------------------------------------------------------------------
  /// Measures in the background how much the picture changes along the walk, and gives it one
  /// speed for the eye.
  void even_speed();
  bool measuring() const { return measuring_; }

 private:
  /// What is shown when its model is open.
  struct Awaited {
    MorphState state;
    Chapter chapter;
    std::string name;
  };
  void model_opened(std::unique_ptr<Engine> engine, bool alike);
  void show_first_model();
  void show_other_model();
  bool take_awaited();
  bool take_step();
  void await(Awaited awaited, const std::optional<std::filesystem::path>& its_model,
             const std::string& missing);
  void ask_for_model(const std::string& why);
  void learn_from(const std::filesystem::path& folder);
  void read_work(const std::filesystem::path& file, const std::filesystem::path& home);
  std::vector<Face> kept_faces() const;
  void note_favourites();
  void keep_settings();

  SessionKeeper sessions_;
  Settings kept_settings_;  ///< as the saver has them
  /// As this window has written them last; the saver's alone.
  std::shared_ptr<Settings> written_settings_;
  std::shared_future<std::shared_ptr<Start>> starting_;
  bool asked_for_model_ = false;  ///< by the start
  std::optional<Awaited> awaited_;
  std::optional<std::size_t> awaited_step_;  ///< of the undo history
  std::optional<std::filesystem::path> awaited_picture_;
  bool training_wish_ = false;
  bool measuring_ = false;
  std::stop_source stop_measuring_;
  std::optional<Lane> sorter_;  ///< looks what the file is that was opened last
  Lane opener_;
  Lane measurer_;
};

}  // namespace facemorph
