#pragma once

#include "app/actions.hpp"

#include <SDL.h>

#include <array>
#include <map>
#include <memory>

namespace facemorph {

/// Game controllers, as SDL maps them: any that is plugged in, at any time.
class Gamepad {
 public:
  Gamepad();  ///< a system without controllers is no error
  ~Gamepad();
  Gamepad(const Gamepad&) = delete;
  Gamepad& operator=(const Gamepad&) = delete;

  /// Buttons do their actions at once; sticks are kept for move().
  void handle(const SDL_Event& event, const ActionContext& context);
  /// What the sticks do in so many seconds: the left one drags the morph pad's puck, the right one
  /// scrubs.
  void move(Viewer& viewer, double seconds) const;
  /// Whether a stick is away from its middle, so that frames must be drawn.
  bool held() const;

 private:
  struct Close {
    void operator()(SDL_GameController* pad) const { SDL_GameControllerClose(pad); }
  };
  bool started_ = false;
  std::map<SDL_JoystickID, std::unique_ptr<SDL_GameController, Close>> pads_;
  std::array<float, SDL_CONTROLLER_AXIS_MAX> axes_{};  ///< -1 … 1, 0 within the dead zone
};

}  // namespace facemorph
