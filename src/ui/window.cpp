#include "ui/window.hpp"

#include "base/error.hpp"
#include "ui/x_errors.hpp"

#include <glad/gl.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

namespace facemorph {
namespace {

constexpr int kMinWidth = 1024;
constexpr int kMinHeight = 640;

[[noreturn]] void fail(const std::string& what, const std::string& advice) {
  throw Error(what + ": " + SDL_GetError() + ". " + advice);
}

Image read_framebuffer(int width, int height) {
  Image image{width, height, {}};
  const auto row = static_cast<std::size_t>(width) * 4;
  std::vector<std::uint8_t> flipped(row * static_cast<std::size_t>(height));
  glBindFramebuffer(GL_FRAMEBUFFER, 0);
  glPixelStorei(GL_PACK_ALIGNMENT, 4);
  glReadPixels(0, 0, width, height, GL_RGBA, GL_UNSIGNED_BYTE, flipped.data());
  image.rgba.resize(flipped.size());
  for (int y = 0; y < height; ++y)
    std::memcpy(image.rgba.data() + row * static_cast<std::size_t>(y),
                flipped.data() + row * static_cast<std::size_t>(height - 1 - y), row);
  return image;
}

}  // namespace

Window::SdlScope::SdlScope() {
  SDL_SetHint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "1");
  SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "0");
  if (SDL_Init(SDL_INIT_VIDEO) != 0)
    fail("No window can be opened here",
         "On a machine without a display use 'facemorph sample' or 'facemorph morph'.");
}

Window::SdlScope::~SdlScope() {
  SDL_Quit();
}

Window::ContextScope::~ContextScope() {
  if (context == nullptr) return;
  ImGui_ImplOpenGL3_Shutdown();
  ImGui_ImplSDL2_Shutdown();
  ImGui::DestroyContext();
  SDL_GL_DeleteContext(context);
}

Window::Window(int width, int height, bool assume_gpu, Clock clock) : clock_(std::move(clock)) {
  mouse_moved_at_ = last_frame_ = clock_();
  SDL_GL_SetAttribute(SDL_GL_CONTEXT_PROFILE_MASK, SDL_GL_CONTEXT_PROFILE_CORE);
  SDL_GL_SetAttribute(SDL_GL_CONTEXT_MAJOR_VERSION, 3);
  SDL_GL_SetAttribute(SDL_GL_CONTEXT_MINOR_VERSION, 3);
  SDL_GL_SetAttribute(SDL_GL_DOUBLEBUFFER, 1);
  SDL_GL_SetAttribute(SDL_GL_DEPTH_SIZE, 0);
  SDL_Rect usable;
  const bool real_display = std::strcmp(SDL_GetCurrentVideoDriver(), "offscreen") != 0;
  if (real_display && SDL_GetDisplayUsableBounds(0, &usable) == 0) {
    width = std::min(width, usable.w);
    height = std::min(height, usable.h);
  }
  const XErrors errors;
  window_.reset(
      SDL_CreateWindow("Facemorph", SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED, width, height,
                       SDL_WINDOW_OPENGL | SDL_WINDOW_RESIZABLE | SDL_WINDOW_ALLOW_HIGHDPI));
  if (!window_)
    fail("The window could not be opened",
         "Facemorph needs OpenGL 3.3; software rendering (Mesa) will do.");
  SDL_SetWindowMinimumSize(window_.get(), kMinWidth, kMinHeight);
  create_context(assume_gpu);
  wake_event_ = SDL_RegisterEvents(1);
  SDL_EventState(SDL_DROPFILE, SDL_ENABLE);
}

Window::~Window() = default;

void Window::create_context(bool assume_gpu) {
  SDL_GLContext context = SDL_GL_CreateContext(window_.get());
  if (context == nullptr)
    fail("OpenGL 3.3 is not available",
         "Update the graphics driver, or install Mesa (libgl1-mesa-dri).");
  if (gladLoadGL(reinterpret_cast<GLADloadfunc>(SDL_GL_GetProcAddress)) == 0) {
    SDL_GL_DeleteContext(context);
    fail("OpenGL could not be loaded",
         "Update the graphics driver, or install Mesa (libgl1-mesa-dri).");
  }
  // Software rasterisers accept the interval but do not wait; App paces the frames there.
  const char* renderer = reinterpret_cast<const char*>(glGetString(GL_RENDERER));
  const bool software = renderer != nullptr && std::strstr(renderer, "llvmpipe") != nullptr;
  vertical_sync_ = SDL_GL_SetSwapInterval(software ? 0 : 1) == 0 && !software;
  SDL_DisplayMode mode;
  if (SDL_GetWindowDisplayMode(window_.get(), &mode) == 0 && mode.refresh_rate >= 30)
    refresh_interval_ = 1.0 / mode.refresh_rate;

  ImGui::CreateContext();
  ImGui::GetIO().IniFilename = nullptr;  // the layout is ours, nothing to remember
  ImGui_ImplSDL2_InitForOpenGL(window_.get(), context);
  ImGui_ImplOpenGL3_Init("#version 330 core");
  gl_.context = context;
  if (software && !assume_gpu) canvas_.emplace();
}

void Window::wake() {
  if (wake_pending_.exchange(true)) return;
  SDL_Event event{};
  event.type = wake_event_;
  SDL_PushEvent(&event);
}

bool Window::next_event(SDL_Event& event) {
  if (held_back_ == 0) return SDL_PollEvent(&event) == 1;
  --held_back_;
  event = later_.front();
  later_.pop_front();
  return true;
}

