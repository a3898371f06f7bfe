#include "gui/gui_driver.hpp"

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <thread>

namespace facemorph {

App::Options GuiDriver::app_options(const Options& options) {
  App::Options result;
  result.model = options.model;
  result.settings_path = options.settings_path;
  result.width = options.width;
  result.height = options.height;
  result.assume_gpu = options.assume_gpu;
  result.clock = [this] { return now_; };
  return result;
}

GuiDriver::GuiDriver(const Options& options) : app_(app_options(options)) {
  redraw();
}

void GuiDriver::frames(int count) {
  for (int i = 0; i < count; ++i) {
    now_ += kFrame;
    app_.frame();
  }
}

void GuiDriver::redraw() {
  constexpr int kFrames = 3;  // as App does: were more needed, people would see a half of it
  frames(kFrames);
}

void GuiDriver::until(const std::function<bool()>& done, const std::string& what) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (!done()) {
    if (std::chrono::steady_clock::now() > end)
      throw std::runtime_error("waited in vain for: " + what);
    frames(1);
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

void GuiDriver::until_settled() {
  redraw();
  until([this] { return viewer().engine_idle(); }, "the engine to finish");
  redraw();
}

void GuiDriver::rest() {
  until([this] { return viewer().model.get() != nullptr && !viewer().model.loading(); }, "a model");
  viewer().editor.play(false);
  until_settled();
}

Rect GuiDriver::rect(const std::string& widget) const {
  const auto found = app_.ui().widgets().find(widget);
  if (found == app_.ui().widgets().end())
    throw std::runtime_error("there is no '" + widget + "' in the window");
  return found->second;
}

void GuiDriver::push(SDL_Event event) {
  SDL_PushEvent(&event);
  frames(1);
}

void GuiDriver::push_motion(ImVec2 to) {
  SDL_Event event{};
  event.type = SDL_MOUSEMOTION;
  event.motion.x = static_cast<int>(to.x);
  event.motion.y = static_cast<int>(to.y);
  event.motion.xrel = static_cast<int>(to.x - mouse_.x);
  event.motion.yrel = static_cast<int>(to.y - mouse_.y);
  mouse_ = to;
  push(event);
}

void GuiDriver::push_button(int button, Uint32 type) {
  SDL_Event event{};
  event.type = type;
  event.button.button = static_cast<Uint8>(button);
  event.button.state = type == SDL_MOUSEBUTTONDOWN ? SDL_PRESSED : SDL_RELEASED;
  event.button.x = static_cast<int>(mouse_.x);
  event.button.y = static_cast<int>(mouse_.y);
  push(event);
}

void GuiDriver::push_key(SDL_Keycode code, SDL_Keymod modifiers, Uint32 type) {
  SDL_SetModState(modifiers);  // what ImGui's back end asks
  SDL_Event event{};
  event.type = type;
  event.key.state = type == SDL_KEYDOWN ? SDL_PRESSED : SDL_RELEASED;
  event.key.keysym.sym = code;
  event.key.keysym.scancode = SDL_GetScancodeFromKey(code);
  event.key.keysym.mod = modifiers;
  push(event);
}

void GuiDriver::send(SDL_Event event) {
  push(event);
  redraw();
}

void GuiDriver::send(Uint32 type) {
  SDL_Event event{};
  event.type = type;
  send(event);
}

void GuiDriver::move(ImVec2 to) {
  push_motion(to);
  redraw();
}

void GuiDriver::press(int button) {
  push_button(button, SDL_MOUSEBUTTONDOWN);
  redraw();
}

void GuiDriver::release(int button) {
  push_button(button, SDL_MOUSEBUTTONUP);
  redraw();
}

void GuiDriver::click_at(ImVec2 point, int button) {
  move(point);
  push_button(button, SDL_MOUSEBUTTONDOWN);
  release(button);
}

void GuiDriver::click(const std::string& widget, int button) {
  click_at(rect(widget).centre(), button);
}

void GuiDriver::double_click(const std::string& widget) {
  move(rect(widget).centre());
  push_button(SDL_BUTTON_LEFT, SDL_MOUSEBUTTONDOWN);
  push_button(SDL_BUTTON_LEFT, SDL_MOUSEBUTTONUP);
  push_button(SDL_BUTTON_LEFT, SDL_MOUSEBUTTONDOWN);
  release();
}

void GuiDriver::drag_between(ImVec2 start, ImVec2 end) {
  move(start);
  push_button(SDL_BUTTON_LEFT, SDL_MOUSEBUTTONDOWN);
  constexpr int kSteps = 8;
  for (int i = 1; i <= kSteps; ++i) {
    const float share = static_cast<float>(i) / kSteps;
    push_motion({start.x + (end.x - start.x) * share, start.y + (end.y - start.y) * share});
  }
  redraw();
  release();
}

void GuiDriver::drag(const std::string& widget, float pixels) {
  const ImVec2 start = rect(widget).centre();
  drag_between(start, {start.x + pixels, start.y});
}

void GuiDriver::drag_to(const std::string& from, const std::string& to) {
  drag_between(rect(from).centre(), rect(to).centre());
}

void GuiDriver::wheel(const std::string& widget, int turns) {
  move(rect(widget).centre());
  for (int turn = 0; turn < std::abs(turns); ++turn) {
    SDL_Event event{};
    event.type = SDL_MOUSEWHEEL;
    event.wheel.y = turns > 0 ? 1 : -1;
    push(event);
  }
  redraw();
}

void GuiDriver::key_down(SDL_Keycode code, SDL_Keymod modifiers) {
  push_key(code, modifiers, SDL_KEYDOWN);
  redraw();
}

void GuiDriver::key_up(SDL_Keycode code) {
  push_key(code, KMOD_NONE, SDL_KEYUP);
  redraw();
}

void GuiDriver::key(SDL_Keycode code, SDL_Keymod modifiers) {
  push_key(code, modifiers, SDL_KEYDOWN);
  key_up(code);
}

void GuiDriver::tap(std::initializer_list<SDL_Keycode> keys) {
  for (const SDL_Keycode code : keys) {
    push_key(code, KMOD_NONE, SDL_KEYDOWN);
    push_key(code, KMOD_NONE, SDL_KEYUP);
  }
  frames(static_cast<int>(keys.size()));
  redraw();
}

void GuiDriver::key_until(const std::string& widget, SDL_Keycode code, SDL_Keymod modifiers) {
  constexpr int kMost = 400;
  for (int i = 0; i < kMost && focused() != widget; ++i)
    key(code, modifiers);
  if (focused() != widget) throw std::runtime_error("the keyboard never came to '" + widget + "'");
}

void GuiDriver::type(const std::string& text) {
  for (const char letter : text) {
    SDL_Event event{};
    event.type = SDL_TEXTINPUT;
    event.text.text[0] = letter;
    push(event);
  }
  redraw();
}

void GuiDriver::drop(const std::filesystem::path& file) {
  SDL_Event event{};
  event.type = SDL_DROPFILE;
  event.drop.file = SDL_strdup(file.c_str());  // the receiver frees it
  send(event);
}

Image GuiDriver::window() {
  Image image;
  now_ += kFrame;
  app_.frame(&image);
  return image;
}

Image GuiDriver::cut(const Rect& area) {
  const Image all = window();
  const auto left = static_cast<std::size_t>(area.min.x);
  const auto top = static_cast<std::size_t>(area.min.y);
  Image part{static_cast<int>(area.width()), static_cast<int>(area.height()), {}};
  const std::size_t row = static_cast<std::size_t>(part.width) * 4;
  part.rgba.resize(row * static_cast<std::size_t>(part.height));
  for (std::size_t y = 0; y < static_cast<std::size_t>(part.height); ++y)
    std::memcpy(part.rgba.data() + y * row,
                all.rgba.data() + ((top + y) * static_cast<std::size_t>(all.width) + left) * 4,
                row);
  return part;
}

Image GuiDriver::stage_picture() {
  return cut(rect("stage picture"));
}

double difference(const Image& a, const Image& b) {
  if (a.rgba.size() != b.rgba.size() || a.width != b.width) return 255;
  double sum = 0;
  for (std::size_t i = 0; i < a.rgba.size(); ++i)
    sum += std::abs(static_cast<int>(a.rgba[i]) - static_cast<int>(b.rgba[i]));
  return sum / static_cast<double>(a.rgba.size());
}

}  // namespace facemorph
