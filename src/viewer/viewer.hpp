#pragma once

#include "base/background.hpp"
#include "engine/async_engine.hpp"
#include "engine/model.hpp"
#include "engine/model_health.hpp"
#include "session/history.hpp"
#include "session/morph_state.hpp"
#include "session/session_file.hpp"
#include "viewer/opened_model.hpp"
#include "viewer/picture_preview.hpp"
#include "viewer/principal.hpp"
#include "viewer/recorder.hpp"
#include "viewer/recovery.hpp"
#include "viewer/run_past.hpp"
#include "viewer/settings.hpp"
#include "viewer/thumbnails.hpp"
#include "viewer/training.hpp"
#include "viewer/training_plan.hpp"

#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace facemorph {

/// A message for the person at the window.
struct Notice {
  enum class Kind { Info, Warning, Error };
  Kind kind = Kind::Info;
  std::string title;
  std::string text;
  double seconds_left = 0;  ///< errors stay until dismissed
};

/// What the window is about, without the window: the state on show, the model, and the services
/// that run beside the UI thread. Panels draw it and call it; it never blocks.
class Viewer {
 public:
  struct Options {
    std::filesystem::path settings_path;
    EngineOptions engine;
  };
  /// `wake` may be called from any thread when there is news for update().
  Viewer(const Options& options, std::function<void()> wake);
  ~Viewer();  ///< saves the settings

  // --- every frame, in this order -------------------------------------------------------------
  /// Takes results from the other threads and advances time. Returns the stage's new picture, if
  /// there is one.
  std::optional<Image> update(double elapsed_seconds);
  /// After the panels: asks the engine for what is on show now, if that changed.
  void request_frames();
  /// Whether anything moves by itself, so that the next frame must be drawn soon.
  bool animating() const;

  // --- models -----------------------------------------------------------------------------------
  void open_model(const std::filesystem::path& path,
                  const std::optional<std::string>& state_dict_path = std::nullopt);
  void open_bundled_model() { open({}); }
  void open(const ModelRequest& request);
  /// The same, where it is under way already.
  void open(const ModelRequest& request, std::shared_future<std::shared_ptr<OpenedModel>> opening);
  void recalibrate();
  /// Reads the model another way, keeps that beside its file, and shows it.
  void assume(const std::string& key, const std::string& value);
  /// Finds out anew what was chosen by hand.
  void forget_assumptions();
  void choose_device(Device device);
  bool model_is_bundled() const { return bundled_; }
  bool loading() const { return loading_; }
  const std::shared_ptr<const Model>& model() const { return model_; }
  /// Known a moment after the model is; never of TorchScript and nets in training.
  const std::optional<ModelHealth>& health() const { return health_; }
  bool wants_recalibration() const;
  const EngineInfo& engine_info() const { return engine_info_; }
  bool cuda_present() const { return cuda_present_; }
  Device device() const { return options_.engine.device; }

  // --- sessions ---------------------------------------------------------------------------------
  /// A session or a picture by its name, a video by the session it carries, anything else as a
  /// model.
  void open_file(const std::filesystem::path& path);
  /// Opens it with its model, as far as both are sound; a model that is nowhere is asked for.
  void open_session(const std::filesystem::path& path);
  /// Adds the extension if it is not there; replaces what is there.
  void save_session(const std::filesystem::path& path);
  const std::filesystem::path& session_path() const { return session_path_; }  ///< empty: none
  bool session_changed() const;  ///< since it was opened or saved
  /// Whether a window before this one ended without closing, with edits that were not saved.
  bool recoverable() const { return recovery_.found(); }
  void recover();
  void forget_recovery() { recovery_.forget(); }

  // --- faces ------------------------------------------------------------------------------------
  MorphState state;      ///< edit freely; request_frames() notices
  double time = 0;       ///< seconds into the walk
  bool playing = false;  ///< time runs
  std::uint64_t gallery_first_seed = 0;
  std::uint64_t gallery_page = 24;  ///< faces on a page
  std::vector<bool> locked;         ///< per dimension; as long as the latent

  /// The latent on show, before truncation.
  Latent shown_latent() const;
  /// Leaves the walk and shows this face.
  void show_face(Face face);
  /// Makes whatever is on show the still face, so that the sliders take over from there.
  void grab_shown();
  /// Sets one dimension of the still face (grabs first).
  void set_dimension(std::size_t index, float value);
  /// New random values for the unlocked dimensions in [first, last).
  void randomise(std::size_t first, std::size_t last);
  /// Another face much like the one on show; locked dimensions keep their values.
  void jump_near();
  /// A fresh face from a random seed; locked dimensions keep their values.
  void random_face();
  /// The face on show, with its seed or name while it still is exactly that face.
  Face shown_face() const;
  /// The face of the seed `by` further on (from the still face's seed, or 0).
  void step_seed(int by);
  void turn_gallery_page(int by);

