#pragma once

#include "app/app.hpp"

#include <filesystem>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>

namespace facemorph {

/// A person at the real window: moves the mouse, presses keys, drops files (all as SDL events) and
/// looks at the pixels. Controls are found by the labels that Ui records.
class GuiDriver {
 public:
  struct Options {
    ModelRequest model;
    std::filesystem::path settings_path;
    int width = 1280;
    int height = 800;
    bool assume_gpu = false;
  };
  explicit GuiDriver(const Options& options);

  App& app() { return app_; }
  Viewer& viewer() { return app_.viewer(); }

  // --- time -------------------------------------------------------------------------------------
  /// Draws what has changed: as many frames as the program draws after an input before it sleeps.
  /// The hands do so by themselves; a test does after it changed something past the window.
  void redraw();
  /// Lets so much of the window's own time pass: to see that nothing happens in it, or how
  /// something moves.
  void wait(double seconds) { frames(static_cast<int>(seconds / kFrame + 0.5)); }
  /// Draws frames until `done`; throws after a minute, which is no speed limit but an end.
  void until(const std::function<bool()>& done, const std::string& what);
  /// Until the model is loaded and every picture that was asked for is on screen.
  void until_settled();
  /// Stops the walk and waits.
  void rest();

  // --- hands ------------------------------------------------------------------------------------
  // Each returns when the window has taken what it did and shows it.
  bool has(const std::string& widget) const { return app_.ui().widgets().contains(widget); }
  Rect rect(const std::string& widget) const;
  /// The control that has the keyboard's focus; empty: none.
  const std::string& focused() const { return app_.ui().focused(); }
  void move(ImVec2 to);
  void press(int button = SDL_BUTTON_LEFT);
  void release(int button = SDL_BUTTON_LEFT);
  void click(const std::string& widget, int button = SDL_BUTTON_LEFT);
  void click_at(ImVec2 point, int button = SDL_BUTTON_LEFT);
  void double_click(const std::string& widget);
  /// From the middle of the widget by this many pixels to the right, with the button held.
  void drag(const std::string& widget, float pixels);
  /// From the middle of one widget to that of another.
  void drag_to(const std::string& from, const std::string& to);
  /// Turns the wheel over a widget; up is positive.
  void wheel(const std::string& widget, int turns);
  void key(SDL_Keycode code, SDL_Keymod modifiers = KMOD_NONE);
  /// So fast that all of it happens between two frames.
  void tap(std::initializer_list<SDL_Keycode> keys);
  /// A key that is held until key_up(); once more: as the system repeats it.
  void key_down(SDL_Keycode code, SDL_Keymod modifiers = KMOD_NONE);
  void key_up(SDL_Keycode code);
  void type(const std::string& text);
  /// Presses a key, Tab most of all, until a control has the focus; throws when it never comes.
  void key_until(const std::string& widget, SDL_Keycode code, SDL_Keymod modifiers = KMOD_NONE);
  void drop(const std::filesystem::path& file);
  /// What else SDL may tell the window.
  void send(SDL_Event event);
  void send(Uint32 type);

  // --- eyes -------------------------------------------------------------------------------------
  Image window();         ///< the whole window as drawn
  Image stage_picture();  ///< the face on the stage
  Image cut(const Rect& area);

 private:
  static constexpr double kFrame = 1.0 / 60;  ///< seconds
  App::Options app_options(const Options& options);
  void frames(int count);
  void push(SDL_Event event);
  void push_motion(ImVec2 to);
  void push_button(int button, Uint32 type);
  void push_key(SDL_Keycode code, SDL_Keymod modifiers, Uint32 type);
  void drag_between(ImVec2 start, ImVec2 end);
  double now_ = 0;  ///< seconds that the window believes in: every frame lasts as long as any other
  App app_;
  ImVec2 mouse_{1, 1};
};

/// Mean absolute difference of two pictures' bytes, 0 … 255; 255 for different sizes.
double difference(const Image& a, const Image& b);

}  // namespace facemorph
