#include "ui/x_errors.hpp"

#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>

namespace facemorph {
namespace {

int end_with_advice(void* /*display*/, void* /*event*/) {
  std::fputs(
      "facemorph: This display cannot give a window with OpenGL 3.3: its graphics driver could not "
      "be loaded, or it is on another machine (ssh -X). Update the driver, install Mesa "
      "(libgl1-mesa-dri), or use 'facemorph sample' and 'facemorph morph', which need no window.\n",
      stderr);
  std::_Exit(1);
}

}  // namespace

XErrors::XErrors() {
  void* xlib = ::dlopen("libX11.so.6", RTLD_LAZY | RTLD_NOLOAD);
  if (xlib == nullptr) return;
  set_ = reinterpret_cast<SetHandler>(::dlsym(xlib, "XSetErrorHandler"));
  ::dlclose(xlib);  // SDL keeps it loaded
  if (set_ != nullptr) before_ = set_(end_with_advice);
}

XErrors::~XErrors() {
  if (set_ != nullptr) set_(before_);
}

}  // namespace facemorph