  // --- the walk's time line ---------------------------------------------------------------------
  /// A key of the faces, or of a track.
  struct KeyRef {
    std::optional<std::size_t> track;
    std::size_t key = 0;
    bool operator==(const KeyRef&) const = default;
  };
  std::optional<KeyRef> selected;
  /// Playing stays between these two moments. For the window alone, not for what is rendered.
  struct Region {
    double from = 0;
    double to = 0;
  };
  std::optional<Region> region;
  void add_shown_to_walk();  ///< behind its last face
  /// At the playhead, which goes there; behind the face that is there already.
  void insert_into_walk(Face face);
  void remove_key(KeyRef which);
  void duplicate_key(std::size_t index);
  /// Measures in the background how much the picture changes along the walk, and gives it one
  /// speed for the eye.
  void even_speed();
  bool measuring() const { return measuring_; }
  /// Replaces the walk by one through five random faces, and plays it.
  void surprise_walk();
  void play(bool on);
  bool can_play() const;  ///< a walk through faces needs two
  void scrub(double seconds);
  double duration() const { return facemorph::duration(state); }
  /// Marks the region's beginning or end at the playhead.
  void begin_region();
  void end_region();
  /// Whether a track sets this on the walk that is on show: then sliders write its keys.
  bool keyed(const Track& target) const;
  bool has_key_here(const Track& target) const;
  /// A key at the playhead with the value of now, or none any more.
  void toggle_key(const Track& target);

  /// The walk's of this moment where it is keyed, else the state's.
  float truncation() const { return truncation_at(state, time); }
  void set_truncation(float value);
  void add_direction(std::string name, Latent vector);
  /// The place of the face on show along a direction; of a keyed one, what its track adds.
  float place_along(const Direction& direction) const;
  /// Moves the still face to this place along a direction (grabs first), or writes its track's key.
  /// With hold_others, the face stays where it is along all others of the state.
  void move_along(const Direction& direction, float place);
  bool hold_others = false;
  /// Shows the face at a place of the pad, and moves its puck there.
  void move_puck(float x, float y);
  void set_corner(std::size_t corner, Face face);
  void random_corners();
  /// Directions with meanings that lie beside the model's file, as NAME.directions.json.
  const std::vector<Direction>& named() const { return named_; }
  /// Directions along which this model's faces vary most; empty until they are found.
  const std::vector<Direction>& principal() const { return principal_.directions(); }
  /// Looks for them in the background, or stops that.
  void find_directions();
  void stop_finding() { principal_.stop(); }
  /// 0 … 1 while that lasts.
  std::optional<float> finding() const { return principal_.progress(); }
  /// The face on show as text, and the other way round: complains where the text is no such face.
  std::string copy_face() const { return face_to_text(shown_face()); }
  void paste_face(const std::string& text);
  /// Puts a face into A (it has something) or B (it has not), or takes it out again.
  void mark(const Face& face, bool has);
  /// Which of the two it is in.
  enum class Mark { None, Has, HasNot };
  Mark mark_of(const Face& face) const;

  // --- undo -------------------------------------------------------------------------------------
  /// After the panels, while no hand is down: makes one step of what was edited since the last.
  void record_edits();
  void undo();
  void redo();
  void go_to_step(std::size_t step);
  const History& history() const { return history_; }

  // --- what is kept -----------------------------------------------------------------------------
  std::vector<Face>& favourites();
  bool is_favourite(const Face& face) const;
  void toggle_favourite(const Face& face);
  /// Writes the stage's picture, enlarged as on screen, to a new PNG in the pictures folder. The
  /// face itself travels in it.
  void save_picture();
  /// Writes all faces of the walk as one picture, to a new PNG in the same place.
  void save_key_sheet();
  /// Shows the face that a saved picture carries.
  void open_picture(const std::filesystem::path& path);

  // --- training ---------------------------------------------------------------------------------
  TrainingPlan training_plan;
  bool follow_training = true;  ///< the newest generator of a run becomes the open model
  Training& training() { return training_; }
  const Training& training() const { return training_; }
  /// Fills the plan in for a folder or an archive of pictures.
  void plan_training(const std::filesystem::path& pictures);
  /// The same for faces that Facemorph draws itself.
  void plan_training_on_drawn_faces();
  /// Call it while the plan is on show: reads and shows its pictures.
  void preview_training();
  PicturePreview& preview() { return preview_; }
  const PicturePreview& preview() const { return preview_; }
  /// Starts a run as planned, or goes on with the one that is in the folder.
  void start_training();
  /// Goes on with a run, for the plan's time.
  void continue_run(const std::filesystem::path& run);
  /// A new run that goes on from an earlier checkpoint of the one in past(); ends one under way.
  void go_back_to(std::uint64_t step);
  /// Which weights of the run are on show.
  void show_weights(GeneratorWeights weights) { training_.publish(weights); }
  /// Every frame: what the person does decides how much of the machine a run may take.
  struct Attention {
    bool dragging = false;
    bool hidden = false;  ///< nobody sees the window
  };
  void attend(const Attention& attention);
  /// What is left behind by the run under way, the last one, or one that was chosen from the list.
  RunPast& past() { return past_; }
  void look_at_run(const std::filesystem::path& run);
  /// A moment of past() as the open model; the newest faces no longer take its place.
  void open_moment(const RunMoment& moment);
  /// Writes a strip of past()'s moments into the pictures, or a time-lapse into the videos.
  void save_strip();
  void save_time_lapse();
  bool saving_time_lapse() const { return lapsing_; }
  /// Runs in their usual folder and those that were started elsewhere, the newest first.
  const std::vector<RunSummary>& runs() const { return runs_; }
  void list_runs_again();
  /// The run under way goes on when the window is opened the next time. Requires that it has begun:
  /// what is still being read has nothing to go on with.
  void continue_next_time();
  /// Goes on with the run that continue_next_time() has noted, if there is one.
  void continue_unfinished();
  /// Training is what a person wants to see now; the window takes it.
  bool wants_training_shown = false;

