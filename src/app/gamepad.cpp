#include "app/gamepad.hpp"

#include "app/dialogs/dialogs.hpp"

#include <algorithm>
#include <cmath>

namespace facemorph {
namespace {

constexpr float kDeadZone = 0.18F;
constexpr float kPuckSpeed = 0.8F;   ///< sides of the pad a second
constexpr double kScrubSpeed = 3.0;  ///< seconds a second

/// A dialog hears only what closes it.
void press(SDL_GameControllerButton button, const ActionContext& context) {
  if (context.dialogs.any()) {
    if (button == SDL_CONTROLLER_BUTTON_B || button == SDL_CONTROLLER_BUTTON_BACK)
      context.dialogs.dismiss(context);
  } else if (const Action* action = action_of(button)) {
    run(*action, context);
  }
}

/// -1 … 1 beyond the dead zone, gently at first.
float deflection(Sint16 value) {
  const float raw = std::clamp(static_cast<float>(value) / 32767.0F, -1.0F, 1.0F);
  const float beyond = (std::abs(raw) - kDeadZone) / (1 - kDeadZone);
  return beyond <= 0 ? 0.0F : std::copysign(beyond * beyond, raw);
}

}  // namespace

Gamepad::Gamepad() : started_(SDL_InitSubSystem(SDL_INIT_GAMECONTROLLER) == 0) {}

Gamepad::~Gamepad() {
  pads_.clear();
  if (started_) SDL_QuitSubSystem(SDL_INIT_GAMECONTROLLER);
}

void Gamepad::handle(const SDL_Event& event, const ActionContext& context) {
  switch (event.type) {
    case SDL_CONTROLLERDEVICEADDED:
      if (SDL_GameController* pad = SDL_GameControllerOpen(event.cdevice.which))
        pads_[SDL_JoystickInstanceID(SDL_GameControllerGetJoystick(pad))].reset(pad);
      break;
    case SDL_CONTROLLERDEVICEREMOVED:
      pads_.erase(event.cdevice.which);
      axes_.fill(0);
      break;
    case SDL_CONTROLLERBUTTONDOWN:
      press(static_cast<SDL_GameControllerButton>(event.cbutton.button), context);
      break;
    case SDL_CONTROLLERAXISMOTION:
      if (event.caxis.axis < axes_.size()) axes_[event.caxis.axis] = deflection(event.caxis.value);
      break;
    default:
      break;
  }
}

bool Gamepad::held() const {
  return axes_[SDL_CONTROLLER_AXIS_LEFTX] != 0 || axes_[SDL_CONTROLLER_AXIS_LEFTY] != 0 ||
         axes_[SDL_CONTROLLER_AXIS_RIGHTX] != 0;
}

void Gamepad::move(Viewer& viewer, double seconds) const {
  if (!held() || !viewer.model.get()) return;
  const float x = axes_[SDL_CONTROLLER_AXIS_LEFTX];
  const float y = axes_[SDL_CONTROLLER_AXIS_LEFTY];
  if (x != 0 || y != 0) {
    const float reach = kPuckSpeed * static_cast<float>(seconds);
    const MorphPad pad = pad_at(viewer.editor.state, viewer.editor.state.playhead);
    viewer.editor.move_puck(std::clamp(pad.x + x * reach, 0.0F, 1.0F),
                            std::clamp(pad.y + y * reach, 0.0F, 1.0F));
  }
  const double scrub = static_cast<double>(axes_[SDL_CONTROLLER_AXIS_RIGHTX]);
  if (scrub == 0) return;
  viewer.editor.playing = false;
  viewer.editor.scrub(viewer.editor.state.playhead + scrub * kScrubSpeed * seconds);
}

}  // namespace facemorph
