#pragma once

#include "app/actions.hpp"

namespace facemorph {

/// The way out once nothing is asked any more: hands over what is to outlive the window, and quits
/// when it is on the disk.
class Leaving {
 public:
  /// Every frame; `now` in seconds.
  void update(const ActionContext& context, double now);

 private:
  bool begun_ = false;
  bool was_idle_ = false;  ///< all was on the disk a frame ago
  double since_ = 0;
};

}  // namespace facemorph
