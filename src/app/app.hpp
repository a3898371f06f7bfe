#pragma once

#include "app/dialogs/dialogs.hpp"
#include "app/frame_trace.hpp"
#include "app/gamepad.hpp"
#include "app/keyboard.hpp"
#include "app/leaving.hpp"
#include "app/panels/panels.hpp"
#include "base/clock.hpp"
#include "ui/window.hpp"
#include "viewer/viewer.hpp"

#include <filesystem>
#include <future>
#include <memory>
#include <string>

namespace facemorph {

/// The program in its window: turns events into edits and the viewer into pictures, and sleeps
/// while nothing changes.
class App {
 public:
  struct Options {
    ModelRequest model;
    EngineOptions engine;
    std::filesystem::path settings_path;
    int width = 0;  ///< 0: as it was last time
    int height = 0;
    bool verbose = false;     ///< tells on standard error how long starting took
    bool assume_gpu = false;  ///< draws as on a GPU where the processor does it, too
    Clock clock = steady_clock();
  };
  explicit App(const Options& options);
  ~App();

  /// Draws frames until the window is closed.
  void run();
  /// One frame: events, results, panels, picture. Returns false when the person wants to leave.
  /// With `capture`, the window's pixels are read back into it.
  bool frame(Image* capture = nullptr);

  /// Whether nothing moves, so that run() sleeps until something happens.
  bool idle() const {
    return hidden() || (!viewer_.animating() && !gamepad_.held() && settle_frames_ == 0 &&
                        !compat::is_dimming());
  }

  /// The next frame is drawn as a whole, not only where it differs from the last.
  void redraw_all() { window_.redraw_all(); }

  Viewer& viewer() { return viewer_; }
  const Ui& ui() const { return ui_; }
  WindowState& window_state() { return state_; }
  Dialogs& dialogs() { return dialogs_; }

 private:
  /// Nobody sees the window: nothing is drawn then, unless that is being recorded or there may be
  /// something to ask before it closes.
  bool hidden() const {
    return window_.hidden() && !viewer_.recorder.recording() &&
           !dialogs_.is_open(DialogName::Close) && !state_.leaving;
  }
  ActionContext context() { return {viewer_, state_, dialogs_, ui_.focus()}; }
  bool take_event(SDL_Event& event);
  void open_dropped(const std::filesystem::path& file);
  bool hand_is_down() const;
  void fit_scale();
  std::string title() const;
  void draw_panels();
  float panel_width(float chosen, float usual, float least, float most) const;
  void drag_border(const char* name, float x, float sign, ImVec2 range, float* width);
  void wait();
  int milliseconds_to_sleep() const;
  void report_start(const char* what) const;
  void report_progress(bool face);
  void measure(double milliseconds, bool continuous);
  void save_trace();

  const Clock clock_;
  const std::filesystem::path settings_path_;
  std::string settings_problem_;  ///< empty: they could be read
  const Settings settings_;       ///< as they were read; the viewer has those of now
  const std::shared_ptr<const KeptWork> place_;
  std::shared_future<std::shared_ptr<Start>> start_;  ///< on its way while the window opens
  Window window_;
  Gamepad gamepad_;
  Ui ui_;
  Viewer viewer_;
  WindowState state_;
  FaceTiles tiles_{ui_, viewer_.editor, viewer_.stage.thumbnails(), state_.meant};
  StageView stage_{window_.drawn_by_processor()};
  TimelineView timeline_;
  TrainView train_;
  Dialogs dialogs_;
  Keyboard keyboard_;
  Leaving leaving_;
  bool verbose_ = false;
  bool first_frame_ = true;
  bool fullscreen_ = false;
  int settle_frames_ = 3;  ///< ImGui needs a few frames after an event to come to rest
  const double started_ = clock_();
  double last_frame_ = started_;
  bool was_continuous_ = false;
  FrameTrace trace_;
};

}  // namespace facemorph
