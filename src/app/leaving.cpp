#include "app/leaving.hpp"

#include "app/dialogs/dialogs.hpp"

namespace facemorph {
namespace {

constexpr double kQuietSeconds = 0.3;  // a disk that answers needs no message

}  // namespace

void Leaving::update(const ActionContext& context, double now) {
  if (!context.window.leaving) {
    begun_ = was_idle_ = false;
    return;
  }
  if (!begun_) {
    begun_ = true;
    since_ = now;
    context.viewer.keep_all();
  }
  if (context.viewer.saving()) {
    was_idle_ = false;
    if (now - since_ > kQuietSeconds) context.dialogs.open(DialogName::Saving);
  } else if (!was_idle_) {
    was_idle_ = true;  // what came of it is told in the next frame
  } else if (context.viewer.keep_problem().empty()) {
    context.window.quit = true;
  } else {
    context.dialogs.open(DialogName::Saving);
  }
}

}  // namespace facemorph