  // --- videos -----------------------------------------------------------------------------------
  /// Beside the session, else among the videos; nothing is there yet.
  std::filesystem::path proposed_video() const;
  /// Renders the walk into a file in the background, as settings.video says.
  void export_video(const std::filesystem::path& path);
  /// Starts recording what the stage shows, in real time, or ends it.
  void toggle_recording();
  Recorder& recorder() { return recorder_; }
  const Recorder& recorder() const { return recorder_; }
  static constexpr int kMostLiveFps = 60;

  // --- messages and services --------------------------------------------------------------------
  std::vector<Notice> notices;
  void notify(Notice::Kind kind, std::string title, std::string text);
  Settings settings;
  Thumbnails& thumbnails() { return thumbnails_; }
  Background& background() { return disk_; }
  EngineStats engine_stats() const { return engine_.stats(); }
  bool engine_idle() const;

 private:
  void read_again(const Assumptions& chosen);
  struct Examined {
    std::optional<ModelHealth> health;
    bool cuda = false;
  };
  void load(std::function<std::shared_ptr<const Model>()> work, const std::string& failure_title);
  void show_opened(std::function<std::shared_ptr<OpenedModel>()> work,
                   const std::string& failure_title);
  void adopt(OpenedModel opened);
  void examine();
  void forget_examination();
  void adopt_live(OpenedModel opened);
  void update_training();
  void show_newest();
  void start_branch(const std::filesystem::path& run, std::uint64_t step);
  static std::filesystem::path runs_folder();
  std::filesystem::path unused_run(const std::string& name) const;
  static constexpr double kPublishSeconds = 5;  ///< between two snapshots of a run, at least
  void fit_state_to_model(bool first_model);
  void restore(MorphState restored);
  void advance(double elapsed_seconds);
  void keep_in_walk();
  /// Of four digits: easy to read out and to type again.
  std::uint64_t short_seed();
  void write_key(const Track& target, float value, float y = 0);
  /// A session that was read, until its model is open.
  struct AwaitedSession {
    MorphState state;
    std::filesystem::path path;  ///< where to save it again; empty for a recovered one
  };
  void read_session(const std::filesystem::path& file, const std::filesystem::path& home,
                    const std::string& title);
  void take_awaited_session();
  void ask_for_model(const std::string& why);

  Options options_;
  History history_;
  std::filesystem::path session_path_;
  std::function<void()> wake_;
  Recovery recovery_;  ///< outlives disk_, which may be writing it
  std::optional<AwaitedSession> awaited_;
  std::optional<MorphState> saved_;  ///< as it was opened, saved, or first shown
  std::shared_ptr<const Model> model_;
  std::shared_ptr<const Model> examined_;  ///< whose health is known or being found out
  std::optional<ModelHealth> health_;
  std::vector<Direction> named_;
  EngineInfo engine_info_;
  bool bundled_ = false;
  bool warned_ = false;  ///< of a slow LibTorch
  bool cuda_present_ = false;
  bool loading_ = false;
  std::uint64_t load_number_ = 0;    ///< of the newest load: an older one's result is dropped
  std::optional<Latent> requested_;  ///< what the stage shows or will show, truncated
  std::uint64_t stage_request_ = 0;
  std::uint64_t stage_shown_ = 0;
  std::uint64_t random_state_;
  Image stage_image_;    ///< the last picture, for save_picture
  Latent stage_latent_;  ///< whose it is

  Recorder recorder_;
  Training training_;
  PicturePreview preview_;
  RunPast past_;
  std::vector<RunSummary> runs_;
  std::optional<std::pair<std::filesystem::path, std::uint64_t>> going_back_;
  bool lapsing_ = false;
  std::stop_source stop_lapsing_;
  AsyncEngine engine_;
  Thumbnails thumbnails_;
  PrincipalFinder principal_;
  bool measuring_ = false;
  std::stop_source stop_measuring_;
  Background measurer_;
  Background lapser_;
  Background loader_;
  Background examiner_;
  Background disk_;
};

}  // namespace facemorph
