#pragma once

#include "ui/ui.hpp"

namespace facemorph {

/// The border between two panels at `x`, which a hand can drag, and arrows where it has the focus;
/// a double click returns -infinity, for the width that the window would choose by itself. Returns
/// how far it was dragged in this frame, in pixels.
float draw_splitter(Ui& ui, const char* name, float x, float top, float bottom);

}  // namespace facemorph