/// ImGui 1.86 sees which keys are down when a frame begins: of one that is up again by then it
/// would not know. It, and all keys after it, wait for the next frame.
bool Window::must_wait(const SDL_Event& event) {
  const bool key = event.type == SDL_KEYDOWN || event.type == SDL_KEYUP;
  if (!key && event.type != SDL_TEXTINPUT) return false;
  const bool quick = event.type == SDL_KEYUP &&
                     std::ranges::find(keys_pressed_, event.key.keysym.sym) != keys_pressed_.end();
  if (quick || later_.size() > held_back_) {
    later_.push_back(event);
    return true;
  }
  if (event.type == SDL_KEYDOWN) keys_pressed_.push_back(event.key.keysym.sym);
  return false;
}

bool Window::poll_events(const std::function<bool(SDL_Event&)>& takes) {
  bool any = false;
  keys_pressed_.clear();
  held_back_ = later_.size();
  SDL_Event event;
  while (next_event(event)) {
    any = true;
    if (compat::kKeysAreSampled && must_wait(event)) continue;
    if (event.type == wake_event_) {
      wake_pending_ = false;
      continue;
    }
    note_mouse(event);
    if (event.type == SDL_WINDOWEVENT) exposed_ = true;
    if (!takes(event)) ImGui_ImplSDL2_ProcessEvent(&event);
  }
  return any;
}

void Window::note_mouse(const SDL_Event& event) {
  if (event.type == SDL_MOUSEMOTION) {
    mouse_ = {static_cast<float>(event.motion.x), static_cast<float>(event.motion.y)};
    mouse_moved_at_ = clock_();
  } else if (event.type == SDL_WINDOWEVENT && event.window.event == SDL_WINDOWEVENT_LEAVE) {
    if (std::ranges::none_of(mouse_held_, [](bool held) { return held; })) mouse_ = {-1e6F, -1e6F};
  } else if (event.type == SDL_MOUSEBUTTONDOWN || event.type == SDL_MOUSEBUTTONUP) {
    static constexpr std::array<int, 3> kButtons = {SDL_BUTTON_LEFT, SDL_BUTTON_RIGHT,
                                                    SDL_BUTTON_MIDDLE};
    const auto* found = std::ranges::find(kButtons, event.button.button);
    if (found == kButtons.end()) return;
    const auto index = static_cast<std::size_t>(found - kButtons.begin());
    mouse_held_[index] = event.type == SDL_MOUSEBUTTONDOWN;
    if (event.type == SDL_MOUSEBUTTONDOWN) mouse_pressed_[index] = true;
  }
}

void Window::wait_event(int milliseconds) {
  if (!later_.empty()) return;
  if (milliseconds < 0)
    SDL_WaitEvent(nullptr);
  else
    SDL_WaitEventTimeout(nullptr, milliseconds);
}

void Window::begin_frame() {
  ImGui_ImplOpenGL3_NewFrame();
  ImGui_ImplSDL2_NewFrame();
  std::array<bool, 3> down{};
  for (std::size_t i = 0; i < down.size(); ++i)
    down[i] = mouse_held_[i] || mouse_pressed_[i];
  mouse_pressed_.fill(false);
  const double now = clock_();
  constexpr double kLeastStep = 1e-4;  // ImGui wants time to pass
  ImGui::GetIO().DeltaTime = static_cast<float>(std::max(kLeastStep, now - last_frame_));
  last_frame_ = now;
  compat::set_mouse(mouse_, down);
  ImGui::NewFrame();
}

void Window::end_frame(Image* capture) {
  ImGui::Render();
  ImDrawData& data = *ImGui::GetDrawData();
  const auto [pixels_wide, pixels_high] = frame_size(data);
  if (canvas_) {
    const bool changed = canvas_->draw(data);
    if (!changed && !exposed_ && capture == nullptr) return;
    canvas_->show();
  } else {
    glViewport(0, 0, pixels_wide, pixels_high);
    clear_window();
    ImGui_ImplOpenGL3_RenderDrawData(&data);
  }
  exposed_ = false;
  if (capture != nullptr) *capture = read_framebuffer(pixels_wide, pixels_high);
  SDL_GL_SwapWindow(window_.get());
}

void Window::redraw_all() {
  if (canvas_) canvas_->forget();
}

void Window::set_fullscreen(bool on) {
  SDL_SetWindowFullscreen(window_.get(), on ? SDL_WINDOW_FULLSCREEN_DESKTOP : 0);
}

void Window::set_title(const std::string& title) {
  if (title == title_) return;
  title_ = title;
  SDL_SetWindowTitle(window_.get(), title_.c_str());
}

int Window::width() const {
  int value = 0;
  SDL_GetWindowSize(window_.get(), &value, nullptr);
  return value;
}

int Window::height() const {
  int value = 0;
  SDL_GetWindowSize(window_.get(), nullptr, &value);
  return value;
}

double Window::dpi_scale() const {
  float dpi = 96.0F;
  const int display = SDL_GetWindowDisplayIndex(window_.get());
  if (display < 0 || SDL_GetDisplayDPI(display, nullptr, &dpi, nullptr) != 0) return 1.0;
  return std::clamp(static_cast<double>(dpi) / 96.0, 1.0, 4.0);
}

void Window::come_up() {
  if (!hidden()) return;
  SDL_ShowWindow(window_.get());
  SDL_RestoreWindow(window_.get());
  SDL_RaiseWindow(window_.get());
}

bool Window::hidden() const {
  return (SDL_GetWindowFlags(window_.get()) & (SDL_WINDOW_HIDDEN | SDL_WINDOW_MINIMIZED)) != 0;
}

double Window::pointer_rest() const {
  return clock_() - mouse_moved_at_;
}

}  // namespace facemorph
