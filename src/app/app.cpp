#include "app/app.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/process_time.hpp"
#include "ui/splitter.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <thread>
#include <utility>

namespace facemorph {
namespace {

constexpr double kTooltipRest = 0.4;  // seconds of rest before a tooltip shows
constexpr int kSettleFrames = 3;
constexpr std::size_t kPercentileFrames = 60;  ///< between two looks at the slow ones
constexpr std::size_t kPercentileOf = 600;     ///< of the last frames
// Widths of panels at scale 1.
constexpr float kLeastGallery = 272;
constexpr float kLeastSide = 292;
constexpr float kMostUsual = 380;
constexpr float kLeastStage = 430;

double milliseconds(std::chrono::steady_clock::duration time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

/// What cannot be read would be lost when settings are written again. `problem` says what that was.
Settings read_settings(const std::filesystem::path& path, std::string& problem) {
  Settings settings = load_settings(path, &problem);
  if (problem.empty()) return settings;
  problem += put_aside(path);
  try {
    save_settings(path, settings);  // as far as they were sound
  } catch (const Error&) {          // told when they are saved the next time
  }
  return settings;
}

/// A window takes as long to open as a model does.
std::shared_future<std::shared_ptr<Start>> begin_to_open(
    const App::Options& options, const std::shared_ptr<const KeptWork>& place) {
  return std::async(std::launch::async, [asked = options.model, engine = options.engine, place] {
    return std::make_shared<Start>(make_start(asked, engine, *place));
  });
}

}  // namespace

App::App(const Options& options)
    : clock_(options.clock),
      settings_path_(options.settings_path),
      settings_(read_settings(settings_path_, settings_problem_)),
      place_(std::make_shared<const KeptWork>(settings_path_.parent_path())),
      start_(begin_to_open(options, place_)),
      window_(options.width > 0 ? options.width : settings_.window_width,
              options.height > 0 ? options.height : settings_.window_height, options.assume_gpu,
              clock_),
      viewer_({settings_path_, options.engine, settings_, place_}, [this] { window_.wake(); }),
      dialogs_(viewer_.backstage(), train_) {
  if (!settings_problem_.empty())
    viewer_.notices.warn("The settings could not be read", settings_problem_);
  viewer_.begin(options.model, std::move(start_));
  viewer_.training.list_runs();
  if (viewer_.training.continue_unfinished()) state_.wanted_tab = SideTab::Train;
  verbose_ = options.verbose;
  report_start("window");
  fit_scale();
}

App::~App() {
  if (fullscreen_) return;
  viewer_.settings.window_width = window_.width();
  viewer_.settings.window_height = window_.height();
}

void App::run() {
  while (frame())
    wait();
}

bool App::frame(Image* capture) {
  const auto begun = std::chrono::steady_clock::now();
  const double now = clock_();
  const double elapsed = now - last_frame_;
  last_frame_ = now;
  const bool events = window_.poll_events([this](SDL_Event& event) { return take_event(event); });
  settle_frames_ = events ? kSettleFrames : std::max(0, settle_frames_ - 1);
  // A pause (a sleeping laptop, a debugger) must not fling the walk ahead.
  const double step = std::min(elapsed, 0.25);
  viewer_.update(step);
  if (viewer_.stage.picture()) stage_.show(viewer_.stage.picture());
  if (!dialogs_.any()) gamepad_.move(viewer_, step);
  viewer_.attend({gamepad_.held() || window_.dragging(), hidden(), false});
  if (hidden() && !capture) return !state_.quit;
  if (viewer_.take_training_wish()) state_.wanted_tab = SideTab::Train;
  if (state_.fullscreen != fullscreen_) {
    fullscreen_ = state_.fullscreen;
    window_.set_fullscreen(fullscreen_);
  }
  window_.set_title(title());
  fit_scale();
  ui_.pointer_rested = window_.pointer_rest() >= kTooltipRest;
  ui_.begin_frame();
  compat::set_menu_keys(menu_is_open(dialogs_));
  window_.begin_frame();
  draw_panels();
  leaving_.update(context(), now);
  ui_.end_frame();
  if (!hand_is_down()) viewer_.record_edits();
  viewer_.request_frames();
  measure(milliseconds(std::chrono::steady_clock::now() - begun), was_continuous_);
  if (std::exchange(state_.save_trace, false)) save_trace();
  const bool face = !stage_.empty();
  window_.end_frame(capture);
  report_progress(face);
  if (dialogs_.is_open(DialogName::Close) && !state_.quit) window_.come_up();
  return !state_.quit;
}

std::string App::title() const {
  if (!viewer_.model.get()) return "Facemorph";
  const std::string session = viewer_.session_path().filename().string();
  const std::string what = session.empty() ? viewer_.model.get()->name : session;
  return what + (!session.empty() && viewer_.editor.changed() ? " *" : "") + " – Facemorph";
}

/// A drag, a name being typed, a slider that an arrow key moves: each is one edit.
bool App::hand_is_down() const {
  return ImGui::IsMouseDown(ImGuiMouseButton_Left) || ImGui::GetIO().WantTextInput ||
         gamepad_.held() || ui_.focus().steering();
}

/// Returns whether ImGui is not to hear of it.
bool App::take_event(SDL_Event& event) {
  gamepad_.handle(event, context());
  switch (event.type) {
    case SDL_QUIT:
      dialogs_.open(DialogName::Close);
      return false;
    case SDL_DROPFILE:
      open_dropped(event.drop.file);
      SDL_free(event.drop.file);
      return true;
    default:
      return keyboard_.takes(event, context());
  }
}

/// A question that is open wants its answer first: nothing may change behind it.
void App::open_dropped(const std::filesystem::path& file) {
  if (!dialogs_.any()) return viewer_.open_file(file);
  viewer_.notices.notify(Notice::Kind::Info, file.filename().string() + " was not opened",
                         "Close the window that is open first, then drop it again.");
}

void App::fit_scale() {
  const double width = window_.width();
  const double height = window_.height();
  double scale = viewer_.settings.ui_scale;
  if (scale <= 0) {
    // Many displays do not tell their density; a 4K window without one still wants larger text.
    scale = window_.dpi_scale() > 1.0 ? std::round(window_.dpi_scale() * 4) / 4
            : height >= 2000          ? 2.0
            : height >= 1500          ? 1.5
                                      : 1.0;
  }
  scale = std::max(0.5, std::min({scale, width / 1000.0, height / 620.0}));
  if (std::abs(scale - ui_.scale) < 1e-3 && ui_.fonts.regular != nullptr) return;
  ui_.scale = static_cast<float>(scale);
  ui_.fonts = apply_theme(ui_.scale);
  redraw_all();
}

/// What was chosen (at scale 1), else what suits the window; in pixels.
float App::panel_width(float chosen, float usual, float least, float most) const {
  const float wanted =
      chosen > 0 ? ui_.px(chosen) : std::clamp(usual, ui_.px(least), ui_.px(kMostUsual));
  return std::clamp(wanted, ui_.px(least), std::max(most, ui_.px(least)));
}

void App::drag_border(const char* name, float x, float sign, ImVec2 range, float* width) {
  const float dragged = draw_splitter(ui_, name, x, range.x, range.y);
  if (dragged == 0) return;
  const float now = sign > 0 ? x : static_cast<float>(window_.width()) - x;
  *width = std::isinf(dragged) ? 0 : (now + sign * dragged) / ui_.px(1);
}

void App::draw_panels() {
  state_.meant = {};
  const auto width = static_cast<float>(window_.width());
  const auto height = static_cast<float>(window_.height());
  const float top = ImGui::GetFrameHeight() + 1;
  const float status = ui_.px(28);
  const float walk = walk_height(ui_, viewer_.editor);
  Settings& kept = viewer_.settings;
  const float most = width - ui_.px(kLeastStage);
  const float right =
      panel_width(kept.side_width, width * 0.25F, kLeastSide, most - ui_.px(kLeastGallery));
  const float left = panel_width(kept.gallery_width, width * 0.24F, kLeastGallery, most - right);
  const float bottom = height - status;
  const float line = 1;  // a hair of background between panels
  const Rect stage{{left + line, top}, {width - right - line, bottom - walk - line}};
  draw_gallery(ui_, viewer_, tiles_, {{0, top}, {left, bottom - line}});
  draw_stage(ui_, viewer_, stage_, tiles_, stage);
  draw_walk(ui_, viewer_, timeline_, tiles_,
            {{left + line, bottom - walk}, {width - right - line, bottom - line}});
  draw_side_panel(ui_, context(), train_, tiles_, {{width - right, top}, {width, bottom - line}});
  drag_border("gallery border", left, 1, {top, bottom}, &kept.gallery_width);
  drag_border("side border", width - right, -1, {top, bottom}, &kept.side_width);
  draw_status_bar(ui_, viewer_.model, viewer_.stage, state_, {{0, bottom}, {width, height}});
  draw_notices(ui_, viewer_.notices, viewer_.model, stage);
  draw_recording(ui_, viewer_.recorder, stage);
  draw_menu_bar(ui_, context());  // here, because Tab reaches controls as they are drawn
  dialogs_.draw(ui_, context());
}

void App::report_start(const char* what) const {
  if (verbose_)
    std::fprintf(stderr, "%s after %.0f ms\n", what, seconds_since_process_start() * 1000);
}

void App::report_progress(bool face) {
  if (std::exchange(first_frame_, false)) report_start("first frame");
  if (!face) return;
  report_start("first face");
  verbose_ = false;
}

void App::measure(double drawing, bool continuous) {
  state_.frame_milliseconds += 0.1 * (drawing - state_.frame_milliseconds);
  const double elapsed = static_cast<double>(ImGui::GetIO().DeltaTime);
  trace_.add({last_frame_ - started_, static_cast<float>(drawing),
              continuous ? static_cast<float>(elapsed * 1000.0) : 0.0F,
              static_cast<float>(viewer_.stage.stats().milliseconds_per_call),
              viewer_.training.run().state() == Training::State::Running,
              window_.dragging() || gamepad_.held()});
  if (trace_.added() % kPercentileFrames == 0)
    state_.slow_milliseconds = trace_.percentile(0.99, kPercentileOf);
  if (!continuous || elapsed <= 0) {
    state_.frames_per_second = 0;
  } else {
    const double now = 1.0 / elapsed;
    const double before = state_.frames_per_second;
    state_.frames_per_second = before <= 0 ? now : before + 0.05 * (now - before);
  }
  was_continuous_ = viewer_.animating();
}

void App::save_trace() {
  const auto path = std::make_shared<std::filesystem::path>();
  viewer_.saver().save("facemorph-frames.csv",
                       [path, trace = std::make_shared<const FrameTrace>(trace_)] {
                         *path = unused_path(folder_at_home("Documents") / "facemorph-frames.csv");
                         write_file_atomically(*path, trace->to_csv());
                       },
                       {[this, path] { viewer_.notices.info("Frame times saved", path->string()); },
                        [this](const std::string& reason) {
                          viewer_.notices.error("The frame times could not be saved", reason);
                        }});
}

int App::milliseconds_to_sleep() const {
  if (ImGui::GetIO().WantTextInput) return 250;               // the cursor blinks
  if (!viewer_.notices.empty()) return 250;                   // they fade by themselves
  if (viewer_.recorder.busy() || state_.leaving) return 100;  // its clock and bar go on
  if (viewer_.training.preview().waiting()) return 100;       // for a path to be typed to its end
  if (!ui_.pointer_rested)
    return static_cast<int>(std::max(0.0, kTooltipRest - window_.pointer_rest()) * 1000) + 5;
  return -1;
}

void App::wait() {
  if (idle()) {
    window_.wait_event(milliseconds_to_sleep());
    return;
  }
  if (window_.vertical_sync()) return;
  const double rest = last_frame_ + window_.refresh_interval() - clock_();
  if (rest > 0) std::this_thread::sleep_for(std::chrono::duration<double>(rest));
}

}  // namespace facemorph
