#pragma once

#include "base/clock.hpp"
#include "pictures/image.hpp"
#include "ui/canvas.hpp"
#include "ui/imgui_compat.hpp"

#include <SDL.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace facemorph {

/// The SDL window with its OpenGL 3.3 core context and ImGui's back ends.
class Window {
 public:
  /// Throws Error when there is no display or no OpenGL 3.3, with what to do about it.
  /// `assume_gpu`: all is drawn in every frame, even by the processor. Animations, double clicks
  /// and tooltips go by the clock.
  Window(int width, int height, bool assume_gpu, Clock clock);
  ~Window();
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;

  /// Asks the event loop for a frame. May be called from any thread.
  void wake();
  /// Passes all waiting events to `handle`, and those that it does not take to ImGui; it may change
  /// them. Returns whether there were any.
  bool poll_events(const std::function<bool(SDL_Event&)>& takes);
  /// Sleeps until an event arrives, at most this long; < 0: for ever.
  void wait_event(int milliseconds);

  void begin_frame();
  void end_frame(Image* capture);  ///< draws, reads the picture back if asked, and swaps
  /// The next frame is drawn as a whole.
  void redraw_all();
  void set_fullscreen(bool on);
  void set_title(const std::string& title);

  int width() const;  ///< window units
  int height() const;
  double dpi_scale() const;                                      ///< 1 at 96 dpi
  double refresh_interval() const { return refresh_interval_; }  ///< seconds between frames
  bool vertical_sync() const { return vertical_sync_; }
  bool drawn_by_processor() const { return canvas_.has_value(); }  ///< there is no GPU
  /// Minimised, or behind other windows where the system tells.
  bool hidden() const;
  /// Shows itself when it was hidden.
  void come_up();
  /// The left button is held.
  bool dragging() const { return mouse_held_[0]; }
  /// Seconds since the pointer last moved.
  double pointer_rest() const;

 private:
  struct SdlScope {
    SdlScope();
    ~SdlScope();
  };
  struct DeleteWindow {
    void operator()(SDL_Window* window) const { SDL_DestroyWindow(window); }
  };
  struct ContextScope {
    SDL_GLContext context = nullptr;
    ~ContextScope();
  };
  void create_context(bool assume_gpu);
  void note_mouse(const SDL_Event& event);
  bool next_event(SDL_Event& event);
  bool must_wait(const SDL_Event& event);

  SdlScope sdl_;
  std::unique_ptr<SDL_Window, DeleteWindow> window_;
  ContextScope gl_;
  std::optional<Canvas> canvas_;  ///< where the processor draws; goes before its context
  Uint32 wake_event_ = 0;
  std::atomic<bool> wake_pending_ = false;
  std::string title_;
  bool vertical_sync_ = false;
  bool exposed_ = true;  ///< what the system shows may be gone
  double refresh_interval_ = 1.0 / 60.0;
  ImVec2 mouse_{-1e6F, -1e6F};
  std::array<bool, 3> mouse_held_{};
  std::array<bool, 3> mouse_pressed_{};    ///< since the last frame: a quick click is still a click
  std::vector<SDL_Keycode> keys_pressed_;  ///< since the last frame
  std::deque<SDL_Event> later_;            ///< keys for the frames to come
  std::size_t held_back_ = 0;              ///< of them, those from before this frame
  double mouse_moved_at_ = 0;
  double last_frame_ = 0;
  Clock clock_;
};

}  // namespace facemorph
