#pragma once

namespace facemorph {

/// While it lives, an error that an X server reports ends the program with a text for people.
/// Xlib's own handler ends it, too, with a text for programmers; a driver that cannot be loaded, or
/// one at the other end of ssh -X, is only noticed this way. Nothing on other displays.
class XErrors {
 public:
  XErrors();
  XErrors(const XErrors&) = delete;
  XErrors& operator=(const XErrors&) = delete;
  ~XErrors();

 private:
  using Handler = int (*)(void* display, void* event);
  using SetHandler = Handler (*)(Handler);
  SetHandler set_ = nullptr;  ///< Xlib's, where SDL has loaded it
  Handler before_ = nullptr;
};

}  // namespace facemorph
